"""What others may do with what is learned of an incident: write a post-mortem, have its thresholds
replayed on history, accept it or hand it back, and say that an action is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from equipoise.errors import BadInput
from equipoise.service.contexts.incidents.events import (
    ActionDone,
    PostMortemAccepted,
    PostMortemReturned,
    PostMortemWritten,
)
from equipoise.service.contexts.incidents.leading import act, check_known
from equipoise.service.contexts.incidents.tasks import replay_threshold
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.reading import person_called
from equipoise.service.platform.accounts.second_person import check_second_person
from equipoise.service.platform.jobs.registering import queued
from equipoise.service.platform.typed_text import bounded

if TYPE_CHECKING:
    from equipoise.watch import Watch

__all__ = ["ActionAsked", "Draft", "accept", "controls", "do_action", "hand_back", "write"]
_WATCH = "watch.yaml"
_MOST = 20  # actions, and thresholds


@dataclass(frozen=True, slots=True)
class ActionAsked:
    """What somebody (by the name they log in with) is to do by a day."""

    what: str
    owner: str
    due: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A post-mortem as somebody writes it. `thresholds` are red ones proposed, by indicator."""

    visible: datetime
    noticed: datetime
    cause: str
    went_well: str
    failed_control: str
    actions: Sequence[ActionAsked]
    thresholds: Mapping[str, float]


def controls() -> list[str]:
    """The controls of the register in the workspace's watch.yaml; none where there is none."""
    watch = _watch()
    risks = watch.document.risks if watch is not None else ()
    return sorted({control.name for risk in risks for control in risk.controls})


def write(incident: str, seen: int, draft: Draft, by: Principal) -> None:
    """Write what is learned, or write it anew before it is accepted; each threshold proposed is
    replayed on history by a job. Raises DoesNotExist, Overtaken, BadInput, GateRefused."""
    if len(draft.actions) > _MOST or len(draft.thresholds) > _MOST:
        raise BadInput(f"{_MOST} at most", field="actions", mend="leave out what is least")
    check_known(incident)
    today = clock.now().date()
    actions = []
    for each in draft.actions:
        if each.due < today:
            raise BadInput("that is over already", field="due", mend="give a day to come")
        actions.append(
            {
                "what": bounded(each.what, "what", 300),
                "person": person_called(each.owner),
                "due": each.due.isoformat(),
            }
        )
    words = {
        "cause": bounded(draft.cause, "cause"),
        "went_well": draft.went_well.strip()[:2000],
        "actions": actions,
    }
    written = PostMortemWritten(
        by=by.id,
        key=by.key or None,
        person=by.person,
        visible=draft.visible.isoformat(),
        noticed=draft.noticed.isoformat(),
        failed_control=draft.failed_control,
        controls=tuple(controls()),
        in_force=_reds(draft.thresholds),
        thresholds=dict(draft.thresholds),
    )
    with transaction.atomic():
        act(incident, seen, written, words)
        for indicator, after in draft.thresholds.items():
            queued(replay_threshold, incident, indicator, after).save()


def hand_back(incident: str, seen: int, why: str, by: Principal) -> None:
    """Have it written anew. Raises DoesNotExist, Overtaken, BadInput, GateRefused."""
    act(
        incident,
        seen,
        PostMortemReturned(by=by.id, key=by.key or None),
        {"text": bounded(why, "text")},
    )


def accept(incident: str, seen: int, by: Principal) -> None:
    """Accept it, with the replays of its thresholds. Raises DoesNotExist, Overtaken, GateRefused
    for its author and while a threshold is not replayed or sees less, and TwoPeople."""
    with transaction.atomic():
        event = PostMortemAccepted(by=by.id, key=by.key or None, person=by.person)
        written = act(incident, seen, event).post_mortem
        if written is not None:
            check_second_person([written.by], by)


def do_action(incident: str, seen: int, what: str, evidence: str, by: Principal) -> None:
    """An action is done. Raises DoesNotExist, Overtaken, BadInput, GateRefused."""
    words = {"what": what, "evidence": bounded(evidence, "evidence")}
    act(incident, seen, ActionDone(by=by.id, key=by.key or None), words)


def _reds(indicators: Collection[str]) -> dict[str, float]:
    """Where each indicator is red now."""
    if not indicators:
        return {}
    from equipoise.watch import red_of

    watch = _watch()
    if watch is None:
        raise BadInput(f"the workspace has no {_WATCH}", field="thresholds", mend="write it first")
    return {name: red_of(watch, name) for name in indicators}


def _watch() -> Watch | None:
    path = Path(settings.CONFIGURATION.workspace) / _WATCH
    if not path.is_file():
        return None
    from equipoise.watch import read_watch  # which no server loads

    return read_watch(path)
