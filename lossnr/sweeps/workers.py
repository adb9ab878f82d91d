"""The tiles of a sweep: computed by any executor, and kept as soon as they are computed."""

from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from reprlib import repr as short

from tqdm import tqdm

from ..machine import cores, one_blas_thread
from ..solver.accuracy import ConvergenceError
from .checkpoint import Store

__all__ = ["compute"]


def compute(solve, chunks, states, found, executor, progress):
    """Solve the tiles of a sweep that have not been found yet, and keep each one.

    >>> found = {0: {"x": 1}}
    >>> chunks = [[{"Omega": 0.1}], [{"Omega": 0.2}]]
    >>> compute(lambda chunk: {"x": len(chunk)}, chunks, 2, found, None, progress=False)
    >>> found
    {0: {'x': 1}, 1: {'x': 1}}

    Parameters
    ----------
    solve : callable
        Takes a chunk and returns its tile, a dict of arrays; it can be sent to another process.
    chunks : sequence of sequence of dict
        The points of each tile, as changes of the device.
    states : int
        How many steady states a point stands for.
    found : dict or Store
        The tiles by their number; the missing ones are added.
    executor : concurrent.futures.Executor or None
        None for threads on the cores of this machine.
    progress : bool

    Raises
    ------
    ConvergenceError, RuntimeError, KeyboardInterrupt
        As `sweep` does. The tiles that were computed are in ``found``.
    """
    missing = [i for i in range(len(chunks)) if i not in found]
    own = ThreadPoolExecutor(cores()) if executor is None else None
    futures = {}

    def submit(chunk):
        future = (executor or own).submit(solve, chunk)
        if not isinstance(future, Future):
            raise TypeError(f"submit returned {short(future)}, which is no Future")
        return future

    def keep():
        for future, i in futures.items():
            finished = future.done() and not future.cancelled() and future.exception() is None
            if finished and i not in found:
                found[i] = future.result()

    def done():
        keep()
        saved = f" and saved in {found.path}" if isinstance(found, Store) else ""
        return f"{len(found)} of {len(chunks)} tiles were done{saved}"

    def ask(action, *arguments):
        try:
            return action(*arguments)
        except ConvergenceError:
            raise
        except Exception as error:
            raise RuntimeError(f"the executor failed ({error!r}): {done()}") from error

    try:
        with (
            one_blas_thread(),
            tqdm(total=states * sum(map(len, chunks)), unit="state", disable=not progress) as bar,
        ):
            bar.update(bar.total - states * sum(len(chunks[i]) for i in missing))
            for i in missing:
                futures[ask(submit, chunks[i])] = i
            for future in as_completed(futures):
                i = futures[future]
                found[i] = ask(future.result)
                bar.update(states * len(chunks[i]))
    except ConvergenceError:
        keep()
        raise _named_error(chunks[i], solve) from None
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the sweep was interrupted: {done()}") from None
    finally:
        for future in futures:
            future.cancel()
        if own is not None:
            own.shutdown()


def _named_error(chunk, solve):
    """Return the error of the first point of a chunk that cannot be solved, with its parameters."""
    for changes in chunk:
        try:
            solve([changes])
        except ConvergenceError as error:
            where = ", ".join(f"{name} = {value:g}" for name, value in changes.items())
            return ConvergenceError(f"at {where}: {error}" if where else str(error))
    raise AssertionError("the points of a chunk can be solved alone, but not together")
