"""The claims on the order in time of the photons: Sec. III and the caption of Fig. 1.

Both criteria were written on 27 November 2026, before any correlation in time was computed. The
paper calls light antibunched where g2(0) < 1 and bunched where g2(0) > 1. The strict meaning of the
words compares g2(0) with g2(tau): it is in both criteria.
"""

from .ledger import claim


@claim("one-by-one", where="Sec. III, Fig. 1 caption", page="time")
def one_by_one(device):
    r"""Photons come out of cavity c one by one.

    At the working point, from a to c: $g^{(2)}(0)$ is at most 0.1, the least that 'one by one' can
    mean for pairs, and $g^{(2)}(\tau) \ge g^{(2)}(0)$ at all delays, which is antibunching in the
    strict sense. The delays reach to 40 over the loss of the most long-lived mode of one photon,
    where correlations have decayed by $e^{-20}$; the solver's tolerance, $10^{-6}$ of
    $g^{(2)}(0)$, is allowed. Qualified if $g^{(2)}(0)$ is at most 0.1 but smaller values follow, or
    if the light is antibunched with $g^{(2)}(0)$ from 0.1 to 1. How long it lasts is measured, not
    judged: the paper does not say.
    """


@claim("bunching", where="Sec. III, Fig. 1 caption", page="time")
def bunching(device):
    r"""From c to a the light is bunched.

    At the working point, from c to a: $g^{(2)}(0) > 1$, the paper's own definition, and
    $g^{(2)}(\tau) \le g^{(2)}(0)$ at all delays, which is bunching in the strict sense. The delays
    and the tolerance are those of 'one by one'. Qualified if only the first holds. How long the
    correlation lasts is measured, not judged.
    """
