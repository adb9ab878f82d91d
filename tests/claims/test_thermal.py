"""Each limit of the claim on thermal photons is confirmed, even if two are of one device."""

import pytest

from lossnr import Device
from lossnr.claims import thermal
from lossnr.claims.ledger import Undecided


@pytest.mark.parametrize("wrong", [1e-5, 1e-3])
def test_a_wrong_limit_is_not_hidden_by_another_one_of_the_same_device(monkeypatch, wrong):
    def by_qutip(device, n_th, photons):
        return thermal._with_noise(device, n_th * (1 + 0.5 * (n_th == wrong)), 1e-3)

    monkeypatch.setattr(thermal, "_by_qutip", by_qutip)
    points = [(Device(), 1e-5), (Device(), 1e-3)]
    with pytest.raises(Undecided, match="QuTiP with five photons differs"):
        thermal._check(points)
    monkeypatch.setattr(thermal, "_by_qutip", lambda *at: thermal._with_noise(*at[:2], 1e-3))
    assert "QuTiP agrees" in thermal._check(points)
