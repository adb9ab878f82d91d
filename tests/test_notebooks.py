"""The notebooks' parameters, and a copy of a notebook with other ones."""

import nbformat
import pytest

from lossnr import Device, notebooks
from lossnr.claims import CLAIMS


@pytest.mark.parametrize("name", notebooks.names())
def test_every_parameter_allows_its_default_and_its_quick_value(name):
    for parameter in notebooks.parameters(name).values():
        assert parameter.unit in ("kappa", "rad", "number")
        assert parameter.checked(parameter.default) == parameter.default
        if parameter.quick is not None:
            assert parameter.checked(parameter.quick) < parameter.default


@pytest.mark.parametrize("name", [name for name in notebooks.names() if name.startswith("fig")])
def test_a_figure_has_the_parameters_of_the_device_with_its_defaults(name):
    known = notebooks.parameters(name)
    assert known["theta"].allowed == "any real number"
    assert known["Omega"].allowed == "at least 0"
    for each in known.values():
        if each.name in Device().parameters():
            assert each.default == getattr(Device(), each.name)


def test_a_notebook_is_found_by_its_name_and_its_path():
    paths = {notebooks.find(name) for name in ("fig3", "fig3.ipynb", "book/fig3.ipynb")}
    assert [path.name for path in paths] == ["fig3.ipynb"]


def test_values_are_numbers_of_the_parameters_type():
    known = notebooks.parameters("fig3")
    found = notebooks.values([("theta", "pi"), ("points", "2*10")], known)
    assert found == {"theta": pytest.approx(3.141592653589793), "points": 20}
    assert isinstance(found["points"], int)


def changed(name, **values):
    notebook = nbformat.read(notebooks.find(name), as_version=4)
    known = notebooks.parameters(name)
    return notebooks.changed(notebook, known, values, notebooks.what_changed("page", known, values))


def test_a_changed_notebook_says_so_under_its_title_and_once_only():
    notebook = changed("fig3", Omega=0.05, points=11)
    first = notebook.cells[0].source
    assert first.startswith("# Fig. 3")
    assert r"| $\Omega$, `Omega` | 0.05 | 0.1 | amplitude of the drive, in units of" in first
    assert "| `points` | 11 | 401 | points along each curve |" in first
    hidden = [c for c in notebook.cells if "remove-cell" in c.metadata.get("tags", [])]
    assert [c.metadata["tags"][0] for c in hidden] == ["parameters", "injected-parameters"]
    assert "Omega = 0.05" in hidden[1].source
    captions = [
        c.metadata["mystnb"]["figure"]["caption"] for c in notebook.cells if "mystnb" in c.metadata
    ]
    assert all(r"at $\Omega$ = 0.05, `points` = 11.**" in caption for caption in captions)


def test_a_changed_notebook_is_the_same_each_time_and_leaves_the_original():
    original = nbformat.read(notebooks.find("fig2"), as_version=4)
    copy = nbformat.from_dict(original)
    known = notebooks.parameters("fig2")
    ours, again = (notebooks.changed(original, known, {"U": 3.0}, "") for _ in range(2))
    assert ours == again
    assert original == copy
    nbformat.validate(ours)


def test_a_notebook_that_is_not_changed_says_that():
    notebook = changed("fig3")
    assert "computed anew with the published parameters" in notebook.cells[0].source
    assert not any("injected-parameters" in c.metadata.get("tags", []) for c in notebook.cells)


def test_the_listing_says_in_one_row_what_several_notebooks_share():
    head, *rows = notebooks.listing()
    assert head == ("name", "default", "unit", "allowed", "meaning", "in")
    (Omega,) = [row for row in rows if row[0] == "Omega"]
    assert Omega[1:4] == ("0.1", "kappa", "at least 0")
    assert "fig1, fig2, fig3, fig4, fig5" in Omega[5]
    assert len([row for row in rows if row[0] == "kappa_b"]) > 1


@pytest.mark.parametrize("page", sorted({claim.page for claim in CLAIMS.values()}))
def test_a_changed_page_of_claims_begins_with_their_verdicts(page):
    cells = [cell.source for cell in changed(page, Omega=0.05).cells]
    verdicts = [
        i for i, source in enumerate(cells) if source.startswith("from lossnr import Device\n")
    ]
    assert len(verdicts) == 1
    assert f'page="{page}"' in cells[verdicts[0]]
    assert verdicts[0] == 3  # after the box and the two cells of parameters
