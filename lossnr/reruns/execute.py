"""Execute notebooks side by side, each in a kernel of its own."""

import asyncio
import os
import socket
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Event

from ..machine import cores


class RunError(RuntimeError):
    """A cell or a page failed; the message says where.

    >>> str(RunError("the kernel of fig2.ipynb died"))
    'the kernel of fig2.ipynb died'
    """


def environment(folder):
    """Return the variables that a kernel finds in its environment, the same for everyone.

    BLAS has one thread: the matrices are small, and threads that wait for each other on a busy
    machine are slow. IPython takes no settings of the user; those of this run are in the folder.

    >>> environment("/tmp/ipython")["OPENBLAS_NUM_THREADS"]
    '1'
    """
    return {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")} | {
        "IPYTHONDIR": str(folder),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONSTARTUP": "",
        "PYTHONWARNINGS": "",
    }


def execute(paths):
    """Execute notebooks, as many at a time as there are cores, and write them in place.

    Those that are marked as slow are started first. If one fails, all others are stopped; a signal
    that raises an exception stops all. No kernel is left running.

    >>> execute([])

    Raises
    ------
    RunError
        If a cell fails, or a kernel dies; the message gives the page, the first line of the cell
        and the error.
    """
    stopped = Event()
    # The thread has an event loop of its own: this one may be in use, as in Jupyter.
    thread = ThreadPoolExecutor(1)
    try:
        thread.submit(lambda: asyncio.run(_execute(paths, stopped))).result()
    finally:
        stopped.set()
        thread.shutdown()


async def _execute(paths, stopped):
    import nbformat
    from tqdm import tqdm

    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    slow = [p for p in paths if notebooks[p].metadata.get("lossnr", {}).get("slow")]
    cells = [cell for notebook in notebooks.values() for cell in notebook.cells]
    total = sum(cell.cell_type == "code" for cell in cells)
    free = asyncio.Semaphore(cores())
    # Threads of kernels that share a core only wait for each other.
    share = str(max(1, cores() // max(1, len(paths))))
    title = paths[0].stem if len(paths) == 1 else "notebooks"
    with tqdm(total=total, desc=title, unit="cell", disable=not paths) as progress:

        async def one(path):
            async with free:
                await _execute_one(path.name, notebooks[path], share, progress)
            nbformat.write(notebooks[path], path)

        try:
            async with asyncio.TaskGroup() as group:
                watch = group.create_task(_watch(stopped))
                await asyncio.gather(*map(one, dict.fromkeys([*slow, *paths])))
                watch.cancel()
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None


async def _watch(stopped):
    """Stop all when the main thread is stopped."""
    while not stopped.is_set():
        await asyncio.sleep(0.1)
    raise RunError("the run was stopped")


async def _execute_one(name, notebook, share, progress):
    """Execute a notebook, without recording times."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    try:
        async with _kernel(share) as (manager, client):
            runner = NotebookClient(
                notebook,
                km=manager,
                record_timing=False,
                on_cell_executed=lambda **_: progress.update(),
            )
            runner.kc = client
            await runner.async_execute()
    except CellExecutionError as error:
        begins = next(line for line in _failed(notebook).splitlines() if line.strip())
        raise RunError(
            f"a cell of {name} failed, the one that begins with {begins!r}:\n"
            f"{error.ename}: {error.evalue}"
        ) from None
    except DeadKernelError:
        raise RunError(f"the kernel of {name} died; too little memory?") from None
    except RuntimeError as error:
        raise RunError(f"the kernel of {name} does not start: {error}") from None


def _failed(notebook):
    """Return the source of the cell that failed."""
    return next(
        cell.source
        for cell in notebook.cells
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    )


@asynccontextmanager
async def _kernel(share):
    """Start a kernel of this Python, with its share of the cores; afterwards end it at once."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = os.path.abspath(folder)
        manager = AsyncKernelManager(
            kernel_name="python3",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # none of the user's
            connection_file=os.path.join(folder, "kernel.json"),
            transport=_transport(folder),
        )
        variables = os.environ | environment(folder)
        variables |= {"PYTHON_CPU_COUNT": share, "TMPDIR": folder}
        await manager.start_kernel(env=variables, cwd=folder)
        client = manager.client()
        client.allow_stdin = False
        try:
            client.start_channels()
            await client.wait_for_ready(timeout=60)
            yield manager, client
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)


def _transport(folder):
    """Return how to talk to a kernel: by files where they can be, as a port may be taken."""
    fits = len(os.fsencode(folder)) < 80  # the system's limit is about 100, the name included
    return "ipc" if hasattr(socket, "AF_UNIX") and fits else "tcp"
