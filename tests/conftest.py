"""What the tests share: the ledger, and devices, named ones for the record and random ones else."""

import os

# The matrices are small, and threads that wait for each other on a busy machine are slow.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import settings

from lossnr import Device
from lossnr.claims import judge
from lossnr.machine import cores

pytest_plugins = ["built"]  # the fixtures of the built site

# The same examples in every run: a failure is the code's, and stays until it is mended.
settings.register_profile("lossnr", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("nightly", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lossnr"))


@pytest.hookimpl(optionalhook=True)  # pytest-xdist need not be installed
def pytest_xdist_auto_num_workers():
    """As many workers as there are cores to use."""
    return cores()


def pytest_collection_modifyitems(items):
    """Begin with the groups: no worker has one of them left when the others are done."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


DEVICES = {
    "optimum": Device(),
    "lossless b": Device(kappa_b=0, Delta_a=0.3, Delta_b=0.3, Delta_c=0.3),
    "two-photon window": Device(kappa_b=1.25),
    "two cavities": Device(kappa_a=0.8, Delta_c=-0.2, U_a=3).without_b(),
    "b as a side cavity": Device(J_bc=0, J_ab=0.9),
    "b as the only path": Device(J_ac=0, kappa_b=0.2),
    "all unequal": Device(
        Delta_a=0.7,
        Delta_b=-0.4,
        Delta_c=0.2,
        kappa_a=0.6,
        kappa_b=1.7,
        kappa_c=1.3,
        U_a=2.5,
        U_c=7.0,
        J_ab=0.5,
        J_bc=0.9,
        J_ac=-0.6,
        theta=2.1,
    ),
    "attractive": Device(U_a=-4, U_c=1, Delta_b=1.0, kappa_b=0.5),
}


#: Parameters of two cavities without a phase, one of them linear.
UNCOUPLED = {"J_ab": 0, "J_bc": 0, "theta": 0, "U_c": 0}


@pytest.fixture(params=DEVICES.values(), ids=DEVICES.keys())
def device(request):
    return request.param


#: Enough kinds of devices for tests that take long.
FEW = ("two-photon window", "two cavities", "all unequal")
few = pytest.mark.parametrize("device", [DEVICES[name] for name in FEW], ids=FEW)


@pytest.fixture(scope="session")
def ledger():
    """The entries by id. Tests that use it are of the group "claims", whose worker judges once."""
    return {entry["id"]: entry for entry in judge()}


@st.composite
def devices(draw, max_Omega=0.15, **fixed):
    """Random devices: everything unequal, now and then without loss in b or without b."""

    def between(low, high):
        return draw(st.floats(low, high, allow_subnormal=False).map(lambda x: round(x, 3)))

    parameters = {
        "Delta_a": between(-2, 2),
        "Delta_b": between(-2, 2),
        "Delta_c": between(-2, 2),
        "kappa_a": between(0.4, 2),
        "kappa_b": draw(st.sampled_from([0.0, None])),
        "kappa_c": between(0.4, 2),
        "U_a": between(-5, 10),
        "U_c": between(-5, 10),
        "J_ab": between(0.3, 1.2),
        "J_bc": between(-1.2, 1.2),
        "J_ac": between(0.2, 1.2),
        "theta": between(-3.1, 3.1),
        "Omega": between(0.002, max_Omega),
    }
    if parameters["kappa_b"] is None:
        parameters["kappa_b"] = between(0.1, 2)
    device = Device(**(parameters | fixed))
    return device.without_b() if draw(st.integers(0, 4)) == 0 else device


def mirrored(device):
    """Exchange a and c: the same physics in the other direction."""
    d = device
    return d.replace(
        Delta_a=d.Delta_c,
        Delta_c=d.Delta_a,
        kappa_a=d.kappa_c,
        kappa_c=d.kappa_a,
        U_a=d.U_c,
        U_c=d.U_a,
        J_ab=d.J_bc,
        J_bc=d.J_ab,
        theta=-d.theta,
    )


def numbers(state):
    """What a steady state says, as one array."""
    return np.array([state.T, state.g2, state.g3, *state.P])


def assert_same(ours, theirs, rel):
    """Two steady states agree in every number that both know, however small, to a relative error.

    A dark output's T is good absolutely only, and the rest unknown to one of them at least.
    """
    ours, theirs = numbers(ours), numbers(theirs)
    known = ~np.isnan(ours) & ~np.isnan(theirs)
    assert known[[0, 3]].all()  # T and P_0
    if known[1]:
        np.testing.assert_allclose(ours[known], theirs[known], rtol=rel, atol=0)
    else:
        assert ours[0] < 1e-9
        np.testing.assert_allclose(ours[:1], theirs[:1], rtol=rel, atol=1e-15)
        np.testing.assert_allclose(ours[3], theirs[3], rtol=rel)
