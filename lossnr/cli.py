"""The command line: ``lossnr params``, ``rerun``, ``book`` and ``claims``."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context

import click

from .machine import __version__, cores
from .model.device import Device
from .reruns import notebooks, parameters

__all__ = ["main"]


class Refused(click.ClickException):
    """An error message. Its exit code is 2, since 1 means that a verdict differs."""

    exit_code = 2


@contextmanager
def errors_in_words():
    from .reruns.execute import RunError

    try:
        yield
    except ModuleNotFoundError as error:
        raise Refused(f"{error}: this needs the packages of the book, lossnr[book]") from None
    except (OSError, TypeError, ValueError, RunError) as error:
        raise Refused(str(error)) from None


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lossnr")
def main():
    """The companion to 'Loss-induced quantum nonreciprocity'.

    The exit code is 0 only if the command succeeded.
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
@click.option("-o", "out", metavar="DIR", help="Where to; lossnr-NOTEBOOK if not given.")
@click.option("--quick", is_flag=True, help="Fewer points, for a first look.")
def rerun(notebook, pairs, out, quick):
    """Run NOTEBOOK with other parameters.

    In DIR: the executed notebook, its page, its figures and data, and a record of what was run. An
    earlier result there is replaced when the new one is whole.
    """
    from .reruns import rerun

    with errors_in_words():
        name = notebooks.find(notebook).stem
        out = f"lossnr-{name}" if out is None else out
        rerun.rerun(name, pairs, out, quick=quick)
    click.echo(f"The page is {out}/{name}.html")


@main.command()
@with_parameters("any notebook")
@click.option("-o", "out", metavar="DIR", default="lossnr-book", help="Where to; lossnr-book.")
def book(pairs, out):
    """Build the whole book with other parameters, or as published."""
    from .reruns import rerun

    with errors_in_words():
        rerun.rerun_book(pairs, out)
    click.echo(f"The book is in {out}/index.html")


@main.command()
@with_parameters("the device")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
@click.pass_context
def claims(context, pairs, as_json):
    """Ask every claim of the paper again.

    The exit code is 1 where a verdict differs from the published one.
    """
    with errors_in_words():
        device = Device().replace(**parameters.values(pairs, parameters.of_device()))
    # In processes, since SymPy and small matrices give threads no gain. This one takes a share too:
    # that of the second page, Fig. 2, which takes longest.
    count = min(cores(), 5)  # pages with claims
    own, *others = sorted(range(count), key=lambda k: k != 1)
    with ProcessPoolExecutor(max(1, count - 1), get_context("spawn")) as pool:
        shares = pool.map(partial(_share_of_claims, device, count), others)
        found = {entry["id"]: entry for entry in _share_of_claims(device, count, own)}
        found |= {entry["id"]: entry for share in shares for entry in share}
    from .claims import CLAIMS, changed
    from .claims.ledger import in_plain_text

    entries = in_plain_text([found[id] for id in CLAIMS])
    differ = changed(entries)
    if as_json:
        json.dump(entries, sys.stdout, indent=2, ensure_ascii=False)
        click.echo()
    else:
        for entry in entries:
            verdict, where = entry["verdict"], entry["where"]
            click.echo(f"{verdict:15} {entry['id']:18} {where}: {entry['note']}")
    for id, (before, now) in differ.items():
        click.echo(f"lossnr: {id} was published as {before} and is now {now}", err=True)
    context.exit(1 if differ else 0)


def _share_of_claims(device, count, k):
    """Return the entries of every count-th page of the ledger, from the k-th on."""
    from .claims import CLAIMS, judge

    pages = list(dict.fromkeys(each.page for each in CLAIMS.values()))
    return [entry for page in pages[k::count] for entry in judge(device, page=page)]
