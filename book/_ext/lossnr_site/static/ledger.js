/* The table of all claims: choose verdicts, search words, sort by a column. */

const table = document.querySelector("table.ledger");
if (table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const verdictOf = (row) => row.cells[0].textContent.trim();
  // Mathematics is drawn: its words stand beside.
  const wordsOf = (row) =>
    `${row.textContent} ${row.querySelector("[data-words]").dataset.words}`.toLowerCase();

  // On narrow screens the rows are cards (see the style sheet), and remain a table.
  table.setAttribute("role", "table");
  for (const group of table.querySelectorAll("thead, tbody")) group.setAttribute("role", "rowgroup");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const cell of table.querySelectorAll("td")) cell.setAttribute("role", "cell");
  for (const cell of table.querySelectorAll("th")) cell.setAttribute("role", "columnheader");

  const controls = document.createElement("form");
  controls.className = "ledger-controls";
  controls.setAttribute("role", "search");
  controls.setAttribute("aria-label", "Choose claims");
  controls.addEventListener("submit", (event) => event.preventDefault());

  const words = document.createElement("input");
  words.type = "search";
  words.placeholder = "Search, such as blockade";
  words.setAttribute("aria-label", "Show claims with these words");
  controls.append(words);

  // A link may ask for one verdict: ?show=not-reproduced
  const only = new URLSearchParams(location.search).get("show")?.replaceAll("-", " ");
  const order = (verdict) => "✓✎≈✗?".indexOf(verdict[0]);
  const verdicts = [...new Set(rows.map(verdictOf))].sort((a, b) => order(a) - order(b));
  const wanted = verdicts.filter((verdict) => verdict.slice(2) === only);
  const boxes = verdicts.map((verdict) => {
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = !wanted.length || wanted.includes(verdict);
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
      const text = wordsOf(row);
      row.hidden = !shown.includes(verdictOf(row)) || !asked.every((word) => text.includes(word));
      count += !row.hidden;
    }
    said.textContent = `${count} of ${rows.length} claims`;
  };
  controls.addEventListener("input", choose);
  choose();

  // Places are sorted in the order of the paper, which is that of the rows.
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
      const sign = next === "descending" ? -1 : 1;
      const place = (a, b) => paper.get(a) - paper.get(b);
      const verdict = (a, b) => verdictOf(a).slice(2).localeCompare(verdictOf(b).slice(2), "en");
      const by = [verdict, place][column];
      body.append(...[...rows].sort((a, b) => (next ? sign * by(a, b) : 0) || place(a, b)));
    });
  });

  (table.closest(".table-wrapper") ?? table).before(controls);
}
