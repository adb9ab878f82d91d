/* The search page: every word of the query begins a word of the entry. See search.py. */

const GREEK = {
  α: "alpha", γ: "gamma", δ: "delta", θ: "theta", κ: "kappa", λ: "lambda", π: "pi", ρ: "rho",
  σ: "sigma", τ: "tau", φ: "phi", ω: "omega",
};
const wordsOf = (text) =>
  text
    .normalize("NFKC") // subscripts and superscripts become digits and letters
    .toLowerCase()
    .replace(/[α-ω]/g, (letter) => GREEK[letter] ?? letter)
    .match(/[\p{L}\p{N}_]+/gu) ?? [];

// Titles count more than text, whole words more than beginnings, the book more than its appendices.
const score = ([name, url, content], query) => {
  const [title, text] = [wordsOf(name), wordsOf(content)];
  let total = 0;
  for (const word of query) {
    const best = [
      title.includes(word) && 12,
      title.some((each) => each.startsWith(word)) && 8,
      text.includes(word) && 3,
      text.some((each) => each.startsWith(word)) && 1,
    ].find(Boolean);
    if (!best) return 0;
    total += best;
  }
  const phrase = (words) => ` ${words.join(" ")} `.split(` ${query.join(" ")} `).length - 1;
  const weight = /book\/(api|gallery)/.test(url) ? 0.5 : name.startsWith("Claim ") || !url.includes("#") ? 1.5 : 1;
  return weight * (total / query.length + 10 * phrase(title) + Math.min(phrase(text), 4)) - title.length / 100;
};

// A line of the text around the first word that is found, with the words marked.
const context = (text, query) => {
  const starts = [...text.matchAll(/[\p{L}\p{N}_]+/gu)].filter((found) =>
    query.some((word) => wordsOf(found[0]).some((each) => each.startsWith(word))));
  const from = Math.max(0, text.lastIndexOf(" ", (starts[0]?.index ?? 0) - 60) + 1);
  const line = document.createElement("p");
  let at = from;
  if (from) line.append("... ");
  for (const found of starts) {
    if (found.index < from || found.index > from + 180) continue;
    const mark = document.createElement("mark");
    mark.textContent = found[0];
    line.append(text.slice(at, found.index), mark);
    at = found.index + found[0].length;
  }
  const end = text.indexOf(" ", from + 200);
  line.append(text.slice(at, end < 0 ? undefined : end), end < 0 ? "" : " ...");
  return line;
};

const asked = new URLSearchParams(location.search).get("q") ?? "";
const query = wordsOf(asked);
document.querySelector("form.search input").value = asked;
if (query.length) {
  const titles = new Map(ENTRIES.filter(([, url]) => !url.includes("#")).map(([title, url]) => [url, title]));
  const found = ENTRIES.map((entry) => [score(entry, query), entry])
    .filter(([points]) => points > 0)
    .sort(([a], [b]) => b - a);
  document.getElementById("found").textContent = `${found.length || "No"} ${found.length === 1 ? "place" : "places"} with "${asked}"`;
  for (const [, [title, url, text]] of found.slice(0, 50)) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    const item = document.createElement("li");
    const page = titles.get(url.split("#")[0]);
    item.append(link, page === title ? "" : ` (${page})`, context(text, query));
    document.getElementById("search-results").append(item);
  }
}
