"""The ledger in words: what a notebook shows of verdicts, as Markdown."""

import re
from collections import Counter
from html import escape

from IPython.display import HTML, Markdown

from .markdown import SYMBOLS, UNDETERMINED, number, wide_table

__all__ = ["beside", "differing", "exceptions", "kept", "ledger", "overview", "score", "tally"]

#: How the words of the ledger are typeset.
LATEX = (
    SYMBOLS
    | {
        "delta": r"\delta",
        "omega": r"\omega",
        "omega_0": r"\omega_0",
        "phi": r"\phi",
        "pi": r"\pi",
        "g2": r"g^{(2)}",
        "g3": r"g^{(3)}",
        "Gamma": r"\Gamma",
        "T": "T",
        "R": r"\mathcal{R}",
        "I": r"\mathcal{I}",
        "n": "n",
        "m": "m",
        "M": "M",
        "D": "D",
        "S_21": "S_{21}",
        "S_12": "S_{12}",
    }
    | {f"P_{m}": f"P_{m}" for m in range(10)}
)
_WORDS = rf"\b({'|'.join(sorted(LATEX, key=len, reverse=True))})\b(?!')(\^-?[\w.()]*\w)?"

#: A shape for each verdict, besides its word.
SHAPES = {
    "reproduced": "✓",
    "corrected": "✎",
    "qualified": "≈",
    "not-reproduced": "✗",
    "not-checkable": "?",
}


def score(entries):
    """Return how many claims have each verdict in HTML: each leads to these in the ledger."""
    counts = Counter(entry["verdict"] for entry in entries)
    parts = [
        f'<a class="verdict {verdict}" href="verdicts.html?show={verdict}#all-claims">'
        f"{SHAPES[verdict]} {counts[verdict]} {_words(verdict)}</a>"
        for verdict in SHAPES
        if counts[verdict]
    ]
    return HTML(f"{len(entries)} claims, recomputed: {' '.join(parts)}")


def exceptions(entries):
    """Return the claims that are not simply reproduced as a list in HTML, for another page.

    Each with what was found, the first sentence of it.
    """
    items = "".join(
        f"<li>{_shaped(entry['verdict'])} "
        f'<a href="verdicts.html#claim-{entry["id"].lower()}">{escape(entry["where"])}</a>: '
        f"{_typeset_html(entry['statement'])} <em>{_typeset_html(_first(entry['note']))}</em></li>"
        for entry in entries
        if entry["verdict"] != "reproduced"
    )
    return HTML(f"<ul>{items}</ul>")


def _first(note):
    """Return the first sentence of a note."""
    return re.split(r"(?<=[.])\s+(?=[A-Z])", note, maxsplit=1)[0]


def tally(entries, meanings):
    """Return a table of the verdicts, what they mean, and how many claims have each.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.
    meanings : dict of str
        `lossnr.claims.VERDICTS`.

    Returns
    -------
    IPython.display.Markdown
    """
    counts = Counter(entry["verdict"] for entry in entries)
    lines = ["| verdict | meaning | claims |", "|:--|:--|--:|"]
    for verdict, meaning in meanings.items():
        lines.append(f"| {_shaped(verdict)} | {meaning} | {counts[verdict]} |")
    return Markdown("\n".join(lines))


def beside(entries):
    """Return the verdicts of a run beside the published ones, as Markdown.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.

    Returns
    -------
    IPython.display.Markdown
    """
    from ..claims import changed

    differ = changed(entries)
    said = f"**Verdicts here and as published.** {kept(entries)}"
    rows = [("claim", "published", "here", "found here")]
    for entry in sorted(entries, key=lambda entry: entry["id"] not in differ):
        before, here = differ.get(entry["id"], (entry["verdict"], entry["verdict"]))
        claim = f"{_typeset(entry['statement'])}<br>`{entry['id']}`"
        rows.append((claim, _shaped(before), _shaped(here), _typeset(entry["note"])))
    return Markdown(f"{said}\n\n{wide_table(rows).data}")


def kept(entries):
    """Return how many claims of a page keep the published verdict, in words."""
    from ..claims import changed

    differ = len(changed(entries))
    if not differ:
        return f"All {len(entries)} claims of this page have the published verdict."
    stand = len(entries) - differ
    return (
        f"Of the {len(entries)} claims of this page the published verdict stands for {stand}, and "
        f"not for {differ}."
    )


def differing(entries):
    """Return the verdicts of a run that are not the published ones, as Markdown."""
    from ..claims import changed

    rows = [(f"`{id}`", *map(_shaped, verdicts)) for id, verdicts in changed(entries).items()]
    head = [("claim", "published", "here")]
    return Markdown(kept(entries) + (f"\n\n{wide_table(head + rows).data}" if rows else ""))


def _shaped(verdict):
    """Return a verdict in words and with its shape, as HTML that may stand in Markdown."""
    return f'<span class="verdict {verdict}">{SHAPES[verdict]} {_words(verdict)}</span>'


def _words(verdict):
    return verdict.replace("-", " ")


def _typeset_html(text):
    """Return a text with its symbols in HTML: kappa_b becomes κ<sub>b</sub>."""
    words = {"kappa": "κ", "theta": "θ", "pi": "π", "g2": "g^(2)", "g3": "g^(3)"}
    words |= {"Omega": "Ω", "Delta": "Δ", "Gamma": "Γ"}
    text = escape(text).replace("-&gt;", "→").replace("sqrt(Gamma)", "√Γ")
    text = re.sub(r"\b1e(\d)\b", r"10^\1", text)
    text = re.sub(rf"\b({'|'.join(words)})(?=\b|_)", lambda found: words[found[1]], text)
    text = re.sub(r"(?<=\w)_(\w{1,2})\b|(?<=\w)_(\w)(?=\^)", r"<sub>\1\2</sub>", text)
    text = re.sub(r"(\d) π", r"\1π", text)
    return re.sub(r"\^(\(\d\)|\d)", r"<sup>\1</sup>", text)


def ledger(entries, page=None):
    """Return the claims and what was found of each, as Markdown.

    Parameters
    ----------
    entries : list of dict
        From `lossnr.claims.judge`.
    page : str, optional
        Only those of a page of the book.

    Returns
    -------
    IPython.display.Markdown
    """
    return Markdown("\n\n".join(_found(e) for e in entries if page in (None, e["page"])))


def overview(entries):
    """Return all claims as a table that a reader can filter and sort, as Markdown."""
    rows = [":::::{list-table}", ":class: ledger", ":header-rows: 1", ":widths: 15 15 70", ""]
    for cells in [["verdict", "where", "claim, and what was found"], *map(_row, entries)]:
        for k, cell in enumerate(cells):
            first, *others = cell.splitlines()
            rows.append(f"{'  ' if k else '* '}- {first}")
            rows.extend(f"    {line}" if line else "" for line in others)
    return Markdown("\n".join([*rows, ":::::"]))


def _row(entry):
    # Symbols are drawn on the page: the words that a reader may look for stand beside.
    words = escape(" ".join(entry[key] for key in ("id", "statement", "criterion", "note")))
    anchor = f'<span id="claim-{entry["id"].lower()}" data-words="{words}"></span>'
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
    entry = {k: _typeset(v) if isinstance(v, str) and k != "id" else v for k, v in entry.items()}
    numbers = "\n".join(
        f"- {_typeset(name)}: {UNDETERMINED if value is None else number(value)}"
        for name, value in entry["measured"].items()
    )
    return (
        f"{verdict}{entry['statement']}{where}\n\n"
        f"{entry['note']}\n\n"
        f':::{{dropdown}} Criterion and numbers <span class="unseen">of {entry["id"]}</span>\n'
        f"*Criterion.* {entry['criterion']}\n\n"
        f"*Measured.*\n\n{numbers or '- nothing'}\n\n"
        f"*Second method.* {entry['check']}.\n\n"
        f"*Code.* {code}; this claim is `{entry['id']}`.\n:::"
    )


def _typeset(text):
    """Return a text with the symbols in it typeset: kappa_b becomes $\\kappa_b$."""
    text = text.replace("S^dag S", r"$S^\dagger S$").replace("sqrt(Gamma)", r"$\sqrt{\Gamma}$")
    text = text.replace("|S|^2", "$|S|^2$").replace("+ i kappa_b", "+ $i$ kappa_b")
    text = re.sub(r"\b10\^(-?\d[\d.]*\d|\d)", r"$10^{\1}$", text.replace("+-", "±"))
    text = re.sub(r"\b([ac])->([ac])\b", r"$\1\\to \2$", text)
    text = re.sub(r"\b\d+(\.\d+)?e[+-]?\d+\b", lambda found: number(float(found[0])), text)
    parts = re.split(r"(\$[^$]*\$)", text)  # every second one is typeset already
    parts[::2] = [re.sub(_WORDS, _symbol, part) for part in parts[::2]]
    text = re.sub(r"(?<=[ (])-\$", "$-", "".join(parts))
    return re.sub(r"(?<=[ (])-(?= ?[\d$])", "−", text)


def _symbol(found):
    return f"${LATEX[found[1]]}{_power(found[2])}$"


def _power(text):
    return f"^{{{text[1:].strip('()')}}}" if text else ""
