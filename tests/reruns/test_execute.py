"""The executor: notebooks side by side, each in a kernel that is the same for everyone."""

import asyncio
import contextlib
import json

import nbformat
import psutil
import pytest
import zmq
from jupyter_client.kernelspec import NoSuchKernel
from nbformat.v4 import new_code_cell, new_notebook

from lossnr.reruns import execute as executor
from lossnr.reruns.execute import RunError, execute


@pytest.fixture
def write(tmp_path):
    """Write a notebook of some cells; return its path."""

    def write(name, *cells, **metadata):
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=metadata)
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")
        return tmp_path / f"{name}.ipynb"

    return write


def shown(path):
    """Return the text that an executed notebook shows."""
    outputs = [o for c in nbformat.read(path, as_version=4).cells for o in c.outputs]
    return "".join(o.get("text", "") for o in outputs)


def waits_for(path):
    return f"import time\nwhile not __import__('os').path.exists({str(path)!r}): time.sleep(0.05)"


def test_notebooks_run_side_by_side_in_place_and_without_times(write, tmp_path, monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 2)
    one, two = (str(tmp_path / name) for name in ("one", "two"))
    paths = [
        write("first", f"open({one!r}, 'w')", waits_for(two), "print('done')"),
        write("second", waits_for(one), f"open({two!r}, 'w')", "print('done')"),
    ]
    execute(paths)
    for path in paths:
        assert shown(path) == "done\n"
        cells = nbformat.read(path, as_version=4).cells
        assert [cell.execution_count for cell in cells] == [1, 2, 3]
        assert all("execution" not in cell.metadata for cell in cells)


def test_slow_ones_start_first(write, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(executor, "cores", lambda: 1)
    log = str(tmp_path / "log")
    say = f"print(%r, file=open({log!r}, 'a'))"
    execute([write("a", say % "a"), write("b", say % "b", lossnr={"slow": True})])
    assert (tmp_path / "log").read_text() == "b\na\n"
    assert "notebooks: 100%" in capfd.readouterr().err


def test_a_notebook_finds_nothing_of_the_one_before(write, monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 1)
    warns = (
        "import json, warnings\n"
        "seen = vars(json).setdefault('__warningregistry__', {})\n"  # as if json did warn
        "warnings.warn_explicit('once', UserWarning, 'json', 1, registry=seen)"
    )
    first = write("a", "x, get_ipython = 1, None", "x", warns)
    second = write("b", "print('x' in globals(), Out)", "'shown'", warns)
    execute([first, second])
    assert "UserWarning: once" in shown(first)
    assert shown(second).startswith("False {}\n")
    assert "UserWarning: once" in shown(second)
    (result,) = nbformat.read(second, as_version=4).cells[1].outputs
    assert result.execution_count == 2


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("raise ValueError", "cannot forget the notebook before"),
        ("import os; os._exit(1)", "does not answer"),
    ],
)
def test_a_kernel_that_cannot_be_used_again_stops_the_run(write, monkeypatch, cell, words):
    monkeypatch.setattr(executor, "cores", lambda: 1)
    monkeypatch.setattr(executor, "_PATIENCE", 1)
    monkeypatch.setattr(executor, "_EMPTY", cell)
    with pytest.raises(RunError, match=rf"kernel of b.ipynb {words}"):
        execute([write("a", "1"), write("b", "2")])


def test_the_first_failure_stops_all_and_is_told_in_words(write, tmp_path, monkeypatch):
    monkeypatch.setattr(executor, "cores", lambda: 2)
    started = str(tmp_path / "started")
    good = write("good", f"open({started!r}, 'w')\n{waits_for(tmp_path / 'never')}")
    bad = write("bad", "x = 1", f"\nwrong = x\n{waits_for(started)}\nraise ValueError('no\\nway')")
    with pytest.raises(RunError) as failed:
        execute([good, bad])
    assert str(failed.value) == (
        "a cell of bad.ipynb failed, the one that begins with 'wrong = x':\nValueError: no\nway"
    )


def test_the_cell_that_failed_is_the_one_that_is_named(write):
    path = write("x", "raise KeyError('meant')", "2", "# last\nraise OSError('not meant')")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata["tags"] = ["raises-exception"]
    stale = nbformat.v4.new_output("error", ename="Old", evalue="old", traceback=[])
    notebook.cells[1].outputs = [stale]
    nbformat.write(notebook, path)
    with pytest.raises(RunError, match="begins with '# last':\nOSError: not meant"):
        execute([path])


def test_a_kernel_that_dies_is_named_with_its_cell(write):
    with pytest.raises(RunError, match=r"kernel of x.ipynb died in a cell, .* with 'import os; os"):
        execute([write("x", "import os; os._exit(1)")])


@pytest.mark.parametrize(
    "error",
    [
        OSError("no room"),
        RuntimeError("Kernel died before replying"),
        zmq.ZMQError(13),
        NoSuchKernel("python3"),
    ],
)
def test_a_kernel_that_does_not_start_is_told_in_words(write, monkeypatch, error):
    async def fail(*_, **__):
        raise error

    monkeypatch.setattr("jupyter_client.AsyncKernelManager.start_kernel", fail)
    with pytest.raises(RunError, match=f"kernel of x.ipynb does not start: .*{error}"):
        execute([write("x", "1")])


@pytest.mark.parametrize("cell", ["1", "import matplotlib.pyplot as plt\nplt.close()"])
def test_a_cell_of_a_figure_has_to_show_one(write, cell):
    path = write("x", cell)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata["mystnb"] = {"figure": {"name": "x", "caption": "X"}}
    nbformat.write(notebook, path)
    with pytest.raises(RunError, match=r"cell of x.ipynb shows no figure, the one that begins"):
        execute([path])


def test_what_is_needed_besides_stops_all_when_it_fails(write, tmp_path):
    started = tmp_path / "started"

    def check():
        if started.exists():
            raise RunError("no pages")

    path = write("x", f"open({str(started)!r}, 'w')", waits_for(tmp_path / "never"))
    with pytest.raises(RunError, match="no pages"):
        execute([path], check)


def test_a_notebook_takes_its_processes_with_it(write, tmp_path):
    cell = (
        "import subprocess, sys\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(1000)']\n"
        "print(subprocess.Popen(sleep).pid)"
    )
    path = write("x", cell)
    execute([path])
    child = int(shown(path))
    with contextlib.suppress(psutil.NoSuchProcess):
        _, alive = psutil.wait_procs([psutil.Process(child)], timeout=60)
        assert alive == []


def test_it_works_where_an_event_loop_runs_already(write):
    path = write("x", "print('done')")

    async def main():
        execute([path])

    asyncio.run(main())
    assert shown(path) == "done\n"


def test_kernels_and_settings_of_the_reader_are_not_taken(write, tmp_path, monkeypatch):
    folder = tmp_path / "kernels" / "python3"
    folder.mkdir(parents=True)
    spec = {"argv": ["no-such-python"], "display_name": "none", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))
    profile = tmp_path / "ipython" / "profile_default"
    profile.mkdir(parents=True)
    settings = "get_config().InteractiveShell.ast_node_interactivity = 'all'"
    (profile / "ipython_config.py").write_text(settings)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    long = tmp_path / ("x" * 100)  # longer than the path of a socket may be
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    path = write(
        "x",
        "import matplotlib, os, warnings\n'one'\n'two'",
        "warnings.warn('not an error')",
        "assert matplotlib.rcParams['lines.linewidth'] == 1.5",
        "print(matplotlib.get_backend().lower(), os.environ['OMP_NUM_THREADS'], os.listdir())",
    )
    execute([path])
    backend, threads, *files = shown(path).splitlines()[-1].split()
    assert "inline" in backend
    assert threads == "1"
    assert "x.ipynb" not in files
    first, *_ = nbformat.read(path, as_version=4).cells
    assert [output.data["text/plain"] for output in first.outputs] == ["'two'"]
    assert not list(long.iterdir())
