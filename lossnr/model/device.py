"""The device: three coupled cavities, their parameters and their limits (Eqs. 1-4, 16, 17)."""

from dataclasses import dataclass, field, fields
from math import pi, sin, sqrt, tan
from reprlib import repr as short

from .checks import is_number, scalar, unknown

#: Largest size of a parameter, in kappa or rad. With larger ones the smallest terms of the
#: equations are lost to double precision.
LARGEST = 1e5

#: The driven and the detected cavity of each direction of the light.
DIRECTIONS = {"a->c": ("a", "c"), "c->a": ("c", "a")}
#: The opposite direction of each direction.
OPPOSITE = {"a->c": "c->a", "c->a": "a->c"}

#: The paper's shared symbols and the parameters that each one sets.
SHARED = {
    "Delta": ("Delta_a", "Delta_b", "Delta_c"),
    "kappa": ("kappa_a", "kappa_c"),
    "U": ("U_a", "U_c"),
    "J": ("J_ab", "J_bc"),
}


def _parameter(default, allowed="any real number"):
    return field(default=default, metadata={"allowed": allowed})


@dataclass(frozen=True, init=False)
class Device:
    r"""Three coupled cavities driven through one of them: the parameters of Eqs. 1-4.

    In the frame that rotates with the drive, with :math:`\hbar = 1`, the Hamiltonian of Eq. 3 is

    .. math::

        H_t = {}& \sum_{o=a,b,c} \Delta_o o^\dagger o
            + \sum_{o=a,c} U_o o^\dagger o^\dagger o o \\
            & + (J_{ac} e^{i\theta} a c^\dagger + J_{ab} a b^\dagger + J_{bc} c b^\dagger + h.c.) \\
            & + \Omega (d^\dagger + d),

    with d = a or c for the driven cavity. Each cavity o loses photons at the rate
    :math:`\kappa_o`, Eq. 4. A device is frozen; `replace` makes a changed copy.

    Every parameter is a keyword with the paper's symbol as its name. Rates are in units of kappa,
    theta is in radians, and no parameter exceeds 1e5 in size. The defaults are the working point
    of the paper's Fig. 2: Eq. 16 at :math:`\theta = -\pi/4`.

    Two conventions: m photons in a or c shift the energy by :math:`U_o m(m-1)`, without the factor
    1/2 of other texts. The paper's :math:`(\kappa_o/2) \mathcal{L}[o]` has a factor 2 in
    :math:`\mathcal{L}`, so it is QuTiP's dissipator of :math:`\sqrt{\kappa_o}\, o`: kappa_o is the
    decay rate of the photon number.

    >>> device = Device(kappa_b=1.25)
    >>> device.kappa_b, device.Delta_a, device.U_a
    (1.25, 0.5, 5.0)
    >>> Device(kappa_a=0)
    Traceback (most recent call last):
        ...
    ValueError: kappa_a = 0: allowed is a finite real number > 0, at most 100000 in size

    Parameters
    ----------
    Delta_a, Delta_b, Delta_c : float
        Detunings :math:`\omega_o - \omega_p` of the cavities from the drive.
    kappa_a, kappa_b, kappa_c : float
        Losses; kappa_a and kappa_c > 0, kappa_b >= 0.
    U_a, U_c : float
        Kerr nonlinearities.
    J_ab, J_bc, J_ac : float
        Couplings.
    theta : float
        Phase of the coupling from a to c. Changing its sign exchanges the directions in Eqs. 13
        and 14.
    Omega : float
        Amplitude of the drive, >= 0.

    Raises
    ------
    TypeError
        For an unknown name (the message gives the nearest one), or a value that is no real number.
    ValueError
        For a value out of range. The message names parameter, value and range.
    """

    Delta_a: float = _parameter(0.5)
    Delta_b: float = _parameter(0.5)
    Delta_c: float = _parameter(0.5)
    kappa_a: float = _parameter(1.0, allowed="> 0")
    kappa_b: float = _parameter(1.0, allowed=">= 0")
    kappa_c: float = _parameter(1.0, allowed="> 0")
    U_a: float = _parameter(5.0)
    U_c: float = _parameter(5.0)
    J_ab: float = _parameter(sqrt(1 / 2))
    J_bc: float = _parameter(sqrt(1 / 2))
    J_ac: float = _parameter(sqrt(1 / 2))
    theta: float = _parameter(-pi / 4)
    Omega: float = _parameter(0.1, allowed=">= 0")

    def __init__(self, **parameters):
        known = {f.name: f for f in fields(self)}
        for name in parameters:
            if name in SHARED:
                raise TypeError(
                    f"{name!r} stands for {' and '.join(SHARED[name])}: give these, or use "
                    f"Device().replace({name}=...)"
                )
            if name not in known:
                raise TypeError(unknown("parameter", name, known))
        for name, f in known.items():
            value = _checked(f, parameters.get(name, f.default))
            object.__setattr__(self, name, value)

    def replace(self, **changes):
        """Return a copy with some parameters changed.

        >>> device = Device().replace(Delta=0.3, kappa_b=1.25)
        >>> device.Delta_a, device.Delta_b, device.Delta_c, device.kappa_b
        (0.3, 0.3, 0.3, 1.25)

        Parameters
        ----------
        **changes : float
            New values in kappa or rad, by the names of the parameters or by the paper's shared
            symbols: ``Delta`` (all three detunings), ``kappa`` (kappa_a and kappa_c), ``U`` (U_a
            and U_c), ``J`` (J_ab and J_bc).

        Raises
        ------
        TypeError, ValueError
            As for `Device`, and if a parameter is given twice: by its name and a shared symbol.
        """
        parameters = self.parameters()
        given = {}
        for name, value in changes.items():
            if name not in SHARED and name not in parameters:
                raise TypeError(unknown("parameter", name, [*parameters, *SHARED]))
            for target in SHARED.get(name, (name,)):
                if target in given:
                    raise TypeError(f"{target} is given twice: by {given[target]} and by {name}")
                given[target] = name
                parameters[target] = value
        return Device(**parameters)

    def parameters(self):
        """Return the parameters as a dict from name to value, in the order of the signature.

        >>> list(Device().parameters())[:4]
        ['Delta_a', 'Delta_b', 'Delta_c', 'kappa_a']
        """
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def without_b(self):
        """Return the two-cavity system: the same device with J_ab = J_bc = 0.

        Cavity b then stays in the vacuum. This is the paper's "without the auxiliary cavity b".
        The transmission is then the same in both directions, Fig. 2(a):

        >>> from lossnr.model.scattering import transmission
        >>> [round(T, 6) for T in transmission(Device().without_b())]
        [1.0, 1.0]
        """
        return self.replace(J_ab=0, J_bc=0)

    @property
    def has_b(self):
        """Whether cavity b is coupled to a or c.

        >>> Device().has_b, Device().without_b().has_b
        (True, False)
        """
        return self.J_ab != 0 or self.J_bc != 0

    @classmethod
    def optimal(cls, theta, direction="a->c"):
        r"""Return the device of complete one-way transmission at a phase: Eq. 16 or 17.

        For "a->c" (Eq. 16), with kappa_a = kappa_c = kappa,

        .. math::

            \delta = \frac{\kappa}{2\tan\theta}, \quad J_{ac} = -\frac{\kappa}{2\sin\theta}, \quad
            J = \pm J_{ac}, \quad \kappa_b = \kappa,

        and for "c->a" (Eq. 17) the same with :math:`-\theta` in place of :math:`\theta`. Of the two
        signs this takes :math:`J = |J_{ac}|`. The paper's :math:`\delta = \omega - \omega_0` is
        :math:`-\Delta`. The other parameters have their defaults.

        >>> from lossnr.model.scattering import transmission
        >>> device = Device.optimal(pi / 6, direction="c->a")
        >>> round(device.J_ac, 6), round(device.Delta_a, 6)
        (1.0, 0.866025)
        >>> [round(T, 9) for T in transmission(device)]
        [0.0, 1.0]

        Parameters
        ----------
        theta : float
            Phase in radians, not a multiple of pi, where the condition has no solution.
        direction : {"a->c", "c->a"}
            The direction in which the light passes.

        Raises
        ------
        TypeError, ValueError
            If theta is not a finite real number, if abs(sin(theta)) < 1e-4 (the couplings would
            exceed 5000 kappa), or for an unknown direction.
        """
        if not isinstance(direction, str) or direction not in DIRECTIONS:
            raise ValueError(f"direction = {direction!r}: allowed are {', '.join(DIRECTIONS)}")
        theta = cls(theta=theta).theta
        if abs(sin(theta)) < 1e-4:
            raise ValueError(
                f"theta = {theta:g}: Eqs. 16, 17 need sin(theta) != 0; "
                "allowed is abs(sin(theta)) >= 1e-4"
            )
        sign = 1 if direction == "a->c" else -1
        J_ac = -sign / (2 * sin(theta))
        return cls(theta=theta, J_ac=J_ac, kappa_b=1).replace(
            J=abs(J_ac), Delta=-sign / (2 * tan(theta))
        )


def check_device(device):
    """Raise a TypeError unless the argument is a `Device`.

    >>> check_device(0.5)
    Traceback (most recent call last):
        ...
    TypeError: device = 0.5: allowed is a Device
    """
    if not isinstance(device, Device):
        raise TypeError(f"device = {short(device)}: allowed is a Device")


_IN_RANGE = {
    "any real number": lambda value: True,
    "> 0": lambda value: value > 0,
    ">= 0": lambda value: value >= 0,
}


def _checked(f, value):
    """Return the value of a parameter as a float, or raise an error that names what is allowed."""
    allowed, number = f.metadata["allowed"], type(value) is float
    if not number:  # the usual case needs none of this
        value = scalar(value)
        number = is_number(value)
    if number and abs(value) <= LARGEST and _IN_RANGE[allowed](value):
        return float(value)
    limits = "" if allowed.startswith("any") else f" {allowed}"
    raise (ValueError if number else TypeError)(
        f"{f.name} = {short(value)}: allowed is a finite real number{limits}, "
        f"at most {LARGEST:g} in size"
    )
