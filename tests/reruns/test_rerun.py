"""Reruns from the command line: what they write, and what they refuse before anything runs."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest
from click.testing import CliRunner

from lossnr import cli
from lossnr.claims import CLAIMS
from lossnr.reruns import build, copies, gallery, notebooks, rerun
from lossnr.reruns.execute import RunError

ROOT = Path(__file__).parents[2]
LOSSNR = [sys.executable, "-c", "from lossnr.cli import main; main()"]
REVERSED = ("rerun", "fig3", "-p", "theta", "pi/4", "-p", "points", "5")
#: The book with the phase reversed and coarse figures.
COARSE = {"points": 21, "losses": 21, "devices": 1}
BOOK = ["book", "-p", "theta", "pi/4", *(x for k, v in COARSE.items() for x in ("-p", k, str(v)))]

# What several tests look at is run once, by one worker.
of_one_page = pytest.mark.xdist_group("page")
of_a_book = pytest.mark.xdist_group("book")


def lossnr(*arguments, cwd):
    return subprocess.run([*LOSSNR, *arguments], cwd=cwd, capture_output=True, text=True)


def contents(folder):
    """Return the hash of each file in a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def reversed_phase(tmp_path_factory):
    """Fig. 3 with the phase reversed, from a folder whose modules and settings are in the way."""
    folder = tmp_path_factory.mktemp("reruns")
    for name in ("lossnr", "jupyter_book", "numpy"):
        (folder / f"{name}.py").write_text("raise SystemExit('not mine')")
    before = sorted(os.listdir(folder))
    environment = os.environ | {"TMPDIR": ".", "MPLBACKEND": "Agg", "PYTHONWARNINGS": "error"}
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
@pytest.mark.slow
def test_two_runs_of_one_rerun_give_the_same_bytes(reversed_phase, tmp_path):
    done = lossnr(*REVERSED, "-o", "two", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert contents(reversed_phase) == contents(tmp_path / "two")


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


def heeding():
    """Let a child heed signals to stop, which a job in the background inherits as ignored."""
    for name in ("SIGINT", "SIGHUP", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


@pytest.mark.parametrize(
    ("sent", "when"),
    [
        ("SIGKILL", rb" [1-9]/\d"),  # a cell is done, others are not
        pytest.param("SIGHUP", rb" [1-9]/\d", marks=pytest.mark.slow),
        ("SIGTERM", rb" [1-9]/\d"),
        ("SIGINT", rb"100%"),  # the page is made
    ],
)
def test_a_rerun_that_is_stopped_leaves_no_process_and_no_folder(tmp_path, sent, when):
    room, temporary = tmp_path / "room", tmp_path / "temporary"
    room.mkdir()
    temporary.mkdir()
    process = subprocess.Popen(
        [*LOSSNR, "rerun", "model", "-o", str(room / "out")],
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(temporary)},
        preexec_fn=heeding,
    )
    said = b""
    while not re.search(when, said):
        said += process.stderr.read(1) or pytest.fail(said.decode())
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(getattr(signal, sent))
    said += process.communicate()[1]
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
    assert os.listdir(room) == []
    if sent != "SIGKILL":
        assert process.returncode == 128 + getattr(signal, sent)
        assert (b"interrupted" if sent == "SIGINT" else b"terminated") in said
        assert b"Traceback" not in said
        assert os.listdir(temporary) == []


BAD = {
    "no notebook": (["rerun"], "Missing argument 'NOTEBOOK'"),
    "unknown notebook": (["rerun", "fig9"], "unknown notebook 'fig9': did you mean 'fig"),
    "notebook with a folder": (["rerun", "../fig3"], "unknown notebook '../fig3'"),
    "notebook elsewhere": (["rerun", "/etc/passwd"], "unknown notebook '/etc/passwd'"),
    "empty notebook": (["rerun", ""], "unknown notebook ''"),
    "code as a notebook": (["rerun", "$(touch owned)"], "unknown notebook"),
    "page that is no notebook": (["rerun", "cite"], "unknown notebook 'cite'"),
    "page that quotes others": (["rerun", "intro"], "shows results of other notebooks"),
    "unknown parameter": (["rerun", "fig3", "-p", "Omgea", "1"], "did you mean 'Omega'"),
    "parameter of another notebook": (["rerun", "fig3", "-p", "seed", "1"], "unknown parameter"),
    "parameter of the device only": (
        ["rerun", "fig3", "-p", "U_a", "1"],
        "unknown parameter 'U_a'",
    ),
    "lower case": (["rerun", "fig3", "-p", "omega", "1"], "did you mean 'Omega'"),
    "HTML as a name": (["rerun", "fig3", "-p", "<b>", "1"], "unknown parameter '<b>'"),
    "newline as a name": (["rerun", "fig3", "-p", "a\nb", "1"], r"unknown parameter 'a\nb'"),
    "given twice": (
        ["rerun", "fig3", "-p", "U", "1", "-p", "U", "1"],
        "U is given twice",
    ),
    "no value": (["rerun", "fig3", "-p", "U"], "Option '-p' requires 2 arguments"),
    "a word as a value": (["rerun", "fig3", "-p", "U", "five"], "U: 'five' is not a number"),
    "an empty value": (["rerun", "fig3", "-p", "U", ""], "U: '' is not a number"),
    "not a number": (["rerun", "fig3", "-p", "U", "nan"], "U: 'nan' is not a number"),
    "infinity": (["rerun", "fig3", "-p", "U", "1e999"], "U: '1e999' is not a number"),
    "division by zero": (["rerun", "fig3", "-p", "U", "1/0"], "U: '1/0' is not a number"),
    "complex": (["rerun", "fig3", "-p", "U", "sqrt(-1)"], "U: 'sqrt(-1)' is not a number"),
    "a tower": (["rerun", "fig3", "-p", "U", "9**9**9**9"], "is not a number"),
    "code as a value": (
        ["rerun", "fig3", "-p", "U", "__import__('os').system('touch owned')"],
        "is not a number",
    ),
    "quotes": (["rerun", "fig3", "-p", "U", "'\""], "is not a number"),
    "HTML": (["rerun", "fig3", "-p", "U", "<script>1</script>"], "'<script>1</script>' is no"),
    "a path": (["rerun", "fig3", "-p", "U", "../1"], "'../1' is not a number"),
    "a very long value": (["rerun", "fig3", "-p", "U", "1" * 10_000], "is not a number"),
    "a negative loss": (["rerun", "fig3", "-p", "kappa_b", "-1"], "real number >= 0"),
    "a negative drive": (["rerun", "fig3", "-p", "Omega", "-pi"], "real number >= 0"),
    "a loss of zero for an axis": (["rerun", "fig3", "-p", "kappa_b_max", "0"], "is at least 1e-6"),
    "too large": (["rerun", "fig3", "-p", "U", "1e6"], "at most 100000 in size"),
    "half a point": (["rerun", "fig3", "-p", "points", "2.5"], "allowed is a whole number"),
    "one point": (["rerun", "fig3", "-p", "points", "1"], "points = 1: allowed is 2 to"),
    "a tiny length of an axis": (["rerun", "fig4", "-p", "kappa_b_max", "1e-9"], "at least 1e-6"),
    "too many points": (["rerun", "fig2", "-p", "points", "1e6"], "allowed is 2 to 1001"),
    "too exact": (["rerun", "fig3", "-p", "rtol", "1e-20"], "allowed is 1e-12 to 1e-2"),
    "a negative seed": (["rerun", "numerics", "-p", "seed", "-1"], "allowed is at least 0"),
    "an unknown option": (["rerun", "fig3", "--fast"], "No such option"),
    "a folder with something else": (["rerun", "fig3", "-o", "mine"], "holds files"),
    "a file as a folder": (["rerun", "fig3", "-o", "mine/file"], "is not a folder"),
    "a folder in a file": (["rerun", "fig3", "-o", "mine/file/out"], "does not exist"),
    "a folder in none": (["rerun", "fig3", "-o", "no/such/out"], "does not exist"),
    "a name that is too long": (["rerun", "fig3", "-o", "x" * 300], "too long"),
    "a null byte": (["rerun", "fig3", "-o", "a\0b"], r"'a\x00b' is not the name of a folder"),
    "an empty folder name": (["rerun", "fig3", "-o", ""], "'' is not the name of a folder"),
    "a book with an unknown parameter": (["book", "-p", "thet", "1"], "did you mean 'theta'"),
    "a book with a bad value": (["book", "-p", "theta", "left"], "theta: 'left' is not a number"),
    "a book over something else": (["book", "-o", "mine"], "holds files"),
    "a folder that cannot be written": (["rerun", "fig3", "-o", "/proc/x"], "cannot be written"),
    "an axis without a length": (["rerun", "fig2", "-p", "Delta_min", "3"], "above Delta_min"),
    "the current folder": (["rerun", "fig3", "-o", "."], "is in use"),
    "a parameter where there are none": (["rerun", "model", "-p", "U", "1"], "has none"),
    "a book with a value that one page refuses": (
        ["book", "-p", "points", "2000"],
        "points = 2000: allowed is",
    ),
    "a book that a page of the gallery refuses": (
        ["book", "-p", "kappa_b_max", "1e-7"],
        "kappa_b_max = 1e-07: allowed is",
    ),
    "parameters of an empty name": (["params", ""], "unknown notebook"),
    "parameters of no notebook": (["params", "fig7"], "unknown notebook 'fig7'"),
    "an unknown command": (["reran", "fig3"], "No such command 'reran'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_before_anything_runs(case, tmp_path, monkeypatch):
    arguments, message = BAD[case]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").write_text("mine")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rerun, "execute", lambda paths: pytest.fail("it was run"))
    refused = CliRunner().invoke(cli.main, arguments)
    assert refused.exit_code == 2
    assert isinstance(refused.exception, SystemExit)
    assert message in refused.stderr
    assert len([line for line in refused.stderr.splitlines() if line.startswith("Error:")]) == 1
    assert refused.stdout == ""
    assert contents(tmp_path).keys() == {"mine/file"}


def test_params_lists_what_can_be_given():
    one = CliRunner().invoke(cli.main, ["params", "fig3"])
    assert one.exit_code == 0
    assert re.search(r"^Omega +0\.1 +kappa +at least 0 +amplitude of the drive$", one.stdout, re.M)
    of_all = CliRunner().invoke(cli.main, ["params"])
    assert re.search(r"^seed +63 +number +at least 0 .* numerics$", of_all.stdout, re.M)
    none = CliRunner().invoke(cli.main, ["params", "model"])
    assert none.stdout == "model has no parameters\n"


def page_of_the_book():
    page = nbformat.read(ROOT / "book" / "rerun.ipynb", as_version=4)
    return "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", page_of_the_book(), re.DOTALL)


COMMANDS = [line for block in blocks("bash") for line in block.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [c for c in COMMANDS if not c.startswith((". ", "lossnr book"))]
)
def test_each_command_of_the_page_on_reruns_works(command, tmp_path):
    (tmp_path / "book").symlink_to(ROOT / "book")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True
    )
    # The ledger's exit code says that verdicts differ.
    assert done.returncode == (1 if "claims" in command else 0), done.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("python"))
def test_each_python_example_of_the_page_works(code, tmp_path):
    (tmp_path / "book").symlink_to(ROOT / "book")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def book(out):
    """Build the book with the phase reversed, its gallery as coarse as its other figures."""
    coarse = [
        replace(each, parameters=each.parameters | {"points": COARSE["points"]})
        for each in gallery.listed()
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "listed", lambda: coarse)
        done = CliRunner().invoke(cli.main, [*BOOK, "-o", str(out)])
    assert done.exit_code == 0, done.output
    return out


@pytest.fixture(scope="module")
def reversed_book(tmp_path_factory):
    return book(tmp_path_factory.mktemp("books") / "reversed")


@of_a_book
@pytest.mark.slow
def test_the_whole_book_with_the_phase_reversed(reversed_book):
    pages = reversed_book / "book"
    for page in pages.glob("*.html"):
        assert "What was changed" in page.read_text(), page.name
    verdicts = (pages / "verdicts.html").read_text()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", verdicts))
    assert "one-way-T ✓ reproduced ✗ not reproduced" in words
    assert "The directions are exchanged" in verdicts
    assert (pages / "gallery" / "no-kerr.html").exists()
    for name in notebooks.names():
        assert (pages / f"{name}.html").exists()


@of_a_book
@pytest.mark.slow
def test_two_books_of_the_same_parameters_are_the_same_bytes(reversed_book, tmp_path):
    assert contents(book(tmp_path / "again")) == contents(reversed_book)
