"""Incidents as the API answers them, in the shapes of `schemas`."""

from __future__ import annotations

from typing import Any

from equipoise.service.contexts.incidents.reading import Shown, Story
from equipoise.watch.incidents import Incident, PostMortem, Replayed


def in_full(shown: Shown) -> dict[str, Any]:
    """An incident with all that happened to it, and what is learned of it."""
    of, story = shown.story.incident, shown.story
    return {
        "id": shown.id,
        "serial": shown.serial,
        "title": of.title,
        "risk": of.risk,
        "severity": of.severity,
        "reported_at": of.reported,
        "by": of.by,
        "currency": of.currency,
        "lead": of.lead,
        "notice_due": of.notice_due,
        "notified_at": of.notified,
        "stable_at": of.stable,
        "closed_at": of.closed,
        "loss": of.loss_actual,
        **_lists(of),
        "late": shown.late,
        "learnt": story.learnt,
        "post_mortem": None if story.post_mortem is None else _learned(story.post_mortem, story),
    }


def _lists(of: Incident) -> dict[str, Any]:
    return {
        "timeline": [
            {
                "happened_at": each.happened,
                "written_at": each.written,
                "by": each.by,
                "text": each.text,
            }
            for each in of.chronicle()
        ],
        "roles": of.roles,
        "tasks": [
            {"name": each.name, "owner": each.owner, "due": each.due, "done_at": each.done}
            for each in of.tasks
        ],
        "links": [{"what": what, "which": which} for what, which in sorted(of.touched)],
    }


def _learned(written: PostMortem, story: Story) -> dict[str, Any]:
    return {
        "by": written.by,
        "written_at": written.on,
        "visible_at": written.visible,
        "noticed_at": written.noticed,
        "missed_hours": written.missed_hours,
        "cause": written.cause,
        "went_well": written.went_well,
        "failed_control": written.failed_control,
        "returned": story.returned,
        "accepted_by": written.accepted_by,
        "actions": [
            {
                "what": each.what,
                "owner": each.owner,
                "due": each.due,
                "done_on": each.done,
                "evidence": each.evidence,
            }
            for each in written.actions
        ],
        "thresholds": [_threshold(each, story) for each in written.thresholds],
    }


def _threshold(of: Replayed, story: Story) -> dict[str, Any]:
    return {
        "indicator": of.indicator,
        "before": of.before,
        "after": of.after,
        "history": of.history,
        "failure": story.failures.get(of.indicator, ""),
        "events": story.events.get(of.indicator),
        "lead_days_before": of.lead_days[0],
        "lead_days_after": of.lead_days[1],
        "seen_before": of.seen[0],
        "seen_after": of.seen[1],
        "false_a_year_before": of.false_a_year[0],
        "false_a_year_after": of.false_a_year[1],
    }
