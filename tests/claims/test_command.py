"""The command: it prints the ledger, and tells a verdict that differs from a fault by its code."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from lossnr import cli
from lossnr.claims import CLAIMS, published
from lossnr.claims.ledger import in_plain_text

pytestmark = pytest.mark.xdist_group("claims")  # the ledger is evaluated once


@pytest.fixture
def claims(monkeypatch):
    # In this process, which knows the ledger already.
    monkeypatch.setattr(cli, "ProcessPoolExecutor", lambda *_, **__: ThreadPoolExecutor(1))
    return lambda *arguments: CliRunner().invoke(cli.main, ["claims", *arguments])


def test_the_command_prints_the_ledger(claims, ledger):
    as_json, words = claims("--json"), claims()
    assert as_json.exit_code == words.exit_code == 0
    assert json.loads(as_json.stdout) == in_plain_text(ledger.values())
    assert all(f" {id} " in words.stdout for id in CLAIMS)


def test_the_command_says_which_verdict_changed(claims, ledger, monkeypatch):
    monkeypatch.setattr(
        "lossnr.claims.ledger.published", lambda: published() | {"eq13": "corrected"}
    )
    done = claims()
    assert done.exit_code == 1
    assert "eq13 was published as corrected and is now reproduced" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "thet", "1"], "unknown parameter 'thet': did you mean 'theta'"),
        (["-p", "theta", "x"], "theta: 'x' is not a number"),
        (["-p", "kappa_b", "-1"], "kappa_b = -1.0: allowed is a finite real number >= 0"),
        (["-p", "theta", "nan"], "theta: 'nan' is not a number"),
        (["-p", "U", "1", "-p", "U", "2"], "U is given twice"),
        (["-p", "U", "1", "-p", "U_a", "2"], "U_a is given twice"),
        (["-p", "U"], "Option '-p' requires 2 arguments"),
        (["--jsn"], "No such option"),
    ],
)
def test_the_command_refuses_bad_input_with_a_word(claims, arguments, message):
    refused = claims(*arguments)
    assert refused.exit_code == 2
    assert message in refused.stderr
    assert refused.stdout == ""


PARAMS = [sys.executable, "-m", "lossnr", "params"]


@pytest.mark.parametrize(
    ("stop", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted"),
        pytest.param(signal.SIGTERM, 143, "terminated", marks=pytest.mark.slow),
    ],
)
def test_a_signal_ends_the_command_and_its_workers(stop, code, word):
    # A background job ignores Ctrl-C, and so would its children. The last claim is the first that
    # the command judges itself; it says so.
    command = """if __name__ == "__main__":
        import dataclasses, signal
        from lossnr.claims import CLAIMS
        from lossnr.cli import main
        signal.signal(signal.SIGINT, signal.default_int_handler)
        id, last = CLAIMS.popitem()
        measure = lambda device: print("judging", flush=True) or last.measure(device)
        CLAIMS[id] = dataclasses.replace(last, measure=measure)
        main(["claims"])
    """
    with subprocess.Popen(
        [sys.executable, "-c", command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHON_CPU_COUNT": "2"},
    ) as process:
        assert process.stdout.readline() == "judging\n"
        # Ctrl-C reaches all processes of the group.
        os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
        said = process.communicate()[1]  # until the last worker has ended
    assert (process.returncode, said) == (code, f"Error: {word}\n")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("RuntimeError('a fault')", "RuntimeError: a fault"),
        ("BrokenExecutor()", "Error: a process that helped to compute was ended from outside"),
    ],
)
def test_a_fault_is_no_changed_verdict(error, said):
    command = f"""if __name__ == "__main__":
        from concurrent.futures import BrokenExecutor
        from lossnr import cli
        def fail(*names):
            raise {error}
        cli.parameters.listing = fail
        cli.main(["params"])
    """
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (3, said)


def test_an_output_that_takes_nothing_is_no_changed_verdict():
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            done = subprocess.run(PARAMS, stdout=full, stderr=subprocess.PIPE, text=True)
        said = "Error: the output cannot be written: No space left on device\n"
        assert (done.returncode, done.stderr) == (3, said)
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(PARAMS, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    assert (done.returncode, done.stderr) == (141, "Error: the output was closed\n")
