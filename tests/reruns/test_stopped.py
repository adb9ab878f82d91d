"""A rerun that is stopped by a signal leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

LOSSNR = [sys.executable, "-c", "from lossnr.cli import main; main()"]


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
