"""The one script of the live figures, made of scripts/*.js."""

import re
from pathlib import Path

SOURCES = Path(__file__).parent / "scripts"
#: In the order in which they need each other.
SOLVER = ("device", "algebra", "hierarchy", "series", "linear")
SCRIPTS = (*SOLVER, "plots", "controls", "page", "figure", "start")


def script(names=SCRIPTS):
    """Return the script of the site: the sources without comments and needless space.

    Each statement of theirs ends with a semicolon or a brace, and each text on its line.
    """
    source = "".join((SOURCES / f"{name}.js").read_text(encoding="utf-8") for name in names)
    lines = re.sub(r"^ *(//.*\n)?\n?", "", source, flags=re.MULTILINE).splitlines()
    code = "\n".join(map(_squeezed, lines))
    joined = 1
    while joined:  # declarations in a row are one
        code, joined = re.subn(r"^let (.*);\nlet (.*;)$", r"let \1,\2", code, flags=re.MULTILINE)
    # Needless too: what stands between the last item, or statement, and the bracket.
    return re.sub(r";(?=})|,(?=[}\])])", "", code.replace("\n", "")) + "\n"


def _squeezed(line):
    """Return a line of JavaScript without comment and with less space, except in its texts."""
    line = re.sub(r"(?<=[;,{]) // [^\"`]*$", "", line)
    line = re.sub(r"^const\b", "let", line)
    # Other texts, regular expressions, texts in texts, or that go on in the next line.
    if re.search(r"'|[(,] ?/|\$\{[^}]*`", line) or line.count("`") % 2:
        return line
    parts = re.split(r'("[^"]*"|`[^`]*`)', line)
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"\bconst\b", "let", parts[i])
        parts[i] = re.sub(r" ?([+-]=?) (?![+-])", r"\1", parts[i])
        parts[i] = re.sub(r" *([=<>?:;,{}()\[\]&|!*/%]) *", r"\1", parts[i])
        parts[i] = re.sub(r"(?<!\w)\((\w+)\)=>", r"\1=>", parts[i])
    return "".join(parts)


def give_script(app, pagename, templatename, context, doctree):
    if "data-live=" in context.get("body", ""):
        app.add_js_file("live.js", loading_method="defer")
        app.add_css_file("live.css")


def write(app, exception):
    if exception is None:
        Path(app.outdir, "_static", "live.js").write_text(script(), encoding="utf-8")


def setup(app):
    app.connect("html-page-context", give_script)
    app.connect("build-finished", write, priority=100)  # before the record of all files
