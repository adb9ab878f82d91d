"""The claim that thermal photons can be neglected at optical frequencies."""

from .ledger import Finding, claim


# The criterion was written on 2026-11-27, before any number with thermal photons was computed.
@claim("thermal", where="Sec. II, after Eq. 4", page="noise")
def thermal(device) -> Finding:
    r"""Thermal effects can be neglected at optical frequencies.

    All baths have the thermal occupation of light of 1550 nm, the wavelength that the paper names,
    at room temperature (300 K). Then, at the working point and at $\kappa_b = 1.25$, in both
    directions, $T$ changes by at most 0.01 and $g^{(2)}$ and $g^{(3)}$ by at most 5 %: more shows
    in the figures. What `one-way-T`, `nonreciprocal-1pb` and `nonreciprocal-2pb` ask for holds with
    thermal photons if it holds without. Qualified if only the second condition is met. How many
    thermal photons each of the three statements bears is measured too.
    """
    raise NotImplementedError
