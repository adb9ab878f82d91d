/* The table of all claims: choose verdicts, search words, sort by a column. */

const table = document.querySelector("table.ledger");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const verdictOf = (row) => row.cells[0].textContent.trim();

  const controls = document.createElement("form");
  controls.className = "ledger-controls";
  controls.setAttribute("role", "search");
  controls.setAttribute("aria-label", "Choose claims");
  controls.addEventListener("submit", (event) => event.preventDefault());

  const words = document.createElement("input");
  words.type = "search";
  words.placeholder = "Words, such as blockade";
  words.setAttribute("aria-label", "Show claims with these words");
  controls.append(words);

  const boxes = [...new Set(rows.map(verdictOf))].map((verdict) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = verdict;
    const count = rows.filter((row) => verdictOf(row) === verdict).length;
    const label = document.createElement("label");
    label.append(box, ` ${verdict} (${count})`);
    controls.append(label);
    return box;
  });

  const said = document.createElement("p");
  said.setAttribute("role", "status");
  controls.append(said);

  const choose = () => {
    const shown = boxes.filter((box) => box.checked).map((box) => box.value);
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !shown.includes(verdictOf(row)) || !asked.every((word) => text.includes(word));
      count += !row.hidden;
    }
    said.textContent = `${count} of ${rows.length} claims`;
  };
  controls.addEventListener("input", choose);
  choose();

  // Sorted by the third column, the rows stand in the order of the paper again.
  const paper = new Map(rows.map((row, i) => [row, i]));
  const heads = [...table.tHead.rows[0].cells];
  heads.slice(0, 2).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort");
      const next = { ascending: "descending", descending: null }[order] ?? (order ? null : "ascending");
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      if (next) head.setAttribute("aria-sort", next);
      const key = (row) => row.cells[column].textContent.trim();
      const sign = next === "descending" ? -1 : 1;
      const by = (a, b) =>
        (next ? sign * key(a).localeCompare(key(b), "en", { numeric: true }) : 0) ||
        paper.get(a) - paper.get(b);
      body.append(...[...rows].sort(by));
    });
  });

  (table.closest(".table-wrapper") ?? table).before(controls);
}
