"""The frame every page shares: everything inside it, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import jinja2
import vl_convert

from equipoise.report.blocks import Section
from equipoise.report.summary import Summary


def assemble(title: str, about: str, sections: Sequence[Section]) -> str:
    """One HTML document that opens offline, with its sections in order.

    `about` is the line over the title. The first section's key is `answer`. The page's own content
    security policy forbids every network request and every script that is not in it.
    """
    specs = {figure.key: figure.spec for section in sections for figure in section.figures}
    scripts = [charting_library(), asset("page.js")]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title,
            about=about,
            sections=sections,
            specs=specs,
            style=asset("style.css"),
            scripts=scripts,
            hashes=[_digest(script) for script in scripts],
        )
    )


def board_page(summary: Summary, chart: str, spoken: str) -> str:
    """The summary as one HTML document: `chart` is an SVG, `spoken` what it says in words."""
    picture = "data:image/svg+xml;base64," + base64.b64encode(chart.encode()).decode()
    return (
        _environment()
        .get_template("summary.html.j2")
        .render(summary=summary, chart=picture, alt=spoken, style=asset("style.css"))
    )


@cache
def charting_library() -> str:
    """Vega, Vega-Lite and their embedding as one script, from the installed vl-convert."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def asset(name: str) -> str:
    """A file that goes into the page as it is."""
    return files("equipoise.report").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """A script's hash as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("equipoise.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Hover cards list their lines in the order given.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "allow_nan": False}
    return environment
