"""Run a notebook where it is, in a process of its own: ``python -m lossnr.reruns.execute PATH``.

Progress goes to standard error; what went wrong to standard output, in words, with exit code 1.
"""

import os
import sys
from pathlib import Path
from threading import Thread
from time import sleep

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError

from .ports import own_ports

__all__ = ["execute"]


def execute(path):
    """Run a notebook and write it in place, without times and places.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str or None
        What went wrong, in words.
    """
    name = f"book/{path.name}"
    try:
        papermill.execute_notebook(
            str(path), str(path), progress_bar={"desc": path.stem}, cwd=str(path.parent)
        )
    except papermill.PapermillExecutionError as error:
        begins = next(line for line in error.source.splitlines() if line.strip())
        return (
            f"a cell of {name} failed, the one that begins with {begins!r}:\n"
            f"{error.ename}: {error.evalue}"
        )
    except DeadKernelError:
        return f"the kernel of {name} died; too little memory?"
    except RuntimeError as error:
        return f"the kernel of {name} does not start: {error}"
    except OSError as error:
        return f"{name} cannot be run: {error}"
    notebook = nbformat.read(path, as_version=4)
    for holder in (notebook, *notebook.cells):
        holder.metadata.pop("papermill", None)
        holder.metadata.pop("execution", None)
    nbformat.write(notebook, path)
    return None


def end_with(parent):
    """End this process, and with it the kernel, when the one that started it was killed."""
    while os.getppid() == parent:
        sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    own_ports()
    Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    wrong = execute(Path(sys.argv[1]))
    if wrong:
        print(wrong)
        sys.exit(1)
