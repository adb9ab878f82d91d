r"""The steady state with thermal photons in all baths and dephasing of the Kerr cavities.

With :math:`D[L]\rho = L\rho L^\dagger - \{L^\dagger L, \rho\}/2`, noise adds to Eq. 4

.. math:: \sum_{o=a,b,c} \kappa_o n_{th} \left( D[o] + D[o^\dagger] \right) \rho
          + \gamma_\phi \sum_{q=a,c} D[q^\dagger q]\, \rho .

The normally ordered moments M_mn of `lossnr.solver.hierarchy` then have two more sources,

.. math:: - i \sum_o \frac{\kappa_o n_{th}}{x}\, o^\dagger M_{m-1,n-1}\, o
          - i \gamma_\phi \sum_q n_q M_{mn}\, n_q ,

and :math:`H_m - (i\gamma_\phi/2) \sum_q n_q^2` takes the place of H_m. Thermal photons lead upwards
only, as the drive does, so that every moment keeps its own relative accuracy at weak drive too. The
unit x of the photon numbers is the larger one of :math:`\Omega^2` and :math:`n_{th}`: no moment is
large.

Without Kerr terms the moments are exact. With them the hierarchy is cut at N photons. N begins
where the device without noise has converged, which covers resonances of many photons and
bistability, and grows until one photon more changes nothing.
"""

import json
from copy import copy
from functools import partial
from itertools import product

import numpy as np
import xarray as xr

from ..machine import __version__, one_blas_thread
from ..model.checks import check_accuracy, check_drive, check_number
from ..model.device import DIRECTIONS, LARGEST, check_device
from ..model.fock import occupation
from ..model.names import QUANTITIES
from ..model.observables import change
from ..solver import accuracy
from ..solver.accuracy import ConvergenceError
from ..solver.hierarchy import Hierarchy
from ..solver.krylov import solve_moments
from ..solver.moments import Moments
from ..solver.spectrum import Spectrum, adjoint
from ..solver.states import SteadyStates
from ..solver.steadystate import steady_line
from .arguments import check_numbers

__all__ = ["NoisyDevice", "NoisySpectrum", "noise_sweep", "noisy_state"]

#: Largest m of the P_m.
PHOTONS = 3
#: Largest photon number at which the moments are cut, with two cavities and with three: a solve
#: takes some seconds.
MOST_PHOTONS = {2: 14, 3: 10}
#: With more thermal photons the sum over the moments that gives P_m diverges.
MOST_THERMAL = 0.5
#: It goes on to larger photon numbers if the error may fall this much faster, as a power, than it
#: did.
PROMISE = 2
#: More photons than N may change as much as the last one did, times this: it may have changed
#: little by accident.
CAUTION = 10


def noisy_state(device, drive="a", *, n_th=0.0, gamma_phi=0.0, rtol=1e-6):
    r"""Return the steady state of a driven device with thermal photons and dephasing.

    To the losses of Eq. 4 it adds thermal baths and pure dephasing. Each cavity o has the
    dissipators :math:`\kappa_o (n_{th} + 1) D[o] + \kappa_o n_{th} D[o^\dagger]`, and the Kerr
    cavities q = a, c have :math:`\gamma_\phi D[q^\dagger q]` (in QuTiP the collapse operators
    :math:`\sqrt{\kappa_o (n_{th}+1)}\, o`, :math:`\sqrt{\kappa_o n_{th}}\, o^\dagger`,
    :math:`\sqrt{\gamma_\phi}\, q^\dagger q`). T, g2 and g3 are those of Eqs. 5 and 6: thermal
    photons at the output count as transmitted.

    A few thermal photons spoil the bunching from c to a, where hardly any light arrives:

    >>> from lossnr import Device
    >>> from lossnr.beyond import noisy_state
    >>> [round(noisy_state(Device(), "c", n_th=n_th).g2, 1) for n_th in (0, 1e-5, 1e-3)]
    [72.9, 38.2, 2.1]

    Parameters
    ----------
    device : Device
    drive : {"a", "c"}
        The cavity that is driven; the other one is detected.
    n_th : float
        Thermal occupation of the bath of each cavity, >= 0.
    gamma_phi : float
        Dephasing rate of cavities a and c, in kappa, >= 0.
    rtol : float
        Largest relative error allowed in T, g2, g3 and P_0 ... P_3, from 1e-12 to 1e-2. Where
        rounding errors are larger, `SteadyState.error` says so.

    Returns
    -------
    SteadyState
        Without noise it is that of `lossnr.steady_state`. At Omega = 0 thermal photons give an
        infinite T.

    Raises
    ------
    ConvergenceError
        If the tolerance cannot be reached: at too many thermal photons (from about 0.05 on at the
        default tolerance), or where `lossnr.steady_state` cannot reach it without noise.
    TypeError, ValueError
        For arguments of a wrong type or out of range.
    """
    check_device(device)
    drive = check_drive(drive)
    rtol, _ = check_accuracy(rtol, PHOTONS)
    noise = _checked("n_th", n_th), _checked("gamma_phi", gamma_phi)
    return NoisyDevice(device, drive, rtol).states(*noise)[0, 0].state()


def noise_sweep(device, *, n_th=0.0, gamma_phi=0.0, rtol=1e-6, **axes):
    """Return the steady states of a device with noise, in both directions, along any axes.

    >>> from lossnr import Device
    >>> from lossnr.beyond import noise_sweep
    >>> data = noise_sweep(Device(), n_th=[0, 1e-3])
    >>> data["T"].sel(direction="c->a").values.round(3).tolist()
    [0.002, 0.103]

    Parameters
    ----------
    device : Device
        The parameters that no axis changes.
    n_th, gamma_phi : float or array_like, shape (points,)
        As for `noisy_state`. An array makes an axis.
    rtol : float
        As for `noisy_state`.
    **axes : array_like, shape (points,)
        Values of a parameter of the device, by its name or by a shared symbol of the paper.

    Returns
    -------
    xarray.Dataset
        As `lossnr.sweep` returns it, with the axes of the noise after the others.

    Raises
    ------
    ConvergenceError, TypeError, ValueError
        As `noisy_state` does; ValueError also for an array that is empty or has several dimensions.
    """
    check_device(device)
    rtol, _ = check_accuracy(rtol, PHOTONS)
    noise, values = {"n_th": n_th, "gamma_phi": gamma_phi}, {}
    for name, given in (axes | noise).items():
        low = 0 if name in noise else -LARGEST
        values[name] = check_numbers(name, given, low, LARGEST).tolist()
    found = []
    for point in product(*(values[name] for name in axes)):
        there = NoisyDevice(device.replace(**dict(zip(axes, point, strict=True))), "ac", rtol)
        found += [there.states(*noisy) for noisy in product(*(values[name] for name in noise))]
    found = SteadyStates.join(found).arrays()
    along = [*axes, *(name for name in noise if np.ndim(noise[name]))]
    variables = {}
    for name in ("T", "g2", "g3", "P", "n", "excitations", "error"):
        shape = (2, *(len(values[axis]) for axis in along), *found[name].shape[2:])
        words = {"long_name": QUANTITIES[name].words, "units": QUANTITIES[name].unit}
        dims = ("direction", *along, *(["m"] if name == "P" else []))
        variables[name] = (dims, found[name].reshape(shape), words)
    coordinates = {"direction": list(DIRECTIONS), "m": np.arange(PHOTONS + 1)}
    for name in along:
        words = {"units": QUANTITIES[name].unit}
        coordinates[name] = (name, np.array(values[name], dtype=float), words)
    attributes = {"device": json.dumps(device.parameters()), "rtol": rtol}
    attributes |= {name: values[name][0] for name in noise if name not in along}
    attributes |= {name: float(found[name].max()) for name in ("residual", "error")}
    return xr.Dataset(variables, coordinates, attributes | {"lossnr": __version__})


def _checked(name, value):
    return float(check_number(name, value, 0, LARGEST))


class NoisyDevice:
    """A driven device whose steady states at any noise share what can be shared.

    >>> from lossnr import Device
    >>> noisy = NoisyDevice(Device(), "ac", rtol=1e-3)
    >>> noisy.states(n_th=1e-3, gamma_phi=0).T.round(3).tolist()
    [[1.065], [0.103]]

    Parameters
    ----------
    device : Device
    drives : sequence of {"a", "c"}
        The cavities that are driven in turn.
    rtol : float
    """

    def __init__(self, device, drives, rtol):
        self.device, self.drives, self.rtol = device, drives, rtol
        #: The states without noise.
        self.quiet = steady_line(device, [0.0], rtol=rtol, photons=PHOTONS, drives=tuple(drives))
        self._spectra = {}

    @one_blas_thread()
    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # such values are refused
    def states(self, n_th, gamma_phi):
        """Return the steady states with noise as `SteadyStates` of drives and one point.

        Raises
        ------
        ConvergenceError
            As `noisy_state` does.
        """
        if n_th == gamma_phi == 0:
            return self.quiet
        refuse = partial(self._refuse, n_th, gamma_phi)
        if n_th > MOST_THERMAL:
            refuse(f"more than {MOST_THERMAL} thermal photons")
        if gamma_phi not in self._spectra:
            self._spectra = {gamma_phi: NoisySpectrum(self.device, gamma_phi)}
        spectrum = self._spectra[gamma_phi].heated(n_th)
        moments = Moments(spectrum, PHOTONS, accuracy.LEVELS)
        # The series goes on for two photons beyond any resonance (`lookahead`), this for one.
        first = max(self.quiet.excitations.max() - 1, PHOTONS + 2)
        last = max(first, MOST_PHOTONS[spectrum.cavities])
        old, previous = None, np.inf
        for N in range(first - 1, last + 1):
            hierarchy = Hierarchy(spectrum, self.drives, np.zeros(1))
            solution = solve_moments(hierarchy, N, moments, self.rtol, spectrum.sources)
            if solution is None:
                refuse(f"GMRES does not converge with {N} photons")
            values, rounding, _, unconverged, residual = solution
            if old is not None:
                changed = np.maximum(CAUTION * change(values, old), unconverged)
                settled, error, done = self._settle(values, moments, changed, rounding)
                # Measuring takes two more solves: only where the estimate hides what is known.
                if accuracy.worst(rounding).max() > accuracy.UNRESOLVED:
                    measured = self._measured_rounding(values, n_th, gamma_phi, N, moments)
                    better = self._settle(values, moments, changed, measured)
                    if better[2].all() or not done.all():
                        rounding, (settled, error, done) = measured, better
                if np.all(done & (residual <= accuracy.MAX_RESIDUAL)):
                    break
                remaining = _useful(changed, rounding)
                remaining[accuracy.within(remaining, rounding, self.rtol)] = 0
                worst = float(remaining.max())
                promised = worst * (worst / previous) ** (PROMISE * (last - N))
                if worst == 0:
                    refuse("rounding leaves no digits, or values of no state")
                if last == N or not promised <= self.rtol:
                    refuse(f"with {N} photons the estimated relative error is {worst:.1g}")
                previous = worst
            old = values
        states = moments.states(
            settled,
            excitations=N,
            residual=residual,
            error=np.maximum(error, self.quiet.error),
            method="Krylov",
            rounding=accuracy.worst(rounding),
            done=done,
        )
        states.T = states.T / spectrum.share**2  # from units of x to those of Omega^2
        return states

    def _settle(self, values, moments, changed, rounding):
        changed = _useful(changed, rounding)
        return accuracy.settle(values, moments.scale, changed, rounding, self.rtol)

    def _measured_rounding(self, values, n_th, gamma_phi, N, moments):
        """Return the rounding errors, measured by the changes that a jitter makes.

        The jitter is that of `Spectrum.jittered`.
        """
        spread = np.zeros_like(values)
        for seed in (1, 2):
            spectrum = NoisySpectrum(self.device, gamma_phi, seed).heated(n_th)
            hierarchy = Hierarchy(spectrum, self.drives, np.zeros(1))
            other = solve_moments(hierarchy, N, moments, self.rtol, spectrum.sources)
            spread = np.maximum(spread, np.inf if other is None else change(values, other[0]))
        return accuracy.SWEEPS * accuracy.SPREAD * (spread + np.finfo(float).eps)

    def _refuse(self, n_th, gamma_phi, reason):
        raise ConvergenceError(
            f"n_th = {n_th:g}, gamma_phi = {gamma_phi:g}, Omega = {self.device.Omega:g} are too "
            f"much for rtol = {self.rtol:g} in this device: {reason}; less noise, a smaller Omega "
            "or a larger rtol may do"
        )


def _useful(error, rounding):
    """Return the errors, zero where rounding leaves no digits. T may be dark: it always counts."""
    error = error.copy()
    error[1:][rounding[1:] > accuracy.UNRESOLVED] = 0
    return error


class NoisySpectrum(Spectrum):
    """The spectrum of a device with dephasing; `heated`, with thermal photons too.

    >>> from lossnr import Device
    >>> noisy = NoisySpectrum(Device(), gamma_phi=0.1)
    >>> (Spectrum([Device()]).hamiltonian(1) - noisy.hamiltonian(1)).imag[0].round(3).tolist()
    [[0.05, 0.0, 0.0], [0.0, 0.05, 0.0], [0.0, 0.0, 0.0]]

    Attributes
    ----------
    share : float
        The amplitude of the drive in units of the square root of x.
    thermal : float
        The thermal photons in units of x.
    """

    def __init__(self, device, gamma_phi, noise=None):
        self.gamma_phi, self.thermal, self.share = gamma_phi, 0.0, np.float64(1.0)
        self._jumps = {}
        super().__init__([device], noise=noise)

    def heated(self, n_th):
        """Return the same spectrum with thermal photons; what does not depend on them is shared."""
        if n_th == 0:
            return self
        heated, (device,) = copy(self), self.devices
        x = max(device.Omega**2, n_th)
        heated.devices = [device.replace(Omega=np.sqrt(x))]
        heated.thermal = n_th / x
        heated.share = device.Omega / np.sqrt(x)
        return heated

    def hamiltonian(self, n):
        """Return H_n - (i gamma_phi / 2) sum_q n_q^2, shape (1, d_n, d_n)."""
        squares = (occupation(self.cavities, n)[:, :2] ** 2).sum(axis=1)
        return super().hamiltonian(n) - 0.5j * self.gamma_phi * np.diag(squares)

    def creator(self, k, m):
        """Return the creator of the driven cavity k and its adjoint, times the share."""
        return tuple(self.share * each for each in super().creator(k, m))

    def sources(self, m, n, below, old):
        """Return what noise adds to block (m, n), half of it where m = n (see `solve_moments`)."""
        total = 0
        if self.thermal:
            total += self.thermal * _between(self._raising(m)[0], below, self._raising(n)[1])
        if self.gamma_phi:
            total += self.gamma_phi * _between(self._counting(m)[0], old, self._counting(n)[1])
        return -1j * total * (0.5 if m == n else 1)

    def _raising(self, m):
        """Return sqrt(kappa_o) o^dag to sector m for all cavities o, and their adjoints."""
        if ("raising", m) not in self._jumps:
            device = self.devices[0]
            kappa = [device.kappa_a, device.kappa_c, device.kappa_b][: self.cavities]
            creators = (super(NoisySpectrum, self).creator(k, m)[0] for k in range(len(kappa)))
            raising = [np.sqrt(rate) * each for rate, each in zip(kappa, creators, strict=True)]
            self._jumps["raising", m] = _side_by_side(raising)
        return self._jumps["raising", m]

    def _counting(self, m):
        """Return n_q in sector m for q = a, c, and their adjoints."""
        if ("counting", m) not in self._jumps:
            self.extend(m)
            photons = occupation(self.cavities, m)
            counting = [(self.W[m] * photons[:, q]) @ self.V[m] for q in (0, 1)]
            self._jumps["counting", m] = _side_by_side(counting)
        return self._jumps["counting", m]


def _side_by_side(operators):
    """Return operators, shape (1, d_m, operators, d), and adjoints, (1, operators, d, d_m)."""
    return np.stack(operators, axis=-2), np.stack([adjoint(each) for each in operators], axis=1)


def _between(left, block, right):
    """Return the sum of L block R over pairs of operators, in two products of matrices."""
    left, right = left[0], right[0]
    product = (left.reshape(-1, left.shape[-1]) @ block).reshape(*block.shape[:2], len(left), -1)
    return product @ right.reshape(-1, right.shape[-1])
