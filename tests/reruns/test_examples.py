"""The commands and the examples of the page on reruns, as a reader copies them."""

import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import nbformat
import papermill.__main__
import pytest
from click.testing import CliRunner

from lossnr import cli
from lossnr.claims import CLAIMS
from lossnr.reruns import rerun
from lossnr.reruns.execute import RunError

ROOT = Path(__file__).parents[2]


def page_of_the_book():
    page = nbformat.read(ROOT / "book" / "rerun.ipynb", as_version=4)
    return "\n".join(cell.source for cell in page.cells if cell.cell_type == "markdown")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", page_of_the_book(), re.DOTALL)


COMMANDS = [line for block in blocks("bash") for line in block.splitlines()]
ACTIVATE = ". .venv/bin/activate"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Be in a folder with the book."""
    (tmp_path / "book").symlink_to(ROOT / "book")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_has_commands_of_all_kinds():
    kinds = {" ".join(command.split()[:2]) for command in COMMANDS if command != ACTIVATE}
    assert kinds >= {"lossnr rerun", "lossnr book", "lossnr claims", "lossnr params"}
    assert kinds >= {"lossnr --help", "papermill --help-notebook"}


@pytest.mark.parametrize("command", [c for c in COMMANDS if re.match("lossnr (rerun|book)", c)])
def test_each_run_of_the_page_begins(command, monkeypatch):
    """Until the notebooks are executed: other tests do that."""

    def begun(paths, check):
        assert all(path.exists() for path in paths)
        raise RunError("it has begun")

    monkeypatch.setattr(rerun, "jupyter_book", nullcontext)
    monkeypatch.setattr(rerun, "execute", begun)
    done = CliRunner().invoke(cli.main, shlex.split(command)[1:])
    assert (done.exit_code, done.stderr) == (3, "Error: it has begun\n")


@pytest.mark.parametrize("command", [c for c in COMMANDS if re.match("lossnr (-|params)", c)])
def test_each_question_of_the_page_is_answered(command):
    done = CliRunner().invoke(cli.main, shlex.split(command)[1:])
    assert done.exit_code == 0
    assert done.stdout


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("lossnr claims")])
def test_the_ledger_of_the_page_has_verdicts_that_differ(command, monkeypatch):
    """Of the claim that it is about: to judge all of them takes half a minute."""
    monkeypatch.setattr("lossnr.claims.ledger.CLAIMS", {"one-way-T": CLAIMS["one-way-T"]})
    monkeypatch.setattr(cli, "ProcessPoolExecutor", lambda *_, **__: ThreadPoolExecutor(1))
    done = CliRunner().invoke(cli.main, shlex.split(command)[1:])
    assert done.exit_code == 1
    assert "one-way-T was published as reproduced and is now not-reproduced" in done.stderr


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("papermill")])
def test_each_command_of_papermill_works(command, folder):
    arguments = shlex.split(command)[1:]
    runs = not arguments[0].startswith("--")
    # What plain papermill computes is in the test of the notebooks.
    prepare = ["--prepare-only"] if runs else []
    done = CliRunner().invoke(papermill.__main__.papermill, [*arguments, *prepare])
    assert done.exit_code == 0, done.output
    if runs:
        cells = nbformat.read(folder / arguments[1], as_version=4).cells
        (given,) = [c for c in cells if "injected-parameters" in c.metadata.get("tags", [])]
        assert "Omega = 0.05\ntheta = 0.785" in given.source


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("python"))
def test_each_python_example_of_the_page_works(code, folder):
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
