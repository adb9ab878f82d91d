"""The command line: ``lossnr claims``."""

import argparse
import json
import sys

from .device import SHARED, Device

__all__ = ["main"]


def main(arguments=None):
    """Run a command and return its exit code: 0 only where what it says it did is done."""
    parser = argparse.ArgumentParser(
        prog="lossnr", description="The companion to 'Loss-induced quantum nonreciprocity'."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    claims = commands.add_parser(
        "claims",
        help="ask every claim of the paper again",
        description="Ask every claim of the paper again. The exit code is 1 where a verdict "
        "differs from the published one.",
    )
    claims.add_argument(
        "-p",
        dest="parameters",
        metavar=("NAME", "VALUE"),
        nargs=2,
        action="append",
        default=[],
        help="a parameter of the device, by its name or a shared symbol "
        f"({', '.join(SHARED)}), in kappa or rad; may be given several times",
    )
    claims.add_argument("--json", action="store_true", help="print a list of objects")
    options = parser.parse_args(arguments)
    try:
        device = Device().replace(**_changes(options.parameters))
    except (TypeError, ValueError) as error:
        parser.exit(2, f"lossnr: {error}\n")
    return _claims(device, as_json=options.json)


def _changes(pairs):
    """Return the parameters given as a dict of numbers."""
    changes = {}
    for name, text in pairs:
        if name in changes:
            raise ValueError(f"{name} is given twice")
        try:
            changes[name] = float(text)
        except ValueError:
            raise ValueError(f"{name} = {text!r}: allowed is a number") from None
    return changes


def _claims(device, as_json):
    from .claims import changed, judge  # SymPy and QuTiP are slow to import

    entries = judge(device)
    differ = changed(entries)
    if as_json:
        json.dump(entries, sys.stdout, indent=2, ensure_ascii=False)
        print()
    else:
        for entry in entries:
            print(f"{entry['verdict']:15} {entry['id']:18} {entry['where']}: {entry['note']}")
    for id, (before, now) in differ.items():
        print(f"lossnr: {id} was published as {before} and is now {now}", file=sys.stderr)
    return 1 if differ else 0
