"""Sections drawn as HTML: the same blocks in a report and in any other page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup

from equipoise.report.blocks import Section
from equipoise.texts.numbers import written
from equipoise.texts.saying import say, spoken


def draw(section: Section, number: int | None = None) -> Markup:
    """A section as HTML, in the language spoken now; with a number where a page counts them.

    Its charts are places that `scripts` fill in the browser from `specs`, which the page holds as
    JSON in an element of the id `specs`; `asset("style.css")` is its look. Without any script the
    tables say everything.
    """
    html = template("section.html.j2").render(section=section, number=number)
    return Markup(html)  # noqa: S704 - the template escaped it


def specs(sections: Sequence[Section]) -> dict[str, Any]:
    """The Vega-Lite specs of all charts in the sections, by the id of their place."""
    return {figure.key: figure.spec for section in sections for figure in section.figures}


def scripts() -> list[str]:
    """What draws charts, folds, filters and copies tables: modules of a page, in their order."""
    page = template("page.js.j2").render(thousands=written().thousands)
    return [charting_library(), f"{page}\n"]


def style() -> str:
    """The look of all blocks; with fonts for Chinese where that is spoken."""
    languages = [asset("style.css")]
    if spoken() == "zh":
        languages.append(asset("style.zh.css"))
    return "".join(languages)


@cache
def charting_library() -> str:
    """Vega, Vega-Lite and their embedding as one script, from the installed vl-convert."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))


def asset(name: str) -> str:
    """A file that goes into the page as it is."""
    return files("equipoise.report").joinpath("templates", name).read_text(encoding="utf-8")


def template(name: str) -> jinja2.Template:
    """A template whose sentences are said in the language spoken where it is rendered."""
    return _environment().get_template(name)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("equipoise.report", "templates"),
        autoescape=jinja2.select_autoescape(default=True, disabled_extensions=("js.j2",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=say, spoken=spoken, draw=draw)
    # Hover cards list their lines in the order given.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "allow_nan": False}
    return environment
