"""The gallery: its list, and the notebooks that are made of it."""

import re
from dataclasses import replace
from types import SimpleNamespace

import nbformat
import pytest
from lossnr_site.runs import refer_to_the_book, title_of

from lossnr import Device, steady_state, sweep
from lossnr.model.observables import two_photon_blockade
from lossnr.model.scattering import transmission
from lossnr.reruns import gallery, notebooks
from lossnr.reruns.parameters import of_device, parameters


def test_every_rerun_is_listed_with_what_it_shows():
    reruns = gallery.listed()
    assert len(reruns) >= 5
    for rerun in reruns:
        assert rerun.parameters
        assert f"{{doc}}`gallery/{rerun.name}`: {rerun.text}" in gallery.contents()
        assert f"{{glue:any}}`gallery/{rerun.name}.ipynb::kept`" in gallery.contents()


def test_one_entry_makes_one_page_and_pages_without_one_go(tmp_path):
    folder = tmp_path / "gallery"
    folder.mkdir()
    (folder / "old.ipynb").write_text("")
    (folder / ".ipynb_checkpoints").mkdir()
    gallery.write(folder, {})
    assert {p.stem for p in folder.glob("*.ipynb")} == {rerun.name for rerun in gallery.listed()}
    before = {p.name: p.read_bytes() for p in folder.glob("*.ipynb")}
    gallery.write(folder, {})
    assert before == {p.name: p.read_bytes() for p in folder.glob("*.ipynb")}


def test_a_page_has_its_own_names_and_its_parameters_go_before_the_books(tmp_path):
    gallery.write(tmp_path, {"theta": 0.3, "Omega": 0.02, "seed": 1})
    notebook = nbformat.read(tmp_path / "reversed-phase.ipynb", as_version=4)
    sources = "\n".join(cell.source for cell in notebook.cells)
    assert "theta = 0.78" in sources
    assert "Omega = 0.02" in sources
    assert "seed" not in sources
    names = [
        c.metadata["mystnb"]["figure"]["name"]
        for c in notebook.cells
        if "figure" in c.metadata.get("mystnb", {})
    ]
    assert names == ["reversed-phase-fig2"]


def test_a_page_of_a_changed_book_leads_to_the_published_one(tmp_path):
    gallery.write(tmp_path, {"Omega": 0.02}, "../published")
    first = nbformat.read(tmp_path / "no-kerr.ipynb", as_version=4).cells[0].source
    assert 'href="../../../published/book/gallery/no-kerr.html"' in first
    gallery.write(tmp_path, {}, "../published")
    first = nbformat.read(tmp_path / "no-kerr.ipynb", as_version=4).cells[0].source
    assert "{doc}`/book/fig2`" in first
    assert "published/" not in first


ALONE = [
    name
    for name in notebooks.names()
    if notebooks.read(name).metadata.get("lossnr", {}).get("alone", True)
]


def test_a_notebook_that_quotes_others_is_marked():
    quoting = {n for n in notebooks.names() if "{glue:any}" in notebooks.find(n).read_text()}
    assert quoting == set(notebooks.names()) - set(ALONE)


@pytest.mark.parametrize("name", [name for name in ALONE if parameters(name)])
def test_every_notebook_can_be_in_the_gallery_with_links_that_lead_from_there(
    name, tmp_path, monkeypatch
):
    (first, *_) = gallery.listed()
    some = next(iter(parameters(name).values()))
    reruns = [replace(first, name="x", notebook=name, parameters={some.name: some.default})]
    monkeypatch.setattr(gallery, "listed", lambda: reruns)
    gallery.write(tmp_path, {})
    notebook = nbformat.read(tmp_path / "x.ipynb", as_version=4)
    nbformat.validate(notebook)
    targets = re.findall(
        r"\{doc\}`(?:[^`<]*<)?([^`>]*)", "\n".join(cell.source for cell in notebook.cells)
    )
    assert targets
    for target in targets:
        page = notebooks.ROOT / target[1:]
        assert page.with_suffix(".ipynb").exists() or page.with_suffix(".md").exists()


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("gallery/no-kerr", "Without Kerr nonlinearity"),
        ("fig3", "Fig. 3: two-photon blockade, one way only"),
        ("cite", "How to cite"),
        ("gallery/none", None),
        ("none", None),
    ],
)
def test_a_page_that_stands_alone_knows_the_titles_of_others(page, title):
    assert title_of(page) == title


@pytest.mark.parametrize("target", ["/book/gallery/no-kerr", "gallery/no-kerr"])
def test_a_page_that_stands_alone_may_lead_to_the_gallery(target):
    config = SimpleNamespace(lossnr_run="page", lossnr_published="../html")
    node = {"reftarget": target, "reftype": "doc", "refexplicit": False}
    link = refer_to_the_book(SimpleNamespace(config=config), None, node | {"refdoc": "x"}, None)
    assert link["refuri"] == "../html/book/gallery/no-kerr.html"
    assert link.astext() == "Without Kerr nonlinearity"


def test_values_of_a_book_and_of_an_entry_have_to_be_allowed_together(tmp_path, monkeypatch):
    (first, *_) = gallery.listed()
    reruns = [replace(first, name="x", notebook="fig2", parameters={"Delta_max": 1.0, "U": 5.0})]
    monkeypatch.setattr(gallery, "listed", lambda: reruns)
    with pytest.raises(
        ValueError, match=r"page 'x' of reruns\.yml: Delta_max = 1: allowed is above"
    ):
        gallery.within({"Delta_min": 1.5})
    (found,) = gallery.within({"Omega": 0.1, "theta": 1.0, "seed": 3})
    assert found.parameters == {"Delta_max": 1.0, "theta": 1.0}  # what is not the default


GOOD = "name: x, title: X, notebook: fig3, text: t, parameters: {U: 0}"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("name: x", "entry 1: it must have name, notebook, parameters, text, title"),
        (f"{GOOD}, more: 1", "entry 1: it must have"),
        (GOOD.replace("name: x", "name: ../x"), r"name = '\.\./x': allowed are letters"),
        (GOOD.replace("fig3", "fig9"), "entry 1: unknown notebook 'fig9'"),
        (GOOD.replace("fig3", "intro"), "entry 1: intro shows results of other notebooks"),
        (GOOD.replace("U: 0", "W: 0"), "entry 1: unknown parameter 'W'"),
        (GOOD.replace("U: 0", "U: x"), "entry 1: U: 'x' is not a number"),
        (GOOD.replace("{U: 0}", "3"), "parameters = 3: allowed is one value at least"),
        (GOOD.replace("{U: 0}", "{}"), "parameters = {}: allowed is one value at least"),
        (GOOD.replace("{U: 0}", "{1: 0}"), "entry 1: unknown parameter '1'"),
        (GOOD.replace("fig3", "3"), "notebook = 3: allowed is a text"),
        (GOOD.replace("title: X", "title: [X]"), r"title = \['X'\]: allowed is a text"),
        (GOOD.replace("title: X", r'title: "X\nY"'), "allowed is one line"),
        (GOOD.replace("title: X", "title: ' '"), "title = ' ': allowed is one line"),
        (GOOD.replace("text: t", "text: ''"), "text = '': allowed is a text"),
    ],
)
def test_a_bad_entry_is_named(entry, message, tmp_path):
    path = tmp_path / "reruns.yml"
    path.write_text(f"- {{{entry}}}\n")
    with pytest.raises(ValueError, match=message):
        gallery.listed(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [("- {name: [", "reruns.yml is not YAML: .* line 1"), ("name: x", "allowed is a list")],
)
def test_a_file_that_is_no_list_is_named(text, message, tmp_path):
    path = tmp_path / "reruns.yml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        gallery.listed(path)


def test_a_name_that_is_there_already_is_named(tmp_path):
    path = tmp_path / "reruns.yml"
    path.write_text(f"- {{{GOOD}}}\n- {{{GOOD.replace('name: x', 'name: X')}}}\n")
    with pytest.raises(ValueError, match="entry 2: the name 'X' is there already"):
        gallery.listed(path)


def test_the_example_of_the_page_on_reruns_is_an_entry(tmp_path):
    page = nbformat.read(notebooks.find("rerun"), as_version=4)
    text = "\n".join(cell.source for cell in page.cells)
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "reruns.yml"
    path.write_text((notebooks.ROOT / "book" / "reruns.yml").read_text() + example)
    assert len(gallery.listed(path)) == len(gallery.listed()) + 1


def device(name):
    """The device of a page of the gallery."""
    (rerun,) = [each for each in gallery.listed() if each.name == name]
    known = of_device()
    return Device().replace(**{k: v for k, v in rerun.parameters.items() if k in known})


def there_and_back(device):
    return steady_state(device), steady_state(device, "c")


def test_what_reruns_yml_says_of_its_pages_is_so():
    there, back = there_and_back(Device())
    weak_there, weak_back = there_and_back(device("weak-drive"))
    assert device("weak-drive").Omega == pytest.approx(Device().Omega / 100)
    assert pytest.approx(transmission(device("weak-drive"))[0], abs=1e-5) == weak_there.T
    assert weak_back.g2 / weak_there.g2 > 100 * back.g2 / there.g2

    linear_there, linear_back = there_and_back(device("no-kerr"))
    assert (linear_there.T, linear_there.g2) == (pytest.approx(1), pytest.approx(1))
    assert linear_back.T < 1e-9

    reversed_there, reversed_back = there_and_back(device("reversed-phase"))
    assert pytest.approx(back.T) == reversed_there.T
    assert reversed_back.g2 == pytest.approx(there.g2)

    assert steady_state(device("twice-the-loss"), "c").T > 10 * back.T


def test_the_blockade_of_pairs_ends_where_its_page_says_so():
    strong, weak = (each.replace(kappa_b=1.25) for each in (device("strong-drive"), Device()))
    assert strong.Omega == 2 * weak.Omega
    assert two_photon_blockade(sweep(weak)).sel(direction="c->a")
    assert not two_photon_blockade(sweep(strong)).sel(direction="c->a")
