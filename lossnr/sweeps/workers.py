"""The tiles of a sweep: computed by any executor, and kept as soon as they are computed."""

from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from reprlib import repr as short

import numpy as np
from tqdm import tqdm

from ..machine import cores, one_blas_thread
from ..solver.accuracy import ConvergenceError
from .checkpoint import Store


@dataclass(frozen=True)
class Tile:
    """Points that are solved together: changes of the device, or one change and a line of Delta.

    >>> Tile([{"Omega": 0.1}], np.array([0.3, 0.5])).changes()
    [{'Omega': 0.1, 'Delta': 0.3}, {'Omega': 0.1, 'Delta': 0.5}]
    """

    points: list
    Delta: np.ndarray | None = None

    def __len__(self):
        return len(self.points if self.Delta is None else self.Delta)

    def changes(self):
        """Return the changes of the device at each point."""
        if self.Delta is None:
            return self.points
        return [self.points[0] | {"Delta": value} for value in self.Delta.tolist()]


def compute(solve, tiles, found, executor, progress):
    """Solve the tiles of a sweep that are missing in ``found``, and add each one.

    ``solve`` returns the states of a tile, two for each point, as a dict of arrays. It can be sent
    to another process. ``found``, a dict or `Store`, holds tiles by their number. Errors are those
    of `sweep`; ``found`` then keeps the tiles computed before. The default executor has threads.

    >>> found = {0: {"x": 1}}
    >>> compute(lambda tile: {"x": len(tile)}, [Tile([{}]), Tile([{}, {}])], found, None, False)
    >>> found
    {0: {'x': 1}, 1: {'x': 2}}

    Raises
    ------
    ConvergenceError, RuntimeError, KeyboardInterrupt
    """
    missing = [i for i in range(len(tiles)) if i not in found]
    pool = executor or ThreadPoolExecutor(cores())
    futures = {}

    def submit(tile):
        future = pool.submit(solve, tile)
        if not isinstance(future, Future):
            raise TypeError(f"submit returned {short(future)}, which is no Future")
        return future

    def keep():
        """Keep the tiles that are done, and say how many these are."""
        for future, i in futures.items():
            finished = future.done() and not future.cancelled() and future.exception() is None
            if finished and i not in found:
                found[i] = future.result()
        saved = f" and saved in {found.path}" if isinstance(found, Store) else ""
        return f"{len(found)} of {len(tiles)} tiles were done{saved}"

    def ask(action, *arguments):
        try:
            return action(*arguments)
        except ConvergenceError:
            raise
        except Exception as error:
            raise RuntimeError(f"the sweep failed ({error!r}): {keep()}") from error

    try:
        with (
            one_blas_thread(),  # the threads are these, not those of BLAS
            tqdm(total=2 * sum(map(len, tiles)), unit="state", disable=not progress) as bar,
        ):
            bar.update(bar.total - 2 * sum(len(tiles[i]) for i in missing))
            for i in missing:
                futures[ask(submit, tiles[i])] = i
            for future in as_completed(futures):
                i = futures[future]
                found[i] = ask(future.result)
                bar.update(2 * len(tiles[i]))
    except ConvergenceError as error:
        keep()
        raise _named_error(error, tiles[i]) from None
    except KeyboardInterrupt as interrupt:  # its argument is the signal's number, if it has one
        interrupt.add_note(f"the sweep was interrupted: {keep()}")
        raise
    finally:
        for future in futures:
            future.cancel()
        if pool is not executor:
            pool.shutdown()


def _named_error(error, tile):
    """Return the error of a tile with the parameters of the point that cannot be solved."""
    changes = tile.changes()[error.point]
    where = ", ".join(f"{name} = {value:g}" for name, value in changes.items())
    return ConvergenceError(f"at {where}: {error}" if where else str(error))
