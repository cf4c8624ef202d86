"""One page out of the sections: everything inside it, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import vl_convert

from equipoise.balance.result_document import BalanceResult
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
from equipoise.report.sections.teaching import teaching
from equipoise.report.story import Labels, Story
from equipoise.report.summary import summarise
from equipoise.review.learning.result_document import LearningResult
from equipoise.risk.fit_result import FitResult
from equipoise.texts.numbers import count, written
from equipoise.texts.saying import ENGLISH, say, speaking

SECTIONS: tuple[Callable[[Story], Section], ...] = (
    answer,
    frontier,
    prices,
    changes,
    friction,
    assumptions,
    teaching,
    models,
    journey,
    provenance,
    reproduce,
)


def render(
    fit: FitResult,
    balance: BalanceResult,
    commands: Sequence[str],
    name: str,
    language: str = ENGLISH,
    *,
    labels: Labels | None = None,
    learning: LearningResult | None = None,
) -> str:
    """The report as one HTML document that opens offline.

    `commands` are the exact commands that reproduce the two results, `name` the lender's,
    `language` that of the page, `labels` what the contract calls fields in it, `learning` what
    `equipoise learn` found of this balance. A section without
    rows is left out, with a line saying why. The page's own content security policy forbids every
    network request and every script that is not in it. Same input, same text.
    """
    with speaking(language):
        story = Story.of(balance, name, fit, commands, labels=labels, learning=learning)
        sections = [build(story) for build in SECTIONS]
        title = say("{name}: the balance between risk and experience", name=name)
        return assemble(title, about(story), sections)


def frontier_svg(
    balance: BalanceResult, width: int = 760, height: int = 430, language: str = ENGLISH
) -> str:
    """The frontier chart as a static SVG in the light theme, `width` by `height` pixels."""
    with speaking(language):
        return _svg(Story.of(balance, ""), width, height)


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
    fit: FitResult, balance: BalanceResult, name: str, language: str = ENGLISH
) -> tuple[str, bytes]:
    """The board's summary: as HTML that opens offline, and as a PDF of one A4 page.

    Arguments as for `render`. Neither needs a browser to be made, nor a script to be read.
    """
    with speaking(language):
        story = Story.of(balance, name, fit)
        summary = summarise(story)
        chart = _svg(story, CHART_WIDTH, CHART_HEIGHT)
        return board_page(summary, chart, _spoken(story)), page_pdf(summary, chart)


def _spoken(story: Story) -> str:
    return frontier(story).figures[0].alt


def about(story: Story) -> str:
    """The line over the title: which workspace, how many people."""
    return " · ".join(
        [
            say("Equipoise"),
            say("strategy report"),
            say("workspace {workspace}", workspace=story.balance.workspace),
            say("{applicants} applications", applicants=count(story.balance.applicants)),
        ]
    )
