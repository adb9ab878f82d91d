"""The ledger in words: what a notebook shows of verdicts, as Markdown."""

import re
from collections import Counter
from html import escape

from IPython.display import HTML, Markdown

from .report import SYMBOLS, UNDETERMINED, number, wide_table

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
    """Return how many claims have each verdict, in words."""
    counts = Counter(entry["verdict"] for entry in entries)
    parts = [f"{counts[verdict]} {_words(verdict)}" for verdict in SHAPES if counts[verdict]]
    return f"{len(entries)} claims: {', '.join(parts)}"


def exceptions(entries):
    """Return the claims that are not simply reproduced as a list in HTML, for another page."""
    items = "".join(
        f"<li>{escape(entry['where'])}, <em>{_words(entry['verdict'])}</em>: "
        f"{_typeset_html(entry['statement'])}</li>"
        for entry in entries
        if entry["verdict"] != "reproduced"
    )
    return HTML(f"<ul>{items}</ul>")


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
        lines.append(f"| {SHAPES[verdict]} {_words(verdict)} | {meaning} | {counts[verdict]} |")
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
    from .claims import changed  # slow to import

    differ = changed(entries)
    said = f"**Verdicts here and as published.** {kept(entries)}"
    rows = [("claim", "published", "here", "found here")]
    for entry in sorted(entries, key=lambda entry: entry["id"] not in differ):
        before, here = differ.get(entry["id"], (entry["verdict"], entry["verdict"]))
        mark = "**" if before != here else ""
        claim = f"{_typeset(entry['statement'])} (`{entry['id']}`)"
        here = f"{mark}{_shaped(here)}{mark}"
        rows.append((claim, _shaped(before), here, _typeset(entry["note"])))
    return Markdown(f"{said}\n\n{wide_table(rows).data}")


def kept(entries):
    """Return how many claims of a page keep the published verdict, in words."""
    from .claims import changed  # slow to import

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
    from .claims import changed  # slow to import

    rows = [(f"`{id}`", *map(_shaped, verdicts)) for id, verdicts in changed(entries).items()]
    head = [("claim", "published", "here")]
    return Markdown(kept(entries) + (f"\n\n{wide_table(head + rows).data}" if rows else ""))


def _shaped(verdict):
    return f"{SHAPES[verdict]} {_words(verdict)}"


def _words(verdict):
    return verdict.replace("-", " ")


def _typeset_html(text):
    """Return a text with its symbols in HTML: kappa_b becomes κ<sub>b</sub>."""
    words = {"kappa": "κ", "theta": "θ", "pi": "π", "g2": "g^(2)", "g3": "g^(3)"}
    text = escape(text).replace("-&gt;", "→")
    text = re.sub(r"\b(kappa|theta|pi|g2|g3)(?=\b|_)", lambda found: words[found[1]], text)
    text = re.sub(r"(?<=\w)_(\w)\b|(?<=\w)_(\w)(?=\^)", r"<sub>\1\2</sub>", text)
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
    anchor = f'<span id="claim-{entry["id"].lower()}"></span>'  # as Sphinx has it in links
    place = entry["where"]
    equation = re.fullmatch(r"Eq. (\d+)", place)
    place = f"{{eq}}`eq-{equation[1]}`" if equation else f"{{doc}}`{place} </book/{entry['page']}>`"
    return [f"{anchor}{_shaped(entry['verdict'])}", place, _described(entry, "")]


def _found(entry):
    verdict = f"**{_shaped(entry['verdict'])}**: "
    where = f" ({entry['where']}; {{ref}}`in the ledger <claim-{entry['id']}>`)"
    return _described(entry, where, verdict)


def _described(entry, where, verdict=""):
    """Return what was claimed and found, with all that stands behind it folded away."""
    code = f"{{py:obj}}`{entry['code'].rpartition('.')[2]} <{entry['code']}>`"
    entry = {k: _typeset(v) if isinstance(v, str) and k != "id" else v for k, v in entry.items()}
    figures = "\n".join(
        f"- {_typeset(name)}: {UNDETERMINED if value is None else number(value)}"
        for name, value in entry["measured"].items()
    )
    return (
        f"{verdict}{entry['statement']}{where}\n\n"
        f"{entry['note']}\n\n"
        f":::{{dropdown}} Criterion and figures\n"
        f"*Criterion.* {entry['criterion']}\n\n"
        f"*Measured.*\n\n{figures or '- nothing'}\n\n"
        f"*Second method.* {entry['check']}.\n\n"
        f"*Code.* {code}; this claim is `{entry['id']}`.\n:::"
    )


def _typeset(text):
    """Return a text with the symbols in it typeset: kappa_b becomes $\\kappa_b$."""
    text = text.replace("S^dag S", r"$S^\dagger S$").replace("sqrt(Gamma)", r"$\sqrt{\Gamma}$")
    text = text.replace("+-", "±")
    text = re.sub(r"\b([ac])->([ac])\b", r"$\1\\to \2$", text)
    text = re.sub(r"\b\d+(\.\d+)?e[+-]?\d+\b", lambda found: number(float(found[0])), text)
    parts = re.split(r"(\$[^$]*\$)", text)  # every second one is typeset already
    parts[::2] = [re.sub(_WORDS, _symbol, part) for part in parts[::2]]
    return re.sub(r"(?<=[ (])-(?= ?[\d$])", "−", "".join(parts))


def _symbol(found):
    return f"${LATEX[found[1]]}{_power(found[2])}$"


def _power(text):
    return f"^{{{text[1:].strip('()')}}}" if text else ""
