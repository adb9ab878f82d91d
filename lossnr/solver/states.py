"""The results of the solver: many steady states in arrays, filled in as they are found."""

from dataclasses import dataclass, fields

import numpy as np

from ..model.observables import SteadyState

__all__ = ["SteadyStates"]


@dataclass(eq=False)
class SteadyStates:
    """Steady states for one or both driven cavities at a number of points, as arrays.

    An index ``[drives, points]`` selects some of them, and assigns others to their places.

    >>> from lossnr import Device
    >>> from lossnr.solver.steadystate import steady_line
    >>> line = steady_line(Device(), [0, 0.5], drives=("a",))
    >>> line.T.shape, line.P.shape, line[0, 1].state().method
    ((1, 2), (1, 2, 4), 'series')
    >>> states = SteadyStates.blank(drives=1, points=3, photons=3)
    >>> states[:, 1:] = line
    >>> states.done.tolist()
    [[False, True, True]]

    Attributes
    ----------
    T, g2, g3, n, error, residual : ndarray, shape (drives, points)
        As `SteadyState` has them.
    P : ndarray, shape (drives, points, photons + 1)
    excitations : ndarray of int, shape (drives, points)
    method : ndarray of str, shape (drives, points)
    rounding : ndarray, shape (drives, points)
        The largest relative rounding error, of unresolved observables too.
    done : ndarray of bool, shape (drives, points)
        Where the tolerance is reached.
    """

    T: np.ndarray
    g2: np.ndarray
    g3: np.ndarray
    P: np.ndarray
    n: np.ndarray
    excitations: np.ndarray
    residual: np.ndarray
    error: np.ndarray
    method: np.ndarray
    rounding: np.ndarray
    done: np.ndarray

    @classmethod
    def blank(cls, drives, points, photons):
        """Return states of which none is known yet."""
        kinds = {"excitations": int, "method": "U8", "done": bool}

        def array(name):
            more = (photons + 1,) if name == "P" else ()
            return np.zeros((drives, points, *more), kinds.get(name, float))

        return cls(*(array(field.name) for field in fields(cls)))

    @classmethod
    def join(cls, parts):
        """Return the states of several objects as one, points after points."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(p, name) for p in parts], axis=1) for name in names))

    def __getitem__(self, where):
        return SteadyStates(*(getattr(self, field.name)[where] for field in fields(self)))

    def __setitem__(self, where, part):
        for field in fields(self):
            getattr(self, field.name)[where] = getattr(part, field.name)

    def arrays(self):
        """Return the attributes of `SteadyState` as a dict of arrays."""
        return {field.name: getattr(self, field.name) for field in fields(SteadyState)}

    def state(self):
        """Return the only state, of an index of one drive and one point, as a `SteadyState`."""
        numbers = {name: values.item() for name, values in self.arrays().items() if name != "P"}
        return SteadyState(P=self.P, **numbers)
