"""An incident folded from what happened to it: what it is after each event, or why the event cannot
happen to it. One fold for what is asked and for what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from equipoise.errors import GateRefused
from equipoise.service.contexts.incidents.events import (
    ActionDone,
    IncidentChased,
    IncidentClosed,
    IncidentEvent,
    IncidentLinked,
    IncidentNoted,
    IncidentRegraded,
    IncidentReported,
    IncidentStabilised,
    NoticeGiven,
    PostMortemAccepted,
    PostMortemReturned,
    PostMortemWritten,
    RoleGivenBack,
    RoleTaken,
    TaskAdded,
    TaskDone,
    ThresholdNotReplayed,
    ThresholdReplayed,
)
from equipoise.service.contexts.incidents.models import Learnt
from equipoise.watch import incidents
from equipoise.watch.incidents import Action, Incident, Noted, PostMortem, Replayed, Task

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an incident: when, by whom, what, and the words that stand sealed in it."""

    on: datetime
    event: IncidentEvent
    words: Words


@dataclass(frozen=True, slots=True)
class Story:
    """An incident and what is learned of it. `returned` is why the post-mortem is to be written
    anew, `failures` why a threshold could not be replayed, `events` how many events each replay
    knew of, `chased` what its owner was told is late, by kind and name."""

    incident: Incident
    post_mortem: PostMortem | None = None
    returned: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)
    events: Mapping[str, int] = field(default_factory=dict)
    chased: frozenset[tuple[str, str]] = frozenset()

    @property
    def learnt(self) -> Learnt:
        """How far the post-mortem is."""
        written = self.post_mortem
        if written is None or self.returned:
            return Learnt.NOTHING
        if not written.accepted_by:
            return Learnt.WRITTEN
        done = all(each.done is not None for each in written.actions)
        return Learnt.DONE if done else Learnt.ACCEPTED


def begun(event: IncidentReported, on: datetime, words: Words) -> Story:
    """An incident as it is reported."""
    return Story(
        Incident(
            title=words["title"],
            risk=event.risk,  # type: ignore[arg-type]  # closed lists, held by whoever reports
            severity=event.severity,  # type: ignore[arg-type]
            reported=on,
            by=event.by,
            currency=event.currency,
            notice_hours=event.notice_hours,
            timeline=(Noted(on, on, event.by, words["text"]),),
            touched=frozenset({("alert", event.alert)} if event.alert else ()),
        )
    )


def after(story: Story, happened: Happening) -> Story:
    """The incident after it. Raises GateRefused where it cannot happen to it now."""
    return _after(happened.event, _Now(story, happened.on, happened.words))


@dataclass(frozen=True, slots=True)
class _Now:
    """Into what an event comes: the incident before it, when, and with which words."""

    story: Story
    on: datetime
    words: Words


@singledispatch
def _after(event: IncidentEvent, _now: _Now) -> Story:
    raise AssertionError(f"nothing is known of {type(event).__name__}")


@_after.register
def _noted(event: IncidentNoted, now: _Now) -> Story:
    line = Noted(datetime.fromisoformat(event.happened), now.on, event.by, now.words["text"])
    return replace(now.story, incident=incidents.note(now.story.incident, line))


@_after.register
def _regraded(event: IncidentRegraded, now: _Now) -> Story:
    regraded = incidents.regrade(now.story.incident, event.severity)  # type: ignore[arg-type]
    line = Noted(now.on, now.on, event.by, now.words["text"])
    return replace(now.story, incident=incidents.note(regraded, line))


@_after.register
def _taken(event: RoleTaken, now: _Now) -> Story:
    return replace(
        now.story, incident=incidents.take(now.story.incident, event.role, event.person, now.on)
    )


@_after.register
def _given_back(event: RoleGivenBack, now: _Now) -> Story:
    return replace(now.story, incident=incidents.give_back(now.story.incident, event.role, now.on))


@_after.register
def _task_added(event: TaskAdded, now: _Now) -> Story:
    task = Task(now.words["name"], event.person, datetime.fromisoformat(event.due))
    return replace(now.story, incident=incidents.add_task(now.story.incident, task))


@_after.register
def _task_done(_told: TaskDone, now: _Now) -> Story:
    return replace(
        now.story, incident=incidents.do_task(now.story.incident, now.words["name"], now.on)
    )


@_after.register
def _linked(event: IncidentLinked, now: _Now) -> Story:
    touched = incidents.touch(now.story.incident, event.what, now.words["which"])  # type: ignore[arg-type]
    return replace(now.story, incident=touched)


@_after.register
def _notice_given(_told: NoticeGiven, now: _Now) -> Story:
    return replace(now.story, incident=incidents.notify(now.story.incident, now.on))


@_after.register
def _stabilised(event: IncidentStabilised, now: _Now) -> Story:
    line = Noted(now.on, now.on, event.by, now.words["text"])
    return replace(
        now.story, incident=incidents.note(incidents.stabilise(now.story.incident, now.on), line)
    )


@_after.register
def _closed(event: IncidentClosed, now: _Now) -> Story:
    return replace(
        now.story, incident=incidents.close(now.story.incident, event.person, now.on, event.loss)
    )


@_after.register
def _chased(event: IncidentChased, now: _Now) -> Story:
    return replace(now.story, chased=now.story.chased | {(event.what, now.words["name"])})


@_after.register
def _written(event: PostMortemWritten, now: _Now) -> Story:
    if now.story.post_mortem is not None and now.story.post_mortem.accepted_by:
        raise GateRefused("the post-mortem is accepted already", field="state", mend="read it")
    draft = PostMortem(
        incident=now.story.incident.title,
        by=event.person,
        on=now.on,
        visible=datetime.fromisoformat(event.visible),
        noticed=datetime.fromisoformat(event.noticed),
        cause=now.words["cause"],
        failed_control=event.failed_control,
        actions=tuple(
            Action(each["what"], each["person"], date.fromisoformat(each["due"]))
            for each in now.words["actions"]
        ),
        thresholds=tuple(
            Replayed(name, event.in_force[name], after) for name, after in event.thresholds.items()
        ),
        went_well=now.words["went_well"],
    )
    sound = incidents.write(draft, event.controls)
    return replace(now.story, post_mortem=sound, returned="", failures={}, events={})


@_after.register
def _replayed(event: ThresholdReplayed, now: _Now) -> Story:
    figures = Replayed(
        event.indicator,
        event.before,
        event.after,
        event.history,
        lead_days=(event.lead_before, event.lead_after),
        seen=(event.saw_before, event.saw_after),
        false_a_year=(event.false_before, event.false_after),
    )
    return replace(
        now.story,
        post_mortem=incidents.replayed(_draft(now.story), figures),
        events={**now.story.events, event.indicator: event.events},
    )


@_after.register
def _not_replayed(event: ThresholdNotReplayed, now: _Now) -> Story:
    _draft(now.story)
    return replace(now.story, failures={**now.story.failures, event.indicator: event.reason})


@_after.register
def _returned(_told: PostMortemReturned, now: _Now) -> Story:
    if _draft(now.story).accepted_by:
        raise GateRefused("the post-mortem is accepted already", field="state", mend="read it")
    return replace(now.story, returned=now.words["text"])


@_after.register
def _accepted(event: PostMortemAccepted, now: _Now) -> Story:
    return replace(now.story, post_mortem=incidents.accept(_draft(now.story), event.person))


@_after.register
def _action_done(_told: ActionDone, now: _Now) -> Story:
    written = _draft(now.story)
    if not written.accepted_by:
        raise GateRefused(
            "the post-mortem is not accepted yet", field="state", mend="have it accepted first"
        )
    done = incidents.do_action(written, now.words["what"], now.on.date(), now.words["evidence"])
    return replace(now.story, post_mortem=done)


def _draft(story: Story) -> PostMortem:
    if story.post_mortem is None or story.returned:
        raise GateRefused("there is no post-mortem", field="state", mend="write it first")
    return story.post_mortem
