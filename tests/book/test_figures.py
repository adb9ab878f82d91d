"""What stands where on a page: figures and tables before the code that makes them."""

from docutils import nodes
from docutils.utils import new_document
from lossnr_site.figures import show_before_code


def cell(*parts, hide_mode="input", **attributes):
    """Return a cell as myst-nb makes it, with its code, its output or both."""
    made = nodes.container(nb_element="cell_code", hide_mode=hide_mode, **attributes)
    for part in parts:
        kind = "source" if part.startswith("code") else "output"
        made += nodes.container("", nodes.Text(part), nb_element=f"cell_code_{kind}")
    return made


def order(*cells):
    document = new_document("page")
    document += nodes.section("", *cells, ids=["section"])
    show_before_code(None, document)
    return [[part.astext() for part in each] for each in document[0]]


def test_a_figure_comes_before_its_code_and_before_the_folded_code_above_it():
    words = nodes.paragraph("", "", nodes.Text("claim"))
    page = [words, cell("code 1"), cell("code 2"), cell("code 3", "figure")]
    assert order(*page) == [["claim"], ["figure"], ["code 1"], ["code 2"], ["code 3"]]


def test_words_part_what_belongs_together():
    words = nodes.paragraph("", "", nodes.Text("words"))
    page = [cell("code 1"), words, cell("code 2", "table"), cell("code 3", "figure")]
    assert order(*page) == [
        ["code 1"],
        ["words"],
        ["table"],
        ["figure"],
        ["code 2"],
        ["code 3"],
    ]


def test_code_that_is_not_folded_stays_before_its_output():
    shown = cell("code 1", "output", hide_mode=None)
    assert order(cell("code 0"), shown) == [["code 0"], ["code 1", "output"]]


def test_a_name_of_a_cell_stays_with_what_it_shows():
    document = new_document("page")
    document += nodes.section("", cell("code", "figure", ids=["name"], classes=["cell"]))
    show_before_code(None, document)
    figure, code = document[0]
    assert figure["ids"] == ["name"]
    assert code["ids"] == []
    assert figure["classes"] == code["classes"] == ["cell"]
