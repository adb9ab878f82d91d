"""``python -m lossnr``: the command line."""

from .cli import main

main(prog_name="lossnr")
