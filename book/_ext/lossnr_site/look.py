"""How the pages look: the colours of the figures, and a style sheet on top of the theme's."""

import re
from colorsys import hls_to_rgb, rgb_to_hls
from pathlib import Path

from lossnr.show.plots import BLUE, RED

HERE = Path(__file__).parent
#: The ground of a page in the dark scheme.
DARKEST = "#131416"


def dark(svg):
    """Return a figure for the dark scheme: each colour is as light as it was dark.

    Parameters
    ----------
    svg : str
        Of matplotlib. The browser inverts the pictures in it, which are the colours of maps.
    """
    svg = svg.replace("<image ", '<image style="filter: invert(1) hue-rotate(180deg)" ')
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda found: dark_colour(found[0]), svg)
    return svg.replace("<svg ", f'<svg fill="{dark_colour("#000000")}" ', 1)


def dark_colour(colour):
    """Return a colour ("#rrggbb") for the dark scheme: the same hue, as light as it was dark."""
    if colour == "#ffffff":
        return DARKEST
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    rgb = hls_to_rgb(hue, 0.92 - 0.8 * lightness, saturation)
    return "#" + "".join(f"{round(255 * value):02x}" for value in rgb)


#: Variables of the theme and of myst-nb.
LIGHT = {
    "color-brand-primary": BLUE,
    "color-brand-content": BLUE,
    "color-brand-visited": BLUE,
    "color-link-underline": "#8da6cd",
    "color-foreground-muted": "#5a5f66",
    "color-there": RED,
    "color-back": BLUE,
    "color-reproduced": "#14602e",
    "color-corrected": BLUE,
    "color-qualified": "#7a4b00",
    "color-not-reproduced": "#a01f24",
    "color-not-checkable": "#4a4f57",
    "color-admonition-background": "#f4f6fa",
    "color-admonition-title--important": BLUE,
    "color-admonition-title-background--important": "#e3eaf5",
    "mystnb-source-bg-color": "#f6f7f9",
    "mystnb-source-border-color": "#e3e5e9",
    "mystnb-source-margin-color": "#c5ccd6",
    "mystnb-stdout-bg-color": "#fbfbfc",
    "mystnb-stdout-border-color": "#e3e5e9",
}
DARK = {
    "color-background-primary": DARKEST,
    "color-brand-primary": dark_colour(BLUE),
    "color-brand-content": "#86aee6",
    "color-brand-visited": "#86aee6",
    "color-link-underline": "#46638f",
    "color-foreground-muted": "#9aa0a8",
    "color-there": dark_colour(RED),
    "color-back": dark_colour(BLUE),
    "color-reproduced": "#7fd09a",
    "color-corrected": "#86aee6",
    "color-qualified": "#e3b566",
    "color-not-reproduced": "#f0979a",
    "color-not-checkable": "#b4bac2",
    "color-admonition-background": "#191c21",
    "color-admonition-title--important": "#86aee6",
    "color-admonition-title-background--important": "#1d2735",
    "mystnb-source-bg-color": "#1b1d20",
    "mystnb-source-border-color": "#303338",
    "mystnb-source-margin-color": "#4a5058",
    "mystnb-stdout-bg-color": "#17181a",
    "mystnb-stdout-border-color": "#303338",
}


def configure(app, config):
    config.html_static_path.append(str(HERE / "static"))
    config.html_favicon = str(HERE / "static" / "favicon.svg")
    config.templates_path.append(str(HERE / "templates"))
    # jupyter-book gives options of its own theme.
    config.html_theme_options = {"light_css_variables": LIGHT, "dark_css_variables": DARK}


def setup(app):
    app.connect("config-inited", configure, priority=900)
    app.add_css_file("lossnr.css")
    for script in ("site.js", "ledger.js"):
        app.add_js_file(script, loading_method="defer")
