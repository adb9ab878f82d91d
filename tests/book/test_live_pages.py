"""The live figures on the pages of the built site, in a browser."""

import numpy as np
import pytest
import xarray as xr
from built import SITE

pytestmark = pytest.mark.xdist_group("live")  # in one tab


def test_the_live_figure_is_read_from_the_keyboard(visit):
    opened = visit("book/fig2.html", width=360)
    button = opened.get_by_role("button", name="Move the parameters of this figure")
    button.click()
    opened.wait_for_function("lossnr.page.heat?.done.some((each) => each)")
    says = "words => RegExp(words).test(lossnr.page.of('reading').innerText)"
    opened.locator(".live-plot:visible").focus()
    opened.keyboard.press("ArrowRight")
    _, column = opened.evaluate("lossnr.page.index")
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("lossnr.page.index")[1] == column + 1
    opened.keyboard.press("PageDown")
    for key, Delta in (("End", "2"), ("Home", "−2")):  # corners are computed first
        opened.keyboard.press(key)
        opened.wait_for_function(says, arg=rf"^Δ/κ = {Delta}; κb/κ = 0; I \d")
    opened.get_by_role("combobox", name="Quantity").select_option(label="transmission T")
    opened.locator(".live-plot:visible").focus()
    opened.keyboard.press("Home")
    opened.wait_for_function(says, arg=r"T 0\.\d+, 0\.\d+")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.keyboard.press("Escape")
    assert not opened.locator("[data-live=panel]").is_visible()
    assert button.evaluate("button => button === document.activeElement")
    assert opened.wrong == []


#: The live curves of Figs. 2 to 5: page and dataset.
CURVES = [(2, "two"), (2, "three"), (2, "cut"), (3, "curves"), (4, "curves"), (5, "cut")]
TYPICAL = [(2, "two"), (2, "cut"), (3, "curves")]  # without b, over kappa_b, of photon numbers
#: Each drawn line: its place in page.lines, direction, values, and where they are, in pixels.
DRAWN = """name => {
    const page = lossnr.page;
    page.lines = null;
    page.shown.value = name;
    page.update(false);
    return new Promise((done) => { const wait = () => {
        if (!page.lines) return setTimeout(wait, 20);
        const { curves } = page, { from, to, log } = curves.y, { height } = curves.box;
        const lines = curves.lines.filter((line) => !line.faint);
        const values = lines.map((line) => Array.from(line.values));
        done({ x: Array.from(page.values), values, from, to, log: !!log, height });
    }; wait(); });
}"""


@pytest.mark.parametrize(
    ("figure", "dataset"),
    [pytest.param(*each, marks=[pytest.mark.slow] * (each not in TYPICAL)) for each in CURVES],
)
def test_at_the_published_parameters_a_live_curve_is_the_published_one(figure, dataset, visit):
    opened = visit(f"book/fig{figure}.html", query=f"#data={dataset}")
    opened.wait_for_function("lossnr.page.published")
    data = xr.load_dataset(SITE / f"book/data/fig{figure}-{dataset}.nc", engine="scipy")
    data = data.assign({f"P_{m}": data["P"].sel(m=m) for m in (1, 2, 3) if m in data["m"]})
    (axis,) = {dim for dim in data.dims if data.sizes[dim] > 2} - {"m"}
    others = [dim for dim in data.dims if dim not in (axis, "direction", "m")]
    for name in {"T", "g2", "P_3"} & set(data):  # a line like these is drawn of the others
        drawn = opened.evaluate(DRAWN, name)
        place = np.log10 if drawn["log"] else np.asarray
        low, high = place(drawn["from"]), place(drawn["to"])
        published = data[name].interp({axis: drawn["x"]}, method="cubic")
        published = published.transpose(*others, "direction", axis).values.reshape(
            -1, len(drawn["x"])
        )
        off = (place(drawn["values"]) - place(published)) / (high - low) * drawn["height"]
        assert np.max(abs(off)) < 1, (name, np.max(abs(off)))  # lines are two pixels wide


def test_the_device_answers_to_its_sliders_and_the_address_follows(visit):
    opened = visit("book/live.html", width=360)
    numbers = opened.locator("[data-live=numbers]")
    before = numbers.inner_text()
    opened.get_by_role("slider", name="phase of the coupling").press("ArrowRight")
    assert numbers.inner_text() != before
    opened.wait_for_url("**#theta=-0.245pi")
    opened.get_by_role("button", name="Phase reversed").click()
    opened.wait_for_url("**#theta=0.25pi")
    assert ": from c to a" in opened.locator("[data-live=one-way-T]").inner_text()
    opened.get_by_role("button", name="Copy as lossnr rerun").click()
    assert opened.locator("textarea").input_value() == "lossnr rerun fig2 -p theta 0.25*pi"
    opened.get_by_role("button", name="Copy as Python").click()
    assert "Device().replace(theta=0.25 * np.pi)" in opened.locator("textarea").input_value()
    field = opened.get_by_role("textbox", name="loss of cavity b")
    field.fill("-1")
    field.press("Enter")
    assert opened.get_by_role("alert").inner_text().startswith("kappa_b = -1: allowed is a finite")
    phase = opened.get_by_role("textbox", name="phase of the coupling")
    phase.fill("-0.25pi")  # beside theta / pi it does not stand for pi twice
    phase.press("Enter")
    assert phase.input_value() == "-0.25"
    opened.wait_for_function("document.querySelector('[data-live=spoken]').textContent")
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.wrong == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_verdict_turns_in_sight_while_the_loss_is_moved(width, visit):
    opened = visit("book/live.html", width=width)
    slider = opened.get_by_role("slider", name="loss of cavity b")
    verdict = opened.locator("[data-live=nonreciprocal-2pb]")
    assert "does not hold" in verdict.inner_text()
    slider.focus()
    slider.evaluate("slider => { slider.value = 1.17; }")
    slider.press("ArrowRight")
    assert ": from c to a" in verdict.inner_text()
    if width > 1000:
        opened.evaluate("scrollTo(0, 400)")
    curves = opened.locator(".live-curves").bounding_box()
    top = curves["y"] + curves["height"] if width < 1000 else 0
    for each, above in ((slider, 0), (verdict, top)):
        box = each.bounding_box()
        assert above <= box["y"] <= opened.viewport_size["height"] - box["height"]


def test_an_address_holds_a_device_and_a_bad_one_is_refused_in_words(visit):
    opened = visit("book/live.html", query="#kappa_b=1.25&axis=kappa_b&show=g3")
    verdict = opened.locator("[data-live=nonreciprocal-2pb]")
    assert "holds" in verdict.inner_text()
    assert "does not" not in verdict.inner_text()
    assert opened.get_by_role("combobox", name="Curves against").input_value() == "kappa_b"
    for bad, words in {
        "#theta=much": "theta = much: allowed is a number",
        "#J=1&theta=1&theta=2": "theta is given twice",
        "#toString=1": "unknown parameter 'toString': known are",
        "#kappa_b=1.25&J": "J = nothing: allowed is a number",
    }.items():
        opened.goto("about:blank")
        opened.goto((SITE / "book/live.html").as_uri() + bad)
        assert words in opened.get_by_role("alert").inner_text()
        assert "0.9723" in opened.locator("[data-live=numbers]").inner_text()
    assert opened.wrong == []


def test_where_the_series_does_not_settle_nothing_is_drawn(visit):
    opened = visit("book/live.html", query="#Omega=5")
    opened.wait_for_selector("[data-live=gaps]:visible")
    assert "not known here" in opened.locator("[data-live=numbers]").inner_text()
    for line in opened.locator("path.line:not(.faint)[d^=M]").all():
        assert line.evaluate("path => path.closest('.live-plot') === null")
