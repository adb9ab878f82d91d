"""A rerun that is stopped by a signal leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

from lossnr.reruns.signals import raised

LOSSNR = [sys.executable, "-c", "from lossnr.cli import main; main()"]

STOPPING = [signal.SIGINT, signal.SIGHUP, signal.SIGTERM]


def heeding():
    """Let a child heed signals to stop, which a job in the background inherits as ignored."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_DFL)


@pytest.fixture
def python():
    """Let this process treat all of them as Python treats Ctrl-C."""
    before = {each: signal.signal(each, signal.default_int_handler) for each in STOPPING}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", STOPPING)
def test_a_signal_to_stop_is_an_exception_and_further_ones_are_ignored(number, python):
    def stop():
        with raised():
            try:
                signal.raise_signal(number)
            finally:
                for each in STOPPING:
                    signal.raise_signal(each)

    with pytest.raises(KeyboardInterrupt) as stopped:
        stop()
    assert stopped.value.args == (number,)


@pytest.mark.parametrize(
    ("sent", "when"),
    [
        pytest.param("SIGKILL", rb" [1-9]/\d", marks=pytest.mark.slow),  # a cell is done
        ("SIGTERM", rb" [1-9]/\d"),
        pytest.param("SIGINT", rb"100%", marks=pytest.mark.slow),  # the page is made
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
