"""``python -m lossnr``: the command line."""

from .cli import main

if __name__ == "__main__":  # not in the processes that it starts
    main(prog_name="lossnr")
