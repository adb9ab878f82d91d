"""Reruns from the command line: what they write, and what they leave if they fail."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from built import contents
from click.testing import CliRunner

from lossnr import cli
from lossnr.claims import CLAIMS
from lossnr.reruns import build, copies, notebooks, rerun
from lossnr.reruns.execute import RunError

ROOT = Path(__file__).parents[2]
REVERSED = ("rerun", "fig3", "-p", "theta", "pi/4", "-p", "points", "5")

# Several tests look at one run, by one worker.
of_one_page = pytest.mark.xdist_group("page")


@pytest.fixture(scope="module")
def reversed_phase(tmp_path_factory):
    """Fig. 3 with the phase reversed, from a folder whose modules and settings are in the way."""
    folder = tmp_path_factory.mktemp("reruns")
    for name in ("lossnr", "jupyter_book", "numpy"):
        (folder / f"{name}.py").write_text("raise SystemExit('not mine')")
    before = sorted(os.listdir(folder))
    environment = os.environ | {"TMPDIR": ".", "MPLBACKEND": "none", "PYTHONWARNINGS": "error"}
    command = [Path(sys.executable).with_name("lossnr"), *REVERSED, "-o", "one"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "The page is one/fig3.html" in done.stdout
    assert "fig3: 100%" in done.stderr
    assert sorted(os.listdir(folder)) == sorted([*before, "one"])
    return folder / "one"


@of_one_page
def test_a_rerun_writes_all_that_it_promises(reversed_phase):
    files = contents(reversed_phase).keys()
    assert {"fig3.html", "fig3.ipynb", "provenance.json"} <= files
    assert "search.html" not in files
    figures = {file for file in files if file.startswith("figures/")}
    assert figures == {f"figures/fig3.{kind}" for kind in ("svg", "pdf", "png")}
    data = {file for file in files if file.startswith("data/")}
    assert data == {
        f"data/fig3-{name}.{kind}"
        for name in ("curves", "pairs", "singles")
        for kind in ("nc", "csv")
    }


@of_one_page
def test_its_page_says_what_was_changed_and_what_became_of_the_claims(reversed_phase):
    page = (reversed_phase / "fig3.html").read_text()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    assert re.search(r"<title>Fig. 3: two-photon blockade, one way only - Loss-induced", page)
    assert "What was changed" in words
    assert "Here at θ = 0.25 π ." in words
    assert re.search(r"theta 0\.785398 -0\.785398 phase of the a-c coupling", words)
    claims = sum(claim.page == "fig3" for claim in CLAIMS.values())
    assert re.search(rf"\d of {claims} verdicts of this page change", words)
    assert re.search(r"✓ reproduced ✗ not reproduced", words)
    assert "# Parameters" not in words  # the injected cell is not shown
    for kind in ("svg", "pdf", "png"):
        assert f'href="figures/fig3.{kind}"' in page


@of_one_page
def test_its_page_needs_no_network_and_every_link_in_it_leads_somewhere(reversed_phase):
    page = (reversed_phase / "fig3.html").read_text()
    for target in re.findall(r'(?:src|href)="([^"#?]+)', page):
        assert not target.startswith("//")
        if not target.startswith(("https:", "mailto:", "data:")):
            assert (reversed_phase / target).exists(), target
    assert not re.search(r'<(?:script|link|img)[^>]*(?:src|href)="https?:', page)


@of_one_page
def test_its_notebook_and_record_hold_no_clock_and_no_place(reversed_phase):
    record = json.loads((reversed_phase / "provenance.json").read_text())
    assert record["notebook"] == "fig3"
    assert record["parameters"]["theta"] == pytest.approx(0.7853981633974483)
    assert record["defaults"]["theta"] == pytest.approx(-0.7853981633974483)
    assert record["parameters"]["points"] == 5
    assert len(record["sources"]) == 64
    assert {"python", "lossnr", "numpy"} <= record["versions"].keys()
    assert set(contents(reversed_phase)) <= set(record["files"])
    notebook = nbformat.read(reversed_phase / "fig3.ipynb", as_version=4)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert "papermill" not in notebook.metadata
    for file in ("fig3.ipynb", "fig3.html", "provenance.json"):
        assert not re.search(r"/tmp/|\d\d:\d\d:\d\d", (reversed_phase / file).read_text())
    assert str(ROOT) not in json.dumps(record)


@of_one_page
def test_a_failing_cell_is_shown_and_leaves_the_old_result(reversed_phase, tmp_path, monkeypatch):
    broken = notebooks.read("model")
    next(cell for cell in broken.cells if cell.cell_type == "code").source = "x = 0\n1 / x"
    monkeypatch.setattr(copies, "read", lambda name: broken)
    (tmp_path / "out").symlink_to(reversed_phase)
    before = contents(reversed_phase)
    failed = CliRunner().invoke(cli.main, ["rerun", "model", "-o", str(tmp_path / "out")])
    assert failed.exit_code == 3
    assert "Error: a cell of model.ipynb failed, the one that begins with 'x = 0':" in failed.stderr
    assert "ZeroDivisionError: division by zero" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert contents(reversed_phase) == before
    assert os.listdir(tmp_path) == ["out"]


def test_a_failing_cell_of_a_book_is_told_with_its_page(tmp_path, monkeypatch):
    broken = notebooks.read("model")
    next(cell for cell in broken.cells if cell.cell_type == "code").source = "x = 0\n1 / x"
    (tmp_path / "book").mkdir()
    nbformat.write(broken, tmp_path / "book" / "model.ipynb")
    monkeypatch.setattr(rerun, "ROOT", tmp_path)
    monkeypatch.setattr(rerun.gallery, "write", lambda *_: None)
    failed = CliRunner().invoke(cli.main, ["book", "-o", str(tmp_path / "out")])
    assert failed.exit_code != 0
    assert "a cell of model.ipynb failed, the one that begins with 'x = 0':" in failed.stderr
    assert "ZeroDivisionError: division by zero" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not (tmp_path / "out").exists()


def test_a_book_of_a_read_only_clone_can_be_changed(tmp_path, monkeypatch):
    def look(paths, _):
        (path,) = paths
        assert all(each.stat().st_mode & 0o200 for each in (path, path.parent))
        raise RunError("it was looked at")

    (tmp_path / "book").mkdir()
    nbformat.write(notebooks.read("model"), tmp_path / "book" / "model.ipynb")
    (tmp_path / "book" / "model.ipynb").chmod(0o444)
    (tmp_path / "book").chmod(0o555)
    monkeypatch.setattr(rerun, "ROOT", tmp_path)
    monkeypatch.setattr(rerun.gallery, "write", lambda *_: None)
    monkeypatch.setattr(rerun, "execute", look)
    with pytest.raises(RunError, match="it was looked at"):
        rerun.rerun_book({"theta": "π/4"}, tmp_path / "out")


@pytest.mark.parametrize(
    ("start", "message"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTRAP)", "V8, reserves a terabyte"),
        ("raise SystemExit(3)", "jupyter-book does not start"),
    ],
)
def test_a_jupyter_book_that_does_not_start_stops_the_run(start, message, tmp_path, monkeypatch):
    waiting = notebooks.read("model")
    next(cell for cell in waiting.cells if cell.cell_type == "code").source = "import time\n" + (
        "while True: time.sleep(1)"
    )
    monkeypatch.setattr(copies, "read", lambda name: waiting)
    monkeypatch.setattr(build, "_START", start)
    failed = CliRunner().invoke(cli.main, ["rerun", "model", "-o", str(tmp_path / "out")])
    assert failed.exit_code != 0
    assert message in failed.stderr
    assert "Traceback" not in failed.stderr
    assert os.listdir(tmp_path) == []
