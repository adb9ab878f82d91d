"""The checks of the page on the theory: each difference that it shows is rounding."""

import pytest

from lossnr.show import theory


@pytest.mark.parametrize(
    "check", ["gauge", "two_paths", "third_port", "any_loss", "correlations", "lossless"]
)
def test_what_the_page_compares_agrees(check, monkeypatch):
    monkeypatch.setattr(theory, "_small", max)  # as numbers, where the page has words
    differences = [value for words, value in getattr(theory, check)().items() if "largest" in words]
    assert differences
    assert max(differences) < 1e-8


def test_the_dark_light_follows_its_laws_as_the_drive_falls():
    for ratios in theory.dark_light().values():
        apart = [abs(float(ratio) - 1) for ratio in ratios.split(", ")]
        assert apart[-1] <= min(apart[0], 1e-3)
