"""Disposals as the API answers them, in the shapes of `schemas`."""

from __future__ import annotations

from typing import Any

from equipoise.service.contexts.disposals.reading import Shown, Story


def in_full(shown: Shown) -> dict[str, Any]:
    """A disposal with its calendar, contacts and money."""
    story, of = shown.story, shown.story.disposal
    proposal = of.proposal
    return {
        "id": shown.id,
        "serial": shown.serial,
        "loan": proposal.loan,
        "application": story.application,
        "measure": proposal.measure,
        "way": proposal.way,
        "state": of.state,
        "by": proposal.by,
        "reason": proposal.reason,
        "letter": dict(proposal.letter),
        "exposure": proposal.exposure,
        "expected": proposal.expected,
        "recovered": of.recovered,
        "shortfall": of.shortfall,
        "currency": proposal.currency,
        "proposed_at": proposal.on,
        "expires": proposal.expires,
        "place": story.place,
        "zone": story.zone,
        "vulnerable": story.vulnerable,
        "decided_by": of.decided_by,
        "decided_at": of.decided_on,
        "refusal": story.refusal,
        "late": shown.late,
        "dates": of.dates,
        "contacts": [*_made(story), *_planned(story)],
        "realised": of.realised,
    }


def _made(story: Story) -> list[dict[str, Any]]:
    return [
        {"at": on, "channel": each.channel, "made": True, "talked": each.talked, "text": text}
        for each, (on, text) in zip(story.made, story.notes, strict=True)
    ]


def _planned(story: Story) -> list[dict[str, Any]]:
    return [
        {"at": each.on, "channel": each.channel, "made": False, "talked": False, "text": ""}
        for each in story.planned
    ]
