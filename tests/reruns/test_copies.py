"""A copy of a notebook with other parameters: what it says of them."""

import re

import nbformat
import pytest

from lossnr.claims import CLAIMS
from lossnr.reruns import copies
from lossnr.reruns.notebooks import read, tagged
from lossnr.reruns.parameters import parameters, values


def changed(name, **values):
    box = copies.what_changed("page", parameters(name), values)
    return copies.changed_copy(name, values, box)


def captions(notebook):
    figures = [cell.metadata.get("mystnb", {}).get("figure") for cell in notebook.cells]
    return [figure["caption"] for figure in figures if figure]


def test_a_changed_notebook_says_so_under_its_title_and_once_only():
    notebook = changed("fig3", Omega=0.05, points=11)
    first = notebook.cells[0].source
    assert first.startswith("# Fig. 3")
    assert r"| $\Omega$, `Omega` | 0.05 | 0.1 | amplitude of the drive, in units of" in first
    assert "| `points` | 11 | 401 | points along each curve |" in first
    hidden = [c for c in notebook.cells if "remove-cell" in c.metadata.get("tags", [])]
    assert [c.metadata["tags"][0] for c in hidden] == ["parameters", "injected-parameters"]
    assert "Omega = 0.05" in hidden[1].source
    (caption,) = captions(notebook)
    assert caption.endswith(r" Here at $\Omega = 0.05$.")
    (seen,) = tagged(notebook, "what-to-see")
    assert seen.source.startswith(":::{dropdown} Written for the published figure\n")


def test_a_changed_notebook_is_the_same_each_time():
    ours, again = (copies.changed_copy("fig2", {"U": 3.0}, "") for _ in range(2))
    assert ours == again
    nbformat.validate(ours)


def test_a_notebook_that_is_not_changed_says_that():
    notebook = changed("fig3")
    assert "computed anew with the published parameters" in notebook.cells[0].source
    assert not any("injected-parameters" in c.metadata.get("tags", []) for c in notebook.cells)


@pytest.mark.parametrize("page", sorted({claim.page for claim in CLAIMS.values()}))
def test_a_changed_page_of_claims_begins_with_their_verdicts_and_judges_once(page):
    assert "ledger" in tagged(read(page), "claims")[0].source
    cells = [cell.source for cell in changed(page, Omega=0.05).cells]
    assert sum("judge(" in source for source in cells) == 1
    verdicts = [i for i, source in enumerate(cells) if source.endswith("beside(entries)")]
    assert len(verdicts) == 1
    assert f'page="{page}"' in cells[verdicts[0]]
    assert verdicts[0] == 3  # after the box and the two cells of parameters


@pytest.mark.parametrize(("theta", "shown"), [("3*pi/4", r"0.75\pi"), ("0", "0")])
def test_a_caption_gives_the_phase_as_the_page_does(theta, shown):
    taken = values([("theta", theta), ("seed", "1")], parameters("numerics"))
    at = rf" Here at $\theta = {shown}$."
    ends = [caption.endswith(at) for caption in captions(changed("numerics", **taken))]
    # Two of the figures show times that were measured, whatever the parameters of the page.
    assert ends == [True, False, False]


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
    for caption in captions(changed(name, Omega=0.05, **{parameter: 0.3})):
        assert caption.endswith(r" Here at $\Omega = 0.05$.")


def test_the_pages_of_a_book_say_what_was_changed_there(tmp_path):
    for name, text in (("fig3.ipynb", ""), ("model.ipynb", ""), ("cite.md", "# Cite\n\nText.\n")):
        (tmp_path / name).write_text(text)
    copies.change_pages(tmp_path, {"U": 3.0, "seed": 1}, "../published")
    fig3, model = (
        nbformat.read(tmp_path / f"{name}.ipynb", as_version=4).cells[0].source
        for name in ("fig3", "model")
    )
    cite = (tmp_path / "cite.md").read_text()
    assert "This page was computed with other parameters" in fig3
    assert "`seed`" not in fig3
    for text in (model, cite):
        assert "This book was computed with other parameters" in text
        assert re.search(r"\| `seed` \| 1 \| [\d, ]*63 \|", text)
    assert cite.startswith("# Cite\n\n:::{admonition}")
    assert cite.endswith(":::\n\nText.\n")
    assert 'href="../../published/book/cite.html"' in cite


def test_the_box_of_a_book_says_where_its_pages_differ():
    box = copies.what_changed("book", parameters("fig2"), {"points": 11, "U": 1.0})
    assert re.search(r"\| `points` \| 11 \| [\d, ]*161, 401 \|", box)
    assert "| 1 | 5 |" in box


def test_what_moves_no_verdict_and_what_nobody_asked_for_is_said():
    taken = {"Omega": 0.0, "kappa_b_pairs": 1.3, "points": 81}
    box = copies.what_changed("page", parameters("fig3"), taken, coarse={"points"})
    assert "`kappa_b_pairs`, `points` change what is shown, and no verdict." in box
    assert "correlations are their limits for weak drive" in box
    assert box.count("coarse: `--quick`") == 1
