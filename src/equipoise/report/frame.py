"""The frame every page shares: everything inside it, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from equipoise.report.blocks import Section
from equipoise.report.drawing import scripts, specs, style, template
from equipoise.report.summary import Summary


def assemble(title: str, about: str, sections: Sequence[Section]) -> str:
    """One HTML document that opens offline, with its sections in order.

    `about` is the line over the title. The first section's key is `answer`. The page's own content
    security policy forbids every network request and every script that is not in it.
    """
    modules = scripts()
    return template("report.html.j2").render(
        title=title,
        about=about,
        sections=sections,
        specs=specs(sections),
        style=style(),
        scripts=modules,
        hashes=[_digest(script) for script in modules],
    )


def board_page(summary: Summary, chart: str, spoken: str) -> str:
    """The summary as one HTML document: `chart` is an SVG, `spoken` what it says in words."""
    picture = "data:image/svg+xml;base64," + base64.b64encode(chart.encode()).decode()
    return template("summary.html.j2").render(
        summary=summary, chart=picture, alt=spoken, style=style()
    )


def _digest(script: str) -> str:
    """A script's hash as a content security policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
