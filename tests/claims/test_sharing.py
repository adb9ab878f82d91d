"""Kernels of one build measure each claim once, and say the same of it."""

import math
import os

import pytest

from lossnr import Device
from lossnr.claims import CLAIMS, Condition, Finding, Undecided
from lossnr.claims.ledger import claim, entry
from lossnr.machine import FINDINGS


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """A claim that counts how often it is measured, in a build."""
    asked = []
    monkeypatch.setenv(FINDINGS, str(tmp_path))
    monkeypatch.setattr("lossnr.claims.ledger.cache", lambda measure: measure)

    monkeypatch.setattr("lossnr.claims.ledger.criterion", lambda id: "Always.")
    monkeypatch.setattr("lossnr.claims.ledger.origin", lambda id: "before")
    monkeypatch.setattr("lossnr.claims.ledger.history", lambda id: [])

    @claim("x", where="Fig. 1", page="fig1")
    def x(device):
        """It holds."""
        asked.append(device)
        if not device.Omega:
            raise Undecided("there is no drive")
        measured = {"$T$": 0.1 + 0.2, "$R$": math.inf, "none": math.nan}
        return Finding([Condition("$T$", 0.3, ">=", 0.2)], measured, "none", "It does.")

    yield asked
    CLAIMS.pop("x")


def test_a_claim_is_measured_once_at_each_device(asked, tmp_path, monkeypatch):
    first = entry("x", Device())
    assert entry("x", Device()) == first
    assert len(asked) == 1
    entry("x", Device(kappa_b=2))
    assert [device.kappa_b for device in asked] == [1, 2]
    assert len(os.listdir(tmp_path)) == 2
    monkeypatch.delenv(FINDINGS)
    assert entry("x", Device()) == first


def test_what_cannot_be_decided_is_said_once_too(asked):
    first = entry("x", Device(Omega=0))
    assert first["verdict"] == "not-checkable"
    assert entry("x", Device(Omega=0)) == first
    assert len(asked) == 1
