"""The commands and the examples of the page on reruns, as a reader copies them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]


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
