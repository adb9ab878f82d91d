"""How the pages look: the colours of the figures, and a style sheet on top of the theme's."""

from pathlib import Path

from lossnr.show.formats import BLUE, DARKEST, RED, dark_colour

HERE = Path(__file__).parent

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
