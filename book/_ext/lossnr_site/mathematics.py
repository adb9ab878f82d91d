"""Mathematics as pictures: MathJax runs while the site is built, and not in the reader's browser.

Each formula is an SVG, with MathML beside it for screen readers. Formulas in the HTML that a
notebook returns, between ``\\(`` and ``\\)``, are typeset too. The glyphs stand once on a page.
Equations have the numbers of the paper: the label eq-13 is number 13.
"""

import re
from functools import cache, partial
from html import unescape
from importlib.resources import files

from docutils import nodes
from py_mini_racer import MiniRacer
from sphinx.util import logging
from sphinx.util.math import wrap_displaymath

MATHJAX = files("mathjax") / "static" / "mathjax" / "es5"
COMPONENTS = (
    "core.js",
    "loader.js",
    "adaptors/liteDOM.js",
    "input/tex-base.js",
    "input/tex/extensions/ams.js",
    "input/tex/extensions/html.js",
    "output/svg.js",
    "output/svg/fonts/tex.js",
    "a11y/assistive-mml.js",
)
START = """
var $ = MathJax._, adaptor = $.adaptors.liteAdaptor.liteAdaptor();
$.a11y["assistive-mml"].AssistiveMmlHandler($.handlers.html_ts.RegisterHTMLHandler(adaptor));
var svg = new $.output.svg_ts.SVG({
    fontCache: "global", font: new $.output.svg.fonts.tex_ts.TeXFont()
});
var tex = new $.input.tex_ts.TeX({packages: ["base", "ams", "html"]});
var page = $.mathjax.mathjax.document("", {InputJax: tex, OutputJax: svg});
function typeset(formula, display) {
    return adaptor.outerHTML(page.convert(formula, {display: display, em: 16, ex: 8}));
}
function glyphs() { return adaptor.innerHTML(svg.fontCache.getCache()); }
"""
#: What MathJax would need in a browser only.
NEEDLESS = re.compile(
    r' (?:(?:data-(?:c|mml-node|mjx-texclass|variant)|unselectable|xmlns(?::xlink)?)="[^"]*"'
    r'|columnspacing="")'
)

logger = logging.getLogger(__name__)


@cache
def engine():
    """Return the interpreter that runs MathJax; started where it is first used."""
    interpreter = MiniRacer()
    interpreter.eval("var MathJax = {};")
    for component in COMPONENTS:
        interpreter.eval((MATHJAX / component).read_text())
    interpreter.eval(START)
    return interpreter


def stop(app, exception):
    """Stop it: its threads would keep this process alive."""
    if engine.cache_info().currsize:
        engine().close()
    engine.cache_clear()
    typeset.cache_clear()  # its glyphs are those of this interpreter


@cache
def typeset(formula, display):
    """Return a formula in LaTeX as HTML.

    Raises
    ------
    ValueError
        If it is none; the message says what is wrong with it.
    """
    html = engine().call("typeset", formula, display)
    wrong = re.search(r'data-mjx-error="([^"]*)"', html)
    if wrong:
        raise ValueError(f"no formula: {formula!r}: {wrong[1]}")
    return NEEDLESS.sub("", html).replace("xlink:href", "href")


def visit_math(self, node):
    html = _typeset(node, node.astext(), display=False)
    self.body.append(f'<span class="math">{html}</span>')
    raise nodes.SkipNode


def visit_math_block(self, node):
    # The theme wraps a formula, and gives the wrapper its name.
    wrapped = node.parent.get("ids") == node["ids"]
    self.body.append('<div class="math">' if wrapped else self.starttag(node, "div", CLASS="math"))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({node["number"]})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    formula = node.astext()
    if not node["nowrap"]:  # lines and alignment as LaTeX asks for them
        formula = wrap_displaymath(formula, None, numbering=False)
    self.body.append(f"{_typeset(node, formula, display=True)}</div>\n")
    raise nodes.SkipNode


def typeset_in_html(app, doctree, docname):
    """Typeset the formulas in HTML that a notebook returned."""
    for node in list(doctree.findall(nodes.raw)):
        if node.get("format") == "html" and r"\(" in node.astext():
            html = re.sub(r"\\\(([^<>]*?)\\\)", partial(_inline, node), node.astext())
            node.replace_self(nodes.raw("", html, format="html"))


def _inline(node, found):
    html = _typeset(node, unescape(found[1]), display=False)
    return f'<span class="math">{html}</span>'


def _typeset(node, formula, display):
    try:
        return typeset(formula, display)
    except ValueError as error:
        logger.warning("%s", error, location=node)
        return ""


def give_glyphs(app, pagename, templatename, context, doctree):
    """Put the glyphs that the formulas of a page use at its beginning."""
    used = set(re.findall(r'href="#(MJX-[^"]+)"', context.get("body", "")))
    if used:
        known = re.findall(r'(<path id="([^"]+)"[^>]*></path>)', engine().call("glyphs"))
        defs = "".join(path for path, name in known if name in used)
        svg = f'<svg style="display: none" aria-hidden="true"><defs>{defs}</defs></svg>'
        context["body"] = svg + context["body"]


def number_as_the_paper(app, env):
    """Give each equation the number in its label, eq-13 the number 13."""
    equations = env.get_domain("math").equations
    for label, (docname, _) in equations.items():
        equations[label] = (docname, _number(label))


def show_number(app, doctree, docname):
    for node in doctree.findall(nodes.math_block):
        if node.get("label"):
            node["number"] = _number(node["label"])


def _number(label):
    return int(label.rpartition("eq-")[2])


def setup(app):
    app.add_html_math_renderer(
        "svg", inline_renderers=(visit_math, None), block_renderers=(visit_math_block, None)
    )
    app.connect("env-updated", number_as_the_paper)
    app.connect("doctree-resolved", show_number)
    app.connect("doctree-resolved", typeset_in_html)
    app.connect("html-page-context", give_glyphs)
    app.connect("build-finished", stop)
