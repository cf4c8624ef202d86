"""One page out of the sections: everything inside it, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import vl_convert

from equipoise.report.blocks import Section
from equipoise.report.charts import theme
from equipoise.report.charts.frontier import frontier_chart
from equipoise.report.frame import assemble, board_page
from equipoise.report.paper import CHART_HEIGHT, CHART_WIDTH, page_pdf
from equipoise.report.sections.answer import answer
from equipoise.report.sections.assumptions import assumptions
from equipoise.report.sections.changes import changes
from equipoise.report.sections.friction import friction
from equipoise.report.sections.frontier import frontier
from equipoise.report.sections.journey import journey
from equipoise.report.sections.models import models
from equipoise.report.sections.prices import prices
from equipoise.report.sections.sources import provenance, reproduce
from equipoise.report.story import Story
from equipoise.report.summary import summarise
from equipoise.texts.numbers import count, real, written
from equipoise.texts.saying import ENGLISH, say, speaking

SECTIONS: tuple[Callable[[Story], Section], ...] = (
    answer,
    frontier,
    prices,
    changes,
    friction,
    assumptions,
    models,
    journey,
    provenance,
    reproduce,
)


def render(
    fit: dict[str, Any],
    balance: dict[str, Any],
    commands: list[str],
    name: str,
    language: str = ENGLISH,
) -> str:
    """The report as one HTML document that opens offline.

    `fit` and `balance` are the JSON results of the two commands of those names, `commands` the
    exact commands that reproduce them, `name` the lender's, `language` that of the page. Absent
    keys leave their part out, with a line saying why; NaN and infinities count as absent. The
    page's own content security policy forbids every network request and every script that is not
    in it. Same input, same text.
    """
    with speaking(language):
        story = Story.of(fit, balance, commands, name)
        sections = [build(story) for build in SECTIONS]
        title = say("{name}: the balance between risk and experience", name=name)
        return assemble(title, about(story), sections)


def frontier_svg(
    balance: dict[str, Any], width: int = 760, height: int = 430, language: str = ENGLISH
) -> str:
    """The frontier chart as a static SVG in the light theme, `width` by `height` pixels."""
    with speaking(language):
        return _svg(Story.of({}, balance, [], ""), width, height)


def _svg(story: Story, width: int, height: int) -> str:
    spec = theme.finish(frontier_chart(story), height)
    spec = theme.resolved(spec) | {"width": width, "height": height, "background": "#ffffff"}
    spec["padding"] = {**spec["padding"], "left": 12}
    spec["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json"
    locale = {
        "decimal": ".",
        "thousands": written().thousands,
        "grouping": [3],
        "currency": ["", ""],
    }
    return str(vl_convert.vegalite_to_svg(spec, format_locale=locale))


def render_summary(
    fit: dict[str, Any], balance: dict[str, Any], name: str, language: str = ENGLISH
) -> tuple[str, bytes]:
    """The board's summary: as HTML that opens offline, and as a PDF of one A4 page.

    Arguments as for `render`. Neither needs a browser to be made, nor a script to be read.
    """
    with speaking(language):
        story = Story.of(fit, balance, [], name)
        summary = summarise(story)
        chart = _svg(story, CHART_WIDTH, CHART_HEIGHT)
        return board_page(summary, chart, _spoken(story)), page_pdf(summary, chart)


def _spoken(story: Story) -> str:
    figures = frontier(story).figures
    return figures[0].alt if figures else say("The frontier could not be drawn.")


def about(story: Story) -> str:
    """The line over the title: which workspace, how many people."""
    parts = [say("Equipoise"), say("strategy report")]
    if workspace := story.balance.get("workspace") or story.fit.get("workspace"):
        parts.append(say("workspace {workspace}", workspace=workspace))
    if real(story.balance.get("applicants")) is not None:
        parts.append(
            say("{applicants} applications", applicants=count(story.balance["applicants"]))
        )
    return " · ".join(parts)
