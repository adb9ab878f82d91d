"""The ledger in words: what a notebook shows of verdicts, as Markdown or HTML.

The entries are those of `lossnr.claims.judge`, whose texts hold their mathematics.
"""

import re
from collections import Counter
from html import escape

from IPython.display import HTML, Markdown

from ..claims import ORIGINS, changed
from ..model.names import UNDETERMINED, number, plain
from .markdown import wide_table

#: A shape for each verdict, besides its word.
SHAPES = {
    "reproduced": "✓",
    "corrected": "✎",
    "qualified": "≈",
    "not-reproduced": "✗",
    "not-checkable": "?",
}


def score(entries):
    """Return how many claims have each verdict in HTML: each leads to these in the ledger.

    >>> score([{"verdict": "qualified"}]).data[:52]
    '1 claims, recomputed: <a class="verdict qualified" h'
    """
    counts = Counter(entry["verdict"] for entry in entries)
    parts = [
        f'<a class="verdict {verdict}" href="verdicts.html?show={verdict}#all-claims">'
        f"{SHAPES[verdict]} {counts[verdict]} {_words(verdict)}</a>"
        for verdict in SHAPES
        if counts[verdict]
    ]
    return HTML(f"{len(entries)} claims, recomputed: {' '.join(parts)}")


def exceptions(entries):
    r"""Return the claims that are not simply reproduced as a list in HTML, for another page.

    Each stands with the first sentence of what was found. Mathematics is between \( and \).

    >>> entry = {"id": "x", "where": "Eq. 1", "statement": "$T < 1$.", "note": "Nearly. See p. 2."}
    >>> exceptions([entry | {"verdict": "qualified"}]).data[-42:]
    ': \\(T &lt; 1\\). <em>Nearly.</em></li></ul>'
    """
    items = "".join(
        f"<li>{_shaped(entry['verdict'])} "
        f'<a href="verdicts.html#claim-{entry["id"].lower()}">{escape(entry["where"])}</a>: '
        f"{_in_html(entry['statement'])} <em>{_in_html(_first(entry['note']))}</em></li>"
        for entry in entries
        if entry["verdict"] != "reproduced"
    )
    return HTML(f"<ul>{items}</ul>")


def _first(note):
    """Return the first sentence of a note."""
    return re.split(r"(?<=[.])\s+(?=[A-Z$])", note, maxsplit=1)[0]


def _in_html(text):
    return re.sub(r"\$(.*?)\$", r"\\(\1\\)", escape(text))


def tally(entries, meanings):
    """Return a table of the verdicts, what they mean, and how many claims have each.

    ``meanings`` are `lossnr.claims.VERDICTS`.

    >>> tally([{"verdict": "qualified"}], {"qualified": "it holds in part"}).data[-24:]
    '| it holds in part | 1 |'
    """
    counts = Counter(entry["verdict"] for entry in entries)
    rows = [(_shaped(name), meaning, str(counts[name])) for name, meaning in meanings.items()]
    return wide_table([("verdict", "meaning", "claims"), *rows])


def origins(entries):
    """Return how the criteria came about, as a table with the ids of the claims.

    >>> origins([{"id": "robust", "origin": "revised"}]).data.splitlines()[-1]
    '| revised when its number was known | 1 | {ref}`robust <claim-robust>` |'
    """
    rows = []
    for origin, words in ORIGINS.items():
        ids = [_linked(entry["id"]) for entry in entries if entry["origin"] == origin]
        rows += [(words, str(len(ids)), ", ".join(ids))] * bool(ids)
    return wide_table([("the criterion was", "claims", "which"), *rows])


def close_calls(entries, within=0.25):
    r"""Return the verdicts that hang on a threshold near the measured value, as a Markdown list.

    ``within`` is the largest relative distance of value and threshold. Of conditions that have one
    threshold, since a share counts them, the first one to turn the verdict is named.

    >>> near = {"what": "$T$", "value": 0.8, "relation": "<=", "threshold": 1.0, "holds": True}
    >>> near |= {"counted": False, "turns_to": "not-reproduced"}
    >>> print(close_calls([{"id": "x", "verdict": "reproduced", "conditions": [near]}]).data)
    - {ref}`x <claim-x>`, $T$: 0.8, required $\le$ 1. The verdict turns to *not reproduced*
    at a threshold of 0.8.
    """
    lines = []
    for entry in entries:
        first = {}
        near = [each for each in entry["conditions"] if each["turns_to"]]
        near = [each for each in near if _is_close(each, within)]
        for each in sorted(near, key=_distance):
            key = (each["turns_to"], each["holds"]) if each["counted"] else each["what"]
            first.setdefault(key, each)
        for each in first.values():
            value, turns_to = number(each["value"]), _words(each["turns_to"])
            common = (
                " The conditions that the share counts have this threshold in common."
                * each["counted"]
            )
            lines.append(
                f"- {_linked(entry['id'])}, {each['what']}: {value}, required {_demand(each)}. "
                f"The verdict turns to *{turns_to}* at a threshold of {value}.{common}"
            )
    return Markdown("\n".join(lines))


def _linked(id):
    return f"{{ref}}`{id} <claim-{id}>`"


def _is_close(condition, within):
    value, threshold = condition["value"], condition["threshold"]
    if isinstance(threshold, bool) or condition["relation"] == "=" or value is None:
        return False
    return _distance(condition) <= within * abs(threshold)


def _distance(condition):
    return abs(condition["value"] - condition["threshold"])


_RELATIONS = {"<": "$<$", "<=": r"$\le$", ">": "$>$", ">=": r"$\ge$", "=": "$=$"}


def _demand(condition):
    return f"{_RELATIONS[condition['relation']]} {number(condition['threshold'])}"


def _decided(condition):
    """Return a condition, its value, and the verdict if it turned."""
    if isinstance(condition["threshold"], bool):
        found = "yes" if condition["holds"] else "no"
    else:
        value = condition["value"]
        found = f"{UNDETERMINED if value is None else number(value)}, required {_demand(condition)}"
    said = f"- {condition['what']}: {found}"
    if condition["turns_to"]:
        opposite = "otherwise" if condition["holds"] else "if it held"
        said += f"; {opposite} *{_words(condition['turns_to'])}*"
    return said


def beside(entries):
    """Return the verdicts of a run beside the published ones, as Markdown.

    >>> entry = {"id": "eq12", "verdict": "corrected", "statement": "$T < 1$.", "note": "Nearly."}
    >>> print(beside([entry]).data.splitlines()[0])
    **Verdicts here and as published.** All 1 claims of this page have the published verdict.
    """
    differ = changed(entries)
    said = f"**Verdicts here and as published.** {kept(entries)}"
    rows = [("claim", "published", "here", "found here")]
    for entry in sorted(entries, key=lambda entry: entry["id"] not in differ):
        before, here = differ.get(entry["id"], (entry["verdict"], entry["verdict"]))
        claim = f"{entry['statement']}<br>`{entry['id']}`"
        rows.append((claim, _shaped(before), _shaped(here), entry["note"]))
    return Markdown(f"{said}\n\n{wide_table(rows).data}")


def kept(entries, page="this page"):
    """Return how many claims of a page keep the published verdict, in words.

    >>> kept([{"id": "eq12", "verdict": "corrected"}, {"id": "eq13", "verdict": "corrected"}])
    '1 of 2 verdicts of this page changes.'
    """
    differ = len(changed(entries))
    if not differ:
        return f"All {len(entries)} claims of {page} have the published verdict."
    change = "changes" if differ == 1 else "change"
    return f"{differ} of {len(entries)} verdicts of {page} {change}."


def differing(entries):
    """Return the verdicts of a run that are not the published ones, as Markdown.

    >>> differing([{"id": "eq12", "verdict": "corrected"}]).data
    'All 1 claims of this page have the published verdict.'
    """
    rows = [(f"`{id}`", *map(_shaped, verdicts)) for id, verdicts in changed(entries).items()]
    head = [("claim", "published", "here")]
    return Markdown(kept(entries) + (f"\n\n{wide_table(head + rows).data}" if rows else ""))


def _shaped(verdict):
    """Return a verdict in words and with its shape, as HTML that may stand in Markdown."""
    return f'<span class="verdict {verdict}">{SHAPES[verdict]} {_words(verdict)}</span>'


def _words(verdict):
    return verdict.replace("-", " ")


def ledger(entries, page=None):
    """Return the claims and what was found of each, as Markdown.

    With ``page`` only the claims of that page of the book are returned.

    >>> ledger([], page="fig4").data
    ''
    """
    return Markdown("\n\n".join(_found(e) for e in entries if page in (None, e["page"])))


def overview(entries):
    """Return all claims as a table that a reader can filter and sort, as Markdown.

    >>> print(overview([]).data[-57:])
    * - verdict
      - where
      - claim, and what was found
    :::::
    """
    rows = [":::::{list-table}", ":class: ledger", ":header-rows: 1", ":widths: 15 15 70", ""]
    for cells in [["verdict", "where", "claim, and what was found"], *map(_row, entries)]:
        for k, cell in enumerate(cells):
            first, *others = cell.splitlines()
            rows.append(f"{'  ' if k else '* '}- {first}")
            rows.extend(f"    {line}" if line else "" for line in others)
    return Markdown("\n".join([*rows, ":::::"]))


def _row(entry):
    # Symbols are drawn on the page: the words that a reader may look for stand beside.
    words = " ".join(plain(entry[key]) for key in ("id", "statement", "criterion", "note"))
    words += f" criterion {ORIGINS[entry['origin']]}"
    anchor = f'<span id="claim-{entry["id"].lower()}" data-words="{escape(words)}"></span>'
    place = entry["where"]
    equation = re.fullmatch(r"Eq. (\d+)", place)
    found = f"{{ref}}`{place} <found-{entry['page']}-{entry['id']}>`"
    place = f"{{eq}}`eq-{equation[1]}`" if equation else found
    return [f"{anchor}{_shaped(entry['verdict'])}", place, _described(entry, "")]


def _found(entry):
    anchor = f'<span id="found-{entry["id"].lower()}"></span>'
    where = f" ({entry['where']}; {{ref}}`{entry['id']} in the ledger <claim-{entry['id']}>`)"
    return _described(entry, where, f"{anchor}{_shaped(entry['verdict'])} ")


def _described(entry, where, verdict=""):
    """Return what was claimed and found, with all that stands behind it folded away."""
    code = f"{{py:obj}}`{entry['code'].rpartition('.')[2]} <{entry['code']}>`"
    numbers = "\n".join(
        f"- {entry['labels'][name]}: {UNDETERMINED if value is None else number(value)}"
        for name, value in entry["measured"].items()
    )
    history = "\n".join(
        f"- {each['date']}: {ORIGINS[each['kind']]}{': ' * bool(each['why'])}{each['why']}"
        for each in entry["history"]
    )
    decides = "\n".join(map(_decided, entry["conditions"]))
    counted = any(each["counted"] for each in entry["conditions"])
    common = " The conditions that the share counts have one common threshold." * counted
    return (
        f"{verdict}{entry['statement']}{where}\n\n"
        f"{entry['note']}\n\n"
        f':::{{dropdown}} Criterion and numbers <span class="unseen">of {entry["id"]}</span>\n'
        f"*Criterion*, {ORIGINS[entry['origin']]}. {entry['criterion']}\n\n"
        f"*History of the criterion.*\n\n{history}\n\n"
        "*What decides.* The verdict turns where a threshold equals the measured value."
        f"{common}\n\n"
        f"{decides or '- nothing'}\n\n"
        f"*Measured.*\n\n{numbers or '- nothing'}\n\n"
        f"*Second method.* {entry['check']}.\n\n"
        f"*Code.* {code}; this claim is `{entry['id']}`.\n:::"
    )
