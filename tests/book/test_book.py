"""The notebooks and the project's own files: as committed, and rerun with other parameters."""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml

from lossnr.reruns.copies import changed_copy
from lossnr.reruns.execute import execute
from lossnr.show.downloads import unpack

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "book").glob("*.ipynb"))
FIGURES = [path for path in NOTEBOOKS if path.stem.startswith("fig")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_committed_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_heading_and_no_name_of_a_figure_stands_twice(path):
    cells = nbformat.read(path, as_version=4).cells
    headings = re.findall(r"^#+ .*", "\n".join(c.source for c in cells), re.MULTILINE)
    figures = [
        c.metadata["mystnb"]["figure"]["name"]
        for c in cells
        if "figure" in c.metadata.get("mystnb", {})
    ]
    for names in (headings, figures):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_hold_no_functions_of_their_own(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not re.search(r"^\s*(def|class)\s|\blambda\b", cell.source, re.MULTILINE)


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_parameters_are_known_to_papermill_with_unit_and_meaning(path):
    parameters = papermill.inspect_notebook(str(path))
    assert {"theta", "Omega", "kappa_b", "U"} <= parameters.keys()
    for parameter in parameters.values():
        assert re.match(r"(kappa|rad|number); \w+", parameter["help"])
        assert parameter["inferred_type_name"] in ("float", "int")


CHANGED = {"Omega": 0.04, "theta": 0.9, "kappa_b": 1.5, "U": 3.0}


@pytest.fixture(scope="module")
def fig1(tmp_path_factory):
    """A copy of a notebook, executed at other parameters."""
    path = tmp_path_factory.mktemp("pages") / "fig1.ipynb"
    nbformat.write(changed_copy("fig1", CHANGED, ""), path)
    execute([path])
    return nbformat.read(path, as_version=4)


@pytest.mark.xdist_group("pages")  # it is executed once
def test_a_page_reruns_at_other_parameters_and_shows_those(fig1):
    outputs = [o for cell in fig1.cells if cell.cell_type == "code" for o in cell.outputs]
    assert all(o.get("name") != "stderr" for o in outputs)
    text = "\n".join(str(o["data"].get("text/markdown", "")) for o in outputs if "data" in o)
    assert len([o for o in outputs if "image/svg+xml" in o.get("data", {})]) == 1
    assert r"\Omega = 0.04" in text
    assert "U_a = U_c = 3" in text
    assert r"\theta = 0.2865\pi" in text


@pytest.mark.xdist_group("pages")
def test_plain_papermill_gives_the_same_data_and_figures(fig1, tmp_path):
    """Without anything of ours: the notebook as the book has it."""
    notebook = papermill.execute_notebook(
        ROOT / "book" / "fig1.ipynb", tmp_path / "out.ipynb", CHANGED, progress_bar=False
    )
    files = unpack(notebook, "fig1")
    assert len(files) == 7
    width = int.from_bytes(files["figures/fig1.png"][16:20])
    assert width == 7.6 * 200  # ours in inches and dots, not that of Jupyter's backend
    assert files == unpack(fig1, "fig1")


def test_a_parameter_out_of_range_is_refused_by_the_notebook_too(tmp_path):
    with pytest.raises(papermill.PapermillExecutionError, match="Omega = -1: allowed is a finite"):
        papermill.execute_notebook(
            ROOT / "book" / "fig1.ipynb",
            tmp_path / "out.ipynb",
            {"Omega": -1},
            progress_bar=False,
        )


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        ("requirements.txt", ("book", "test", "build")),
        ("benchmarks/requirements.txt", ("bench", "build")),
    ],
)
def test_a_lock_is_complete_and_names_no_place(name, extras):
    lock = (ROOT / name).read_text()
    assert "://" not in lock
    assert "-index" not in lock
    assert "find-links" not in lock
    pinned = re.findall(r"^([a-z0-9-]+)==\S+", lock, re.MULTILINE)
    assert len(re.findall(r"^\S+==", lock, re.MULTILINE)) == len(pinned)
    for block in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in block
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = [project["optional-dependencies"][extra] for extra in extras]
    for requirement in chain(project["dependencies"], *optional):
        assert re.match(r"[\w-]+", requirement)[0].lower() in pinned


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert project["version"] == citation["version"]


def test_every_page_is_in_the_table_of_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    sections = [section for chapter in chapters for section in chapter.get("sections", [])]
    listed = {toc["root"], *(each["file"] for each in chapters + sections if "file" in each)}
    pages = {f"book/{p.stem}" for p in (ROOT / "book").iterdir() if p.suffix in (".md", ".ipynb")}
    assert listed == pages


@pytest.mark.parametrize("target", ["book", "test"])
def test_a_python_that_is_too_old_gets_one_clear_line(target, tmp_path):
    old = tmp_path / "python-old"
    old.write_text('#!/bin/sh\nif [ "$1" = --version ]; then echo Python 3.9.2; else exit 1; fi\n')
    old.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    made = subprocess.run(
        ["make", "--no-print-directory", target, f"PYTHON={old}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )
    assert made.returncode != 0
    said = [line for line in made.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert "needs Python 3.11, 3.12 or 3.13" in said[0]
    assert "Python 3.9.2" in said[0]
    assert not (tmp_path / ".venv").exists()


def test_another_python_makes_the_environment_anew(tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / ".installed").touch()
    other = tmp_path / "python-other"
    other.write_text("#!/bin/sh\necho /other 3.13\n")
    other.chmod(0o755)

    def is_up_to_date(*python):
        question = ["make", "--question", ".venv/.installed", *python]
        return subprocess.run(question, cwd=tmp_path).returncode == 0

    assert is_up_to_date()
    assert is_up_to_date(f"PYTHON={sys.executable}")
    assert not is_up_to_date(f"PYTHON={other}")


def test_importing_the_package_is_quiet():
    code = "import lossnr, sys; print('qutip' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    # QuTiP is slow to import, and only the oracle needs it.
    assert done.stdout == "False\n"
