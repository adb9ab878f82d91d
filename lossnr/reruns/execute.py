"""Execute notebooks in parallel, in as many kernels as there are cores.

A kernel that is done with a notebook takes the next one, with an empty namespace. So modules are
imported once in a kernel, not for each notebook. What a notebook changes in a module stays changed:
those of the book change the style of figures only, each at its start.
"""

import asyncio
import os
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.util import find_spec
from threading import Event

from ..machine import FINDINGS, cores
from .notebooks import figures


class RunError(RuntimeError):
    """A cell or a page failed; the message says where.

    >>> str(RunError("the kernel of fig2.ipynb died"))
    'the kernel of fig2.ipynb died'
    """


def environment(folder):
    """Return environment variables of kernels and of the build of pages, the same for every user.

    BLAS has one thread, because the matrices are small. Kernels that the user has installed and the
    user's settings of IPython and Matplotlib are ignored. The folder holds IPython's settings.

    >>> environment("/tmp/ipython")["OPENBLAS_NUM_THREADS"]
    '1'
    """
    matplotlib = find_spec("matplotlib").origin
    return {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")} | {
        "IPYTHONDIR": str(folder),
        "JUPYTER_PATH": "",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MATPLOTLIBRC": os.path.join(os.path.dirname(matplotlib), "mpl-data", "matplotlibrc"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONSTARTUP": "",
        "PYTHONWARNINGS": "",
    }


# Python's garbage collector would take a twentieth of the time of a kernel. If Dask is installed,
# xarray would import it, which takes a third of a second; no page needs it.
_OPTION = (
    "--IPKernelApp.exec_lines=__import__('gc').set_threshold(50_000); "
    "__import__('sys').modules['dask'] = None"
)

_EMPTY = """
import warnings, IPython
with warnings.catch_warnings():  # which makes Python forget the warnings that it has shown
    IPython.get_ipython().reset()
"""
#: Seconds that a kernel has for this.
_PATIENCE = 60


def execute(paths, check=lambda: None):
    """Execute notebooks, as many at a time as there are cores, and write them in place.

    Notebooks marked as slow are started first. If one fails, the others are stopped. All are
    stopped if a signal raises an exception, or if ``check`` does, which is called ten times a
    second. No kernel is left running.

    >>> execute([])

    Raises
    ------
    RunError
        If a cell fails, or shows no figure where there should be one, or a kernel fails; the
        message gives the page, the first line of the cell and the error.
    """
    stopped = Event()
    # The thread has an event loop of its own: this one may be in use, as in Jupyter.
    thread = ThreadPoolExecutor(1)
    try:
        thread.submit(lambda: asyncio.run(_execute(paths, stopped, check))).result()
    finally:
        stopped.set()
        thread.shutdown()


async def _execute(paths, stopped, check):
    import nbformat
    from tqdm import tqdm

    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    slow = [p for p in paths if notebooks[p].metadata.get("lossnr", {}).get("slow")]
    total = sum(c.cell_type == "code" for each in notebooks.values() for c in each.cells)
    waiting = iter(dict.fromkeys([*slow, *paths]))
    # Threads of kernels that share a core only wait for each other.
    share = str(max(1, cores() // max(1, len(paths))))
    title = paths[0].stem if len(paths) == 1 else "notebooks"
    with (
        tqdm(total=total, desc=title, unit="cell", disable=not paths) as progress,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as findings,
    ):
        variables = {"PYTHON_CPU_COUNT": share, FINDINGS: os.path.abspath(findings)}

        async def in_one_kernel():
            async with AsyncExitStack() as stack:
                kernel = None
                for path in waiting:
                    if kernel is None:
                        kernel = await stack.enter_async_context(_kernel(path.name, variables))
                    else:
                        await _empty(path.name, kernel[1])
                    await _execute_one(path.name, notebooks[path], *kernel, progress)
                    nbformat.write(notebooks[path], path)

        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(_watch(stopped, check))
                await asyncio.gather(*(in_one_kernel() for _ in range(cores())))
                watch.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None


async def _watch(stopped, check):
    """Stop all when the main thread is stopped, or if the check fails."""
    while not stopped.is_set():
        check()
        await asyncio.sleep(0.1)
    raise RunError("the run was stopped")


async def _execute_one(name, notebook, manager, client, progress):
    """Execute a notebook, without recording times."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from zmq import ZMQError

    begun = []
    runner = NotebookClient(
        notebook,
        km=manager,
        record_timing=False,
        on_cell_execute=lambda cell, **_: begun.append(cell),
        on_cell_executed=lambda **_: progress.update(),
    )
    runner.kc = client
    try:
        await runner.async_execute()
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}"
        raise RunError(f"a cell of {name} failed, {_which(begun[-1])}:\n{reason}") from None
    except DeadKernelError:
        where = f" in a cell, {_which(begun[-1])}" if begun else ""
        raise RunError(f"the kernel of {name} died{where}; too little memory?") from None
    except (OSError, ZMQError) as error:
        raise RunError(f"the kernel of {name} cannot be reached: {error}") from None
    for cell in figures(notebook):
        if not any("image/svg+xml" in output.get("data", {}) for output in cell.outputs):
            raise RunError(f"a cell of {name} shows no figure, {_which(cell)}")


async def _empty(name, client):
    """Empty the namespace of a kernel for the next notebook, which shows each warning anew."""
    try:
        reply = await client.execute(_EMPTY, silent=True, reply=True, timeout=_PATIENCE)
    except TimeoutError:
        raise RunError(f"the kernel of {name} does not answer") from None
    if reply["content"]["status"] != "ok":
        raise RunError(f"the kernel of {name} cannot forget the notebook before")


def _which(cell):
    """Return words for a cell: its first line."""
    begins = (cell.source.strip().splitlines() or [""])[0]
    return f"the one that begins with {begins!r}"


@asynccontextmanager
async def _kernel(name, variables):
    """Start a kernel of this Python, with more variables; afterwards end it at once."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    from zmq import ZMQError

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = os.path.abspath(folder)
        # A port may be taken. The path of a file may have about 100 bytes, its name included.
        by_files = hasattr(socket, "AF_UNIX") and len(os.fsencode(folder)) < 80
        manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # none of the user's
            connection_file=os.path.join(folder, "kernel.json"),
            transport="ipc" if by_files else "tcp",
        )
        client = None
        variables = os.environ | environment(folder) | variables | {"TMPDIR": folder}
        try:
            try:
                await manager.start_kernel(env=variables, cwd=folder, extra_arguments=[_OPTION])
                client = manager.client()
                client.allow_stdin = False
                client.start_channels()
                await client.wait_for_ready(timeout=60)
            except (NoSuchKernel, OSError, RuntimeError, ZMQError) as error:
                raise RunError(f"the kernel of {name} does not start: {error}") from None
            yield manager, client
        finally:
            if client is not None:
                client.stop_channels()
            await manager.shutdown_kernel(now=True)  # with all processes that it started
