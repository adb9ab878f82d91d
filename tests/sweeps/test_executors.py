"""Sweeps on other workers, interrupted sweeps, and the file that lets one go on."""

import multiprocessing
import os
import re
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lossnr import ConvergenceError, Device, sweep
from lossnr.solver.steadystate import steady_line

#: With a tolerance that is soon reached.
AXES = {"kappa_b": [0.0, 0.5, 1.0, 2.0], "Delta": np.linspace(-1, 1, 5), "rtol": 1e-2}
#: Without loss, b fills beyond what the solver can take.
UNCOUPLED = Device(J_ab=1e-9, J_bc=0, Delta_b=0)
POINTS = {"theta": np.linspace(-1, 1, 100)}  # two tiles without a common detuning

LONG = {"kappa_b": np.linspace(0, 2, 12), "Delta": np.linspace(-1, 1, 3)}
# That sweep in a process of its own, which announces each tile and waits for a line to save it.
ANNOUNCING = """
import numpy as np, signal, sys
import lossnr.sweeps.sweep as module
from lossnr import Device
from lossnr.sweeps.checkpoint import Store

class Announcing(Store):
    def __setitem__(self, number, arrays):
        print("tile", flush=True)
        sys.stdin.readline()
        super().__setitem__(number, arrays)

signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored by the parent
module.Store = Announcing
axes = {"kappa_b": np.linspace(0, 2, 12), "Delta": np.linspace(-1, 1, 3)}
module.sweep(Device(), file=sys.argv[1], photons=2, **axes)
"""


def assert_identical(ours, theirs):
    assert ours.attrs == theirs.attrs
    for name in theirs.variables:
        assert ours[name].values.tobytes() == theirs[name].values.tobytes()


class Counting(Executor):
    """Computes at once, and counts."""

    def __init__(self, fail_after=None):
        self.count, self.fail_after = 0, fail_after

    def submit(self, function, *arguments):
        future = Future()
        if self.count == self.fail_after:
            future.set_exception(MemoryError("no room"))
            return future
        try:
            future.set_result(function(*arguments))
        except ConvergenceError as error:
            future.set_exception(error)
        self.count += 1
        return future


def processes():
    return ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


def test_every_executor_finds_the_same_bytes():
    expected = [sweep(Device(), photons=2, **axes) for axes in (AXES, POINTS)]
    for executor in (ThreadPoolExecutor(1), processes(), Counting()):
        with executor as workers:
            for axes, alone in zip((AXES, POINTS), expected, strict=True):
                assert_identical(sweep(Device(), executor=workers, photons=2, **axes), alone)


@pytest.mark.slow  # a cluster takes a second to start and another one to stop
@pytest.mark.filterwarnings("default")  # what Dask says to itself
def test_two_workers_of_dask_find_the_same_bytes(capsys):
    import distributed  # half a second, for one worker

    cluster = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**cluster) as local, distributed.Client(local) as client:
        ours = sweep(Device(), executor=client.get_executor(), progress=True, **AXES)
    assert_identical(ours, sweep(Device(), **AXES))
    assert "40/40" in capsys.readouterr().err


@pytest.mark.slow
def test_the_example_of_the_book_for_dask_works_as_it_stands(tmp_path):
    page = nbformat.read(Path(__file__).parents[2] / "book" / "numerics.ipynb", as_version=4)
    (example,) = re.findall(r"```python\n(.*?)```", "\n".join(c.source for c in page.cells), re.S)
    (tmp_path / "example.py").write_text(example)
    done = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    assert b"<xarray.Dataset>" in done.stdout
    assert (tmp_path / "map.sqlite").exists()


def test_a_long_line_is_cut_into_tiles_without_a_change_of_a_byte(tmp_path):
    Delta, path = np.linspace(-3, 3, 600), tmp_path / "sweep.sqlite"
    three = Counting()
    ours = sweep(Device(), executor=three, file=path, photons=2, kappa_b=[0.5], Delta=Delta)
    assert three.count == 3
    whole = steady_line(Device(kappa_b=0.5).replace(Delta=0), Delta, photons=2).arrays()
    for name in ("T", "g2", "P", "n", "error"):
        assert ours[name].values.tobytes() == whole[name].tobytes()


def test_a_long_line_that_failed_goes_on_where_it_was(tmp_path):
    Delta, path = np.linspace(-3, 3, 600), tmp_path / "sweep.sqlite"
    with pytest.raises(RuntimeError, match="2 of 3 tiles were done and saved in"):
        sweep(Device(), executor=Counting(fail_after=2), file=path, photons=2, Delta=Delta)
    rest = Counting()
    resumed = sweep(Device(), executor=rest, file=path, photons=2, Delta=Delta)
    assert rest.count == 1
    assert_identical(resumed, sweep(Device(), photons=2, Delta=Delta))


def test_a_point_of_a_line_beyond_the_solver_is_named():
    line = UNCOUPLED.replace(kappa_b=0)
    with pytest.raises(ConvergenceError, match=r"at Omega = 0.1, Delta = 0: .*too strong"):
        sweep(line, Omega=[0.1], Delta=[0.5, 0.0])


def test_a_worker_that_dies_is_reported(tmp_path):
    path = tmp_path / "sweep.sqlite"
    with processes() as workers:
        doomed = workers.submit(os._exit, 1)
        with pytest.raises(RuntimeError, match=rf"sweep failed .* of 4 tiles were .*{path}"):
            sweep(Device(), executor=workers, file=path, **AXES)
    assert doomed.exception() is not None
    assert_identical(sweep(Device(), file=path, **AXES), sweep(Device(), **AXES))


def test_a_point_beyond_the_solver_is_named_by_every_executor():
    with pytest.raises(ConvergenceError, match=r"at kappa_b = 0: .*too strong"):
        sweep(UNCOUPLED, executor=Counting(), kappa_b=[1.0, 0.0])


def test_an_executor_is_wanted():
    with pytest.raises(TypeError, match=r"executor = 2: allowed is an executor of concurrent"):
        sweep(Device(), executor=2)


def test_an_executor_whose_submit_makes_no_future_is_named():
    class Careless(Executor):
        def submit(self, function, *arguments):
            return function(*arguments)

    with pytest.raises(RuntimeError, match=r"sweep failed .*no Future.* 0 of 4 tiles were done"):
        sweep(Device(), executor=Careless(), **AXES)


def test_tiles_beside_a_point_beyond_the_solver_are_saved(tmp_path):
    path, axes = tmp_path / "sweep.sqlite", {"kappa_b": [0.0, 1.0], "Delta": [0.0]}
    with pytest.raises(ConvergenceError, match="at kappa_b = 0"):
        sweep(UNCOUPLED, executor=Counting(), file=path, **axes)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT number FROM tile").fetchall() == [(1,)]


def test_a_sweep_that_failed_goes_on_where_it_was(tmp_path):
    path, failing, working = tmp_path / "sweep.sqlite", Counting(fail_after=2), Counting()
    with pytest.raises(RuntimeError, match=r"no room.*2 of 4 tiles were done and saved in"):
        sweep(Device(), executor=failing, file=path, **AXES)
    resumed = sweep(Device(), executor=working, file=path, **AXES)
    assert (failing.count, working.count) == (2, 2)
    assert_identical(resumed, sweep(Device(), **AXES))
    finished = Counting()
    assert_identical(sweep(Device(), executor=finished, file=path, **AXES), resumed)
    assert finished.count == 0


def start(path):
    return subprocess.Popen(
        [sys.executable, "-c", ANNOUNCING, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def save(process):
    """Wait for the next tile, and let it be saved."""
    assert process.stdout.readline() == "tile\n"
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_sweep_that_was_killed_goes_on_where_it_was(tmp_path):
    path, tiles = tmp_path / "sweep.sqlite", 4
    with start(path) as process:
        for _ in range(tiles):
            save(process)
        process.kill()  # while the last one of these is being written
    with sqlite3.connect(path) as database:
        (saved,) = database.execute("SELECT count(*) FROM tile").fetchone()
    assert tiles - 1 <= saved <= tiles
    rest = Counting()
    resumed = sweep(Device(), executor=rest, file=path, photons=2, **LONG)
    assert rest.count == 12 - saved
    assert_identical(resumed, sweep(Device(), photons=2, **LONG))


def test_ctrl_c_ends_with_what_was_done(tmp_path):
    with start(tmp_path / "sweep.sqlite") as process:
        for _ in range(3):
            save(process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode != 0
    message = errors.strip().splitlines()[-1]
    assert message.startswith("the sweep was interrupted: ")
    assert "of 12 tiles were done and saved in" in message


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"rtol": 1e-5}, "rtol"),
        ({"photons": 2}, "photons"),
        ({"Delta": [0.0]}, "axes"),
        ({"Delta": -AXES["Delta"]}, "axes"),
        ({"device": Device(U_a=3)}, "device"),
    ],
)
def test_a_file_of_another_sweep_is_refused(tmp_path, change, name):
    path = tmp_path / "sweep.sqlite"
    sweep(Device(), file=path, **AXES)
    before = path.read_bytes()
    arguments = {"device": Device(), **AXES} | change
    with pytest.raises(ValueError, match=rf"sweep\.sqlite'.*of another sweep: {name} = .* there"):
        sweep(arguments.pop("device"), file=path, **arguments)
    assert path.read_bytes() == before


def test_a_file_of_the_same_axes_in_another_order_is_refused(tmp_path):
    # Tiles are numbered in that order.
    path = tmp_path / "sweep.sqlite"
    first, second = {"kappa_b": [0.5, 1.0]}, {"theta": [0.1, 0.2, 0.3]}
    sweep(Device(), file=path, **first, **second)
    with pytest.raises(ValueError, match="of another sweep: axes = "):
        sweep(Device(), file=path, **second, **first)


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path):
    text, database = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    columns = tmp_path / "columns.sqlite"
    text.write_text("not a database, but longer than the head of one would be" * 20)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with sqlite3.connect(columns) as connection:
        connection.executescript("CREATE TABLE question (x); CREATE TABLE tile (y)")
    for path in (text, database, columns):
        before = path.read_bytes()
        with pytest.raises(ValueError, match="it is not the file of a sweep"):
            sweep(Device(), file=path, **AXES)
        assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE tile SET npz = substr(npz, 1, 500) WHERE number = 2",
        "UPDATE tile SET npz = 'a text' WHERE number = 2",
        "UPDATE tile SET npz = zeroblob(0) WHERE number = 2",
        "UPDATE tile SET npz = 7 WHERE number = 2",
        "UPDATE tile SET npz = (SELECT npz FROM tile WHERE number = 1) WHERE number = 2",
        "UPDATE tile SET number = 4 WHERE number = 2; UPDATE tile SET number = 2 WHERE number = 3",
        "UPDATE question SET json = CAST(x'ff' AS TEXT) WHERE name = 'rtol'",
        "DROP TABLE tile; CREATE TABLE tile (x)",
    ],
)
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "sweep.sqlite"
    sweep(Device(), file=path, **AXES)
    with sqlite3.connect(path) as database:
        database.executescript(damage)
    with pytest.raises(ValueError, match="it is not the file of a sweep, or it is damaged"):
        sweep(Device(), file=path, **AXES)


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(ValueError, match=r"fifo'.*not the file of a sweep"):
        sweep(Device(), file=fifo, **AXES)
    with pytest.raises(OSError, match="unable to open"):
        sweep(Device(), file=tmp_path / ("x" * 300), **AXES)
    (tmp_path / "closed").mkdir(mode=0o500)
    if not os.access(tmp_path / "closed", os.W_OK):  # root may write anywhere
        with pytest.raises(OSError, match="unable to open"):
            sweep(Device(), file=tmp_path / "closed" / "x", **AXES)


def test_a_name_that_sqlite_keeps_for_itself_is_a_file_like_any_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sweep(Device(), file=":memory:", **AXES)
    again = Counting()
    sweep(Device(), executor=again, file=":memory:", **AXES)
    assert again.count == 0


def test_a_file_is_used_by_one_sweep_at_a_time(tmp_path):
    path = tmp_path / "sweep.sqlite"

    class Meanwhile(Counting):
        def submit(self, *arguments):
            with pytest.raises(ValueError, match="another sweep is using it"):
                sweep(Device(), file=path, **AXES)
            return super().submit(*arguments)

    sweep(Device(), executor=Meanwhile(), file=path, **AXES)


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        (3, TypeError, "file = 3: allowed is a path"),
        (b"bytes", TypeError, "file = b'bytes': allowed is a path"),
        ("", ValueError, "file = '': allowed is"),
        ("a\0b", ValueError, "allowed is the path of a file"),
        ("no/such/folder/x", FileNotFoundError, "its folder does not exist"),
        (".", ValueError, r"file = '\.': it is a folder"),
    ],
)
def test_a_bad_path_is_named(path, error, message):
    with pytest.raises(error, match=message):
        sweep(Device(), file=path, **AXES)


@pytest.mark.parametrize("seed", range(3))
def test_any_damage_is_told_in_words_or_does_no_harm(tmp_path, seed):
    path, damaged = tmp_path / "sweep.sqlite", tmp_path / "damaged.sqlite"
    right = sweep(Device(), file=path, photons=2, **AXES)
    rng, whole = np.random.default_rng(seed), path.read_bytes()
    for _ in range(60):
        content = bytearray(whole)
        for place in rng.integers(len(content), size=rng.integers(1, 5)):
            content[place] = rng.integers(256)
        damaged.write_bytes(content)
        try:
            found = sweep(Device(), file=damaged, photons=2, **AXES)
        except (ValueError, OSError) as error:
            if "damaged.sqlite" not in str(error):
                raise
        else:
            assert_identical(found, right)
