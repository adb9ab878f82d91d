"""The command line: ``lossnr params``, ``rerun``, ``book`` and ``claims``."""

import json
import os
import signal
import sys
import traceback
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context

import click

from .machine import __version__, cores
from .model.device import Device
from .reruns import notebooks, parameters, signals

__all__ = ["main"]


class Failed(click.ClickException):
    """An error message and the exit code."""

    def __init__(self, message, code):
        super().__init__(message)
        self.exit_code = code


class Commands(click.Group):
    """Commands with an exit code for each way to end."""

    def invoke(self, context):
        """Run a command. A signal to stop or a closed output ends it with a message."""
        if sys.stdout is None:
            raise Failed("there is no output to write to", 3)
        try:
            with signals.raised():
                try:
                    return super().invoke(context)
                finally:
                    sys.stdout.flush()
        except KeyboardInterrupt as interrupt:
            number = next(iter(interrupt.args), signal.SIGINT)
            told = "interrupted" if number == signal.SIGINT else "terminated"
            raise Failed(told, 128 + number) from None
        except OSError as error:
            # At exit Python writes the rest of the output to nowhere, without another error.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if isinstance(error, BrokenPipeError):
                raise Failed("the output was closed", 141) from None
            raise Failed(f"the output cannot be written: {error.strerror}", 3) from None
        except BrokenExecutor:
            raise Failed("a process that helped to compute was ended from outside", 3) from None
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception:  # a fault of this program; Python's own exit code, 1, means a verdict
            traceback.print_exc()
            context.exit(3)


@contextmanager
def errors_in_words():
    from .reruns.execute import RunError

    try:
        yield
    except ModuleNotFoundError as error:
        raise Failed(f"{error}: this needs the packages of the book, lossnr[book]", 3) from None
    except RunError as error:
        raise Failed(str(error), 3) from None
    except (OSError, TypeError, ValueError) as error:
        raise Failed(str(error), 2) from None


def with_parameters(of):
    return click.option(
        "-p",
        "pairs",
        nargs=2,
        multiple=True,
        metavar="NAME VALUE",
        help=f"A parameter of {of}, in kappa or rad: a number, or an expression such as 3*pi/4. "
        "May be given several times.",
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lossnr")
def main():
    """The companion to 'Loss-induced quantum nonreciprocity'.

    \b
    Exit codes:
    0    done
    1    claims: done, and a verdict differs from the published one
    2    wrong usage or input
    3    it could not be done: a notebook or the program itself failed, or the output cannot
         be written
    130  interrupted (Ctrl-C)
    141  the output was closed
    143  terminated
    """


@main.command()
@click.argument("notebook", required=False)
def params(notebook):
    """List the parameters of NOTEBOOK, or of all notebooks of the book."""
    with errors_in_words():
        rows = parameters.listing(*([] if notebook is None else [notebooks.find(notebook).stem]))
    if len(rows) == 1:
        click.echo(f"{notebook} has no parameters")
        return
    if notebook:
        rows = [row[:-1] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(map(str.ljust, row, widths)).rstrip())


@main.command()
@click.argument("notebook")
@with_parameters("the notebook")
@click.option("-o", "out", metavar="DIR", help="Output folder (default: lossnr-NOTEBOOK).")
@click.option("--quick", is_flag=True, help="Fewer points, for a first look.")
def rerun(notebook, pairs, out, quick):
    """Run NOTEBOOK with other parameters.

    DIR receives the executed notebook, its page, its figures and data, and a record of the run. An
    earlier result there is replaced when the new one is complete.
    """
    with errors_in_words():
        from .reruns import rerun

        name = notebooks.find(notebook).stem
        out = f"lossnr-{name}" if out is None else out
        rerun.rerun(name, pairs, out, quick=quick)
    click.echo(f"The page is {out}/{name}.html")


@main.command()
@with_parameters("any notebook")
@click.option(
    "-o", "out", metavar="DIR", default="lossnr-book", help="Output folder (default: lossnr-book)."
)
def book(pairs, out):
    """Build the whole book with other parameters, or as published."""
    with errors_in_words():
        from .reruns import rerun

        rerun.rerun_book(pairs, out)
    click.echo(f"The book is in {out}/index.html")


@main.command()
@with_parameters("the device")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@click.pass_context
def claims(context, pairs, as_json):
    """Judge every claim of the paper.

    The exit code is 1 if a verdict differs from the published one.
    """
    with errors_in_words():
        device = Device().replace(**parameters.values(pairs, parameters.of_device()))
        entries = _judged(device)
    from .claims import ORIGINS
    from .claims.ledger import changed, in_plain_text

    entries = in_plain_text(entries)
    differ = changed(entries)
    if as_json:
        click.echo(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        for entry in entries:
            line = "{verdict:15} {id:18} {where}: {note}".format(**entry)
            click.echo(f"{line} [criterion {ORIGINS[entry['origin']]}]")
    for id, (before, now) in differ.items():
        click.echo(f"lossnr: {id} was published as {before} and is now {now}", err=True)
    context.exit(1 if differ else 0)


#: The pages whose claims are judged first and last. Both ends take long at strong drive, and the
#: processes begin there.
_FIRST, _LAST = {"derivation", "fig5"}, {"fig3", "fig4", "noise", "time"}


def _judged(device):
    """Return the ledger. This process takes claims from the end, the others from the start.

    They are processes, since threads do not speed up SymPy and small matrices.
    """
    others = max(1, cores() - 1)
    pool = ProcessPoolExecutor(others, get_context("spawn"), initializer=_prepare)
    # The workers inherit that Ctrl-C is ignored: this process ends them.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    for _ in range(others):
        pool.submit(int)  # each starts one, which imports while this process does
    signal.signal(signal.SIGINT, handler)
    try:
        from .claims.ledger import CLAIMS, entry

        page = {id: each.page for id, each in CLAIMS.items()}
        order = sorted(CLAIMS, key=lambda id: (page[id] in _LAST) - (page[id] in _FIRST))
        shared = {id: pool.submit(entry, id, device) for id in order}
        own = {id: entry(id, device) for id in reversed(order) if shared[id].cancel()}
        return [own.get(id) or shared[id].result() for id in CLAIMS]
    except BaseException:
        for worker in active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare():
    """Import the claims in a worker, which uses one core."""
    os.environ["PYTHON_CPU_COUNT"] = "1"
    from . import claims  # noqa: F401
