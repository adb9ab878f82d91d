"""The oracle: the model in QuTiP, and how far its own steady states can be trusted."""

from math import factorial

import mpmath
import numpy as np
import pytest
import qutip
from conftest import numbers

from lossnr import Device
from lossnr.model import lindblad, scattering
from lossnr.model.device import DIRECTIONS


def test_hamiltonian_in_two_states_by_hand(device):
    H = lindblad.hamiltonian(device, "c", excitations=2)
    assert H.isherm
    shape = [3] * len(H.dims[0])
    index = qutip.enr_state_dictionaries(shape, 2)[1]

    def element(bra, ket):
        return H[index[bra[: len(shape)]], index[ket[: len(shape)]]]

    vacuum, a, c, b = (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)
    assert element(a, a) == pytest.approx(device.Delta_a)
    assert element(c, a) == pytest.approx(device.J_ac * np.exp(1j * device.theta))
    assert element(c, vacuum) == device.Omega
    assert element(a, vacuum) == 0
    assert element((2, 0, 0), (2, 0, 0)) == pytest.approx(2 * device.Delta_a + 2 * device.U_a)
    if device.has_b:
        assert element(b, a) == pytest.approx(device.J_ab)
        assert element(b, c) == pytest.approx(device.J_bc)


def test_liouvillian_keeps_the_trace(device):
    L = lindblad.liouvillian(device, "a", excitations=2)
    identity = qutip.operator_to_vector(qutip.qeye_like(lindblad.hamiltonian(device, "a", 2)))
    assert (identity.dag() * L).norm() == pytest.approx(0, abs=1e-12)


def test_light_leaves_at_the_rate_kappa():
    # One photon in an undriven cavity a alone decays as exp(-kappa_a t).
    device = Device(J_ac=0, kappa_a=0.7, Omega=0, U_a=0).without_b()
    a = lindblad.operators(device, 1)["a"]
    H = lindblad.hamiltonian(device, "a", 1)
    times = np.linspace(0, 3, 4)
    excited = qutip.enr_fock([2, 2], 1, [1, 0])
    collapse = lindblad.collapse_operators(device, 1)
    options = {"atol": 1e-12, "rtol": 1e-10}
    result = qutip.mesolve(H, excited, times, collapse, e_ops=[a.dag() * a], options=options)
    assert result.expect[0] == pytest.approx(np.exp(-0.7 * times), abs=1e-8)


@pytest.mark.parametrize(("Omega", "excitations"), [(0.003, 4), (0.01, 4)])
@pytest.mark.parametrize("drive", ["a", "c"])
def test_without_kerr_the_light_is_coherent(device, drive, Omega, excitations):
    device = device.replace(U=0, Omega=Omega, Delta_b=0.1)
    state = lindblad.steady_state(device, drive, excitations=excitations)
    T = dict(zip("ac", scattering.transmission(device), strict=True))[drive]
    n = T * Omega**2 / (device.kappa_a * device.kappa_c)
    poisson = [n**m * np.exp(-n) / factorial(m) for m in range(4)]
    # What it says of its own accuracy is true, also of the truncation.
    exact = [T, 1, 1, *poisson]
    np.testing.assert_allclose(numbers(state), exact, rtol=state.error + 1e-12, atol=0)
    assert state.error < 1e-3


def exact(device, drive, excitations):
    """The truncated steady state in 40 digits: an elimination without any rescaling."""
    with mpmath.workdps(40):
        L = lindblad.liouvillian(device, drive, excitations).full()
        dim = round(np.sqrt(len(L)))
        A = mpmath.matrix(L.tolist())
        for i in range(len(L)):
            A[0, i] = 1 if i % (dim + 1) == 0 else 0
        rho = mpmath.lu_solve(A, mpmath.matrix([1] + [0] * (len(L) - 1)))
        cavities = list(lindblad.operators(device, 1))
        shape = [excitations + 1] * len(cavities)
        states = qutip.enr_state_dictionaries(shape, excitations)[2]
        output = cavities.index(DIRECTIONS["a->c" if drive == "a" else "c->a"][1])
        P = [mpmath.mpf(0)] * (excitations + 1)
        for i in range(dim):
            P[states[i][output]] += mpmath.re(rho[i * (dim + 1)])
        S = [sum(mpmath.ff(m, k) * P[m] for m in range(len(P))) for k in range(4)]
        T = device.kappa_a * device.kappa_c * S[1] / mpmath.mpf(device.Omega) ** 2
        return [float(x) for x in (T, S[2] / S[1] ** 2, S[3] / S[1] ** 3, *P[:4])]


def test_round_off_is_as_small_as_it_says_even_at_weak_drive():
    device = Device(Omega=0.001, kappa_c=0.7, Delta_a=0.2).without_b()
    values, correction, residual = lindblad._solve(device, "a", excitations=3, photons=3)
    np.testing.assert_allclose(values, exact(device, "a", 3), rtol=1e-12, atol=0)
    assert correction < 1e-12
    assert residual < 1e-15


def test_where_pivots_on_the_diagonal_lose_digits_others_are_taken(monkeypatch):
    device = Device(Delta_a=-1.874, Delta_c=-2.056, kappa_a=0.103, kappa_c=0.0153, Omega=3e-4)
    device = device.replace(U_a=0, U_c=0.05, J_ac=1.9, theta=0.32).without_b()
    assert lindblad._solve(device, "a", excitations=9, photons=3)[1] < 1e-11
    monkeypatch.setattr(lindblad, "FACTORISATIONS", lindblad.FACTORISATIONS[:1])
    assert lindblad._solve(device, "a", excitations=9, photons=3)[1] > 1e-11


def test_an_output_that_no_light_reaches_has_no_correlations():
    state = lindblad.steady_state(Device(J_ac=0, J_ab=0), excitations=4)
    assert state.T == 0
    assert np.isnan([state.g2, state.g3]).all()
    assert state.P.tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"drive": "b"}, ValueError, "drive = 'b': allowed are 'a' and 'c'"),
        ({"drive": np.ones(2)}, ValueError, "drive = array"),
        ({"excitations": 3}, ValueError, "excitations = 3: allowed is a whole number from 4 to 16"),
        ({"excitations": 5, "photons": 5}, ValueError, "excitations = 5: .* from 6 to 16"),
        ({"excitations": "5"}, TypeError, "excitations = '5'"),
        ({"excitations": np.nan}, TypeError, "excitations = nan"),
        ({"photons": -1}, ValueError, "photons = -1: allowed is a whole number from 0 to 15"),
    ],
)
def test_bad_arguments_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        lindblad.steady_state(Device(), **arguments)


@pytest.mark.parametrize("name", ["n_th", "gamma_phi"])
@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, 1e6, "0.1"])
def test_the_oracle_takes_no_impossible_noise(name, value):
    with pytest.raises((TypeError, ValueError), match=f"{name} = .*allowed is a number from 0"):
        lindblad.steady_state(Device(), **{name: value})


def test_the_oracle_needs_a_device_and_a_drive():
    with pytest.raises(TypeError, match="allowed is a Device"):
        lindblad.steady_state({})
    for Omega in (0, 1e-13):
        with pytest.raises(ValueError, match="the oracle needs Omega >= 1e-12"):
            lindblad.steady_state(Device(Omega=Omega))


def test_the_result_has_plain_types():
    state = lindblad.steady_state(Device().without_b())
    types = {"excitations": int, "method": str, "P": np.ndarray}
    for name, value in vars(state).items():
        assert type(value) is types.get(name, float)


def test_the_operators_check_what_they_are_given():
    with pytest.raises(TypeError, match="allowed is a Device"):
        lindblad.operators(3, 2)
    with pytest.raises(ValueError, match="excitations = 0: allowed is a whole number from 1"):
        lindblad.hamiltonian(Device(), "a", 0)
    with pytest.raises(ValueError, match="drive = 'b'"):
        lindblad.liouvillian(Device(), "b", 2)


def test_brute_force_agrees_where_nothing_is_small():
    device = Device(Omega=0.4, kappa_a=0.7, U_c=1).without_b()
    for drive in "ac":
        T, g2, g3 = lindblad.brute_force(device, drive, excitations=6)
        state = lindblad.steady_state(device, drive, excitations=6)
        assert [T, g2, g3] == pytest.approx([state.T, state.g2, state.g3], rel=1e-8)


@pytest.mark.slow
def test_many_photons_at_the_weakest_drive_do_not_underflow():
    device = Device(Omega=1e-12).without_b()
    values, _, _ = lindblad._solve(device, "a", excitations=13, photons=3)
    few, _, _ = lindblad._solve(device, "a", excitations=4, photons=3)
    assert values == pytest.approx(few, rel=1e-12)
