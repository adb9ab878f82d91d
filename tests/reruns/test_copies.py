"""A copy of a notebook with other parameters: what it says of them."""

import nbformat
import pytest

from lossnr.claims import CLAIMS
from lossnr.reruns import copies, notebooks


def changed(name, **values):
    notebook = nbformat.read(notebooks.find(name), as_version=4)
    known = notebooks.parameters(name)
    return copies.changed(notebook, known, values, copies.what_changed("page", known, values))


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
        c.metadata["mystnb"]["figure"]["caption"]
        for c in notebook.cells
        if "figure" in c.metadata.get("mystnb", {})
    ]
    assert all(r", at $\Omega = 0.05$.**" in caption for caption in captions)


def test_a_changed_notebook_is_the_same_each_time_and_leaves_the_original():
    original = nbformat.read(notebooks.find("fig2"), as_version=4)
    copy = nbformat.from_dict(original)
    known = notebooks.parameters("fig2")
    ours, again = (copies.changed(original, known, {"U": 3.0}, "") for _ in range(2))
    assert ours == again
    assert original == copy
    nbformat.validate(ours)


def test_a_notebook_that_is_not_changed_says_that():
    notebook = changed("fig3")
    assert "computed anew with the published parameters" in notebook.cells[0].source
    assert not any("injected-parameters" in c.metadata.get("tags", []) for c in notebook.cells)


@pytest.mark.parametrize("page", sorted({claim.page for claim in CLAIMS.values()}))
def test_a_changed_page_of_claims_begins_with_their_verdicts(page):
    cells = [cell.source for cell in changed(page, Omega=0.05).cells]
    verdicts = [i for i, source in enumerate(cells) if source.endswith("beside(entries)")]
    assert len(verdicts) == 1
    assert f'page="{page}"' in cells[verdicts[0]]
    assert verdicts[0] == 3  # after the box and the two cells of parameters


@pytest.mark.parametrize(("theta", "shown"), [("3*pi/4", r"0.75\pi"), ("0", "0")])
def test_a_caption_gives_the_phase_as_the_page_does(theta, shown):
    known = notebooks.parameters("numerics")
    values = notebooks.values([("theta", theta), ("seed", "1")], known)
    captions = [
        cell.metadata["mystnb"]["figure"]["caption"]
        for cell in changed("numerics", **values).cells
        if "figure" in cell.metadata.get("mystnb", {})
    ]
    at = rf", at $\theta = {shown}$.**"
    # Two of the figures show times that were measured, whatever the parameters of the page.
    assert [at in caption for caption in captions] == [True, True, False, False]


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("fig2", "kappa_b"),
        ("fig2", "Delta"),
        ("fig3", "kappa_b"),
        ("fig4", "kappa_b"),
        ("fig5", "kappa_b"),
        ("fig5", "theta"),
    ],
)
def test_a_caption_does_not_name_what_the_figure_sweeps(name, parameter):
    for cell in changed(name, Omega=0.05, **{parameter: 0.3}).cells:
        if "figure" in cell.metadata.get("mystnb", {}):
            caption = cell.metadata["mystnb"]["figure"]["caption"]
            assert r", at $\Omega = 0.05$.**" in caption


def test_the_box_of_a_book_says_where_its_pages_differ():
    box = copies.what_changed("book", notebooks.parameters("fig2"), {"points": 11, "U": 1.0})
    assert "| `points` | 11 | 201, 401 |" in box
    assert "| 1 | 5 |" in box


def test_what_moves_no_verdict_and_what_nobody_asked_for_is_said():
    known = notebooks.parameters("fig3")
    values = {"Omega": 0.0, "kappa_b_pairs": 1.3, "points": 81}
    box = copies.what_changed("page", known, values, coarse={"points"})
    assert "`kappa_b_pairs`, `points` change what is shown, and no verdict." in box
    assert "correlations are their limits for weak drive" in box
    assert box.count("coarse: `--quick`") == 1
