"""After an incident: what was missed, which control failed, and what is done about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from equipoise.errors import GateRefused


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody does so that it does not come again; `evidence` says how it was done."""

    what: str
    owner: str
    due: date
    done: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A threshold as it was and as it is proposed, each on the same history: median lead time in
    days, how many of the shocks were seen, and false alarms a year. `history` is its digest, empty
    while nothing was replayed."""

    indicator: str
    before: float
    after: float
    history: str = ""
    lead_days: tuple[float | None, float | None] = (None, None)
    seen: tuple[int, int] = (0, 0)
    false_a_year: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What is learned of an incident. `visible` is when data first showed it, `noticed` when an
    alert or a person did."""

    incident: str
    by: str
    on: datetime
    visible: datetime
    noticed: datetime
    cause: str
    failed_control: str
    actions: tuple[Action, ...]
    thresholds: tuple[Replayed, ...] = ()
    went_well: str = ""
    accepted_by: str = ""

    @property
    def missed_hours(self) -> float:
        """Lead time that was missed: hours from visible to noticed."""
        return (self.noticed - self.visible).total_seconds() / 3600


def write(draft: PostMortem, controls: Iterable[str]) -> PostMortem:
    """A post-mortem that can be accepted. Raises GateRefused where it says no cause, names a
    control that the register does not have, or has no action with an owner."""
    known = sorted(controls)
    if not draft.cause.strip():
        raise GateRefused("it says no cause", field="cause", mend="say what led to it")
    if draft.failed_control not in known:
        raise GateRefused(
            f"'{draft.failed_control}' is no control of the register",
            field="failed_control",
            mend=f"one of {', '.join(known)}" if known else "write the control into watch.yaml",
        )
    if draft.noticed < draft.visible:
        raise GateRefused("it was noticed before it could be seen", field="noticed")
    if not draft.actions:
        raise GateRefused("nothing follows from it", field="actions", mend="name who does what")
    return draft


def replayed(post_mortem: PostMortem, figures: Replayed) -> PostMortem:
    """The figures of a proposed threshold's replay are there. Raises GateRefused for a threshold
    that is not proposed, and once it was accepted."""
    _waits(post_mortem)
    proposed = [(each.indicator, each.after) for each in post_mortem.thresholds]
    if (figures.indicator, figures.after) not in proposed:
        raise GateRefused(f"no threshold of '{figures.indicator}' is proposed", field="indicator")
    thresholds = tuple(
        figures if (each.indicator, each.after) == (figures.indicator, figures.after) else each
        for each in post_mortem.thresholds
    )
    return replace(post_mortem, thresholds=thresholds)


def accept(post_mortem: PostMortem, by: str) -> PostMortem:
    """Accepted by somebody else than its author. Raises GateRefused for the author, and where a
    changed threshold was not replayed on history, or sees fewer of the shocks than before."""
    _waits(post_mortem)
    if by == post_mortem.by:
        raise GateRefused("nobody accepts what they wrote", field="by", mend="ask somebody else")
    for each in post_mortem.thresholds:
        if not each.history:
            raise GateRefused(
                f"the new threshold of '{each.indicator}' was not replayed",
                field="thresholds",
                mend="replay it on history first",
            )
        if each.seen[1] < each.seen[0]:
            raise GateRefused(
                f"the new threshold of '{each.indicator}' sees {each.seen[1]} of what the old one "
                f"saw {each.seen[0]} of",
                field="thresholds",
                mend="propose one that misses nothing that was seen",
            )
    return replace(post_mortem, accepted_by=by)


def do_action(post_mortem: PostMortem, what: str, on: date, evidence: str) -> PostMortem:
    """An action is done. Raises GateRefused without evidence, and for one that is not open."""
    open_ = [each.what for each in post_mortem.actions if each.done is None]
    if what not in open_:
        raise GateRefused(f"'{what}' is no open action", field="what")
    if not evidence.strip():
        raise GateRefused("say how it was done", field="evidence", mend="name what shows it")
    actions = tuple(
        replace(each, done=on, evidence=evidence)
        if each.what == what and each.done is None
        else each
        for each in post_mortem.actions
    )
    return replace(post_mortem, actions=actions)


def overdue_actions(post_mortem: PostMortem, today: date) -> tuple[Action, ...]:
    """Actions whose day has passed."""
    return tuple(each for each in post_mortem.actions if each.done is None and each.due < today)


def _waits(post_mortem: PostMortem) -> None:
    if post_mortem.accepted_by:
        raise GateRefused("the post-mortem is accepted already", field="state", mend="read it")
