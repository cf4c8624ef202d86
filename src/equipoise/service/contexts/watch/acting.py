"""What people do with alerts. Each says which version they saw; who was overtaken is told by whom
and by what, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction

from equipoise.errors import BadInput, GateRefused
from equipoise.service.contexts.plans import services as plans
from equipoise.service.contexts.watch.changing import add
from equipoise.service.contexts.watch.documents import parsed
from equipoise.service.contexts.watch.events import (
    AlertChange,
    AlertEscalated,
    AlertNotified,
)
from equipoise.service.contexts.watch.folding import SYSTEM, Followed, follow
from equipoise.service.contexts.watch.models import Alert as Row
from equipoise.service.contexts.watch.people import rules
from equipoise.service.contexts.watch.versions import version_in_force
from equipoise.service.platform import clock
from equipoise.service.platform.accounts import reading as accounts
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.accounts.second_person import check_second_person
from equipoise.service.platform.overtaking import Overtaken

if TYPE_CHECKING:
    from equipoise.watch import Alert, AlertEvent

LONGEST = 500
Ending = Literal["resolved", "false_positive", "accepted"]
"""How two people may close an alert."""
_Act = Callable[["Alert", datetime], "tuple[AlertEvent, ...]"]
_TOLD_ONLY = (AlertEscalated, AlertNotified)
"""What the clock does beside anybody: that somebody was told changes nothing of what was read."""


def acknowledge(alert: str, by: Principal, version: int) -> None:
    """Take it. Raises DoesNotExist, Overtaken, GateRefused, as all of these do."""
    from equipoise.watch import acknowledge as acknowledged

    _do(alert, by, version, lambda a, at: acknowledged(a, by.id, at, a.version))


def treat(alert: str, by: Principal, version: int, how: str) -> None:
    """Do something about it, said in words."""
    from equipoise.watch import begin_treatment

    said = _said(how)
    _do(alert, by, version, lambda a, at: begin_treatment(a, by.id, said, at, a.version))


def treat_by_plan(alert: str, by: Principal, version: int, plan: str) -> str:
    """Begin a plan in force because of it, as its treatment; the run. Raises also what beginning a
    plan does; nothing happens then."""
    from equipoise.watch import begin_treatment

    with transaction.atomic():
        followed = _held(alert, version)
        a = followed.alert
        happened = begin_treatment(a, by.id, plan, clock.now(), a.version)
        run = plans.begin(plan, f"{a.indicator}: {a.severity}", by)
        add(followed.row, a, happened, by=by.id, key=by.key or None, run=run)
    return run


def mitigate(alert: str, by: Principal, version: int, how: str) -> None:
    """Say that what was done should hold."""
    from equipoise.watch import mitigate as mitigated

    said = _said(how)
    _do(alert, by, version, lambda a, at: mitigated(a, by.id, said, at, a.version))


def verify(alert: str, by: Principal, version: int) -> None:
    """Say that it does: for another than who did it. Besides, raises TwoPeople where both accounts
    may be one person's."""
    from equipoise.watch import verify as verified

    def by_another(a: Alert, at: datetime) -> tuple[AlertEvent, ...]:
        happened = verified(a, by.id, at, a.version)
        check_second_person([a.treated_by], by)
        return happened

    _do(alert, by, version, by_another)


def ask_to_close(alert: str, by: Principal, version: int, ending: Ending, reason: str) -> None:
    """Ask for its end: resolved, a false alarm, or accepted; another has to agree."""
    from equipoise.watch import ask_to_close as asked

    said = _said(reason)
    _do(
        alert,
        by,
        version,
        lambda a, at: asked(a, by.id, ending, said, at=at, version=a.version),
    )


def agree_to_close(alert: str, by: Principal, version: int) -> None:
    """The second signature. Besides, raises TwoPeople where both accounts may be one person's."""
    from equipoise.watch import agree_to_close as agreed

    def by_another(a: Alert, at: datetime) -> tuple[AlertEvent, ...]:
        happened = agreed(a, by.id, at, a.version)
        check_second_person([a.asked.by] if a.asked else [], by)
        return happened

    _do(alert, by, version, by_another)


def refuse_to_close(alert: str, by: Principal, version: int, reason: str) -> None:
    """Leave it open, for a reason."""
    from equipoise.watch import refuse_to_close as refused

    said = _said(reason)
    _do(alert, by, version, lambda a, at: refused(a, by.id, said, at, a.version))


def silence(alert: str, by: Principal, version: int, until: datetime, reason: str) -> None:
    """Have nobody told of it until then, for a reason."""
    from equipoise.watch import silence as silenced

    said = _said(reason)
    _do(
        alert,
        by,
        version,
        lambda a, at: silenced(
            a, by.id, until, said, rules=rules(_document()), at=at, version=a.version
        ),
    )


def end_silence(alert: str, by: Principal, version: int) -> None:
    """Before its time."""
    from equipoise.watch import end_silence as ended

    _do(alert, by, version, lambda a, at: ended(a, at, a.version))


def _do(alert: str, by: Principal, version: int, act: _Act) -> None:
    with transaction.atomic():
        followed = _held(alert, version)
        happened = act(followed.alert, clock.now())
        add(followed.row, followed.alert, happened, by=by.id, key=by.key or None)


def _held(alert: str, version: int) -> Followed:
    """The alert, which nobody else changes until the transaction ends."""
    followed = follow(Row.objects.select_for_update().get(pk=alert))
    since = [e for e in followed.happened[max(version, 0) :] if not isinstance(e.event, _TOLD_ONLY)]
    if since:
        raise _overtaken(since[-1].event)
    if not 0 < version <= followed.alert.version:
        raise BadInput("the alert has no such version yet", field="version")
    return followed


def _overtaken(last: AlertChange) -> Overtaken:
    who = accounts.usernames([last.by]).get(last.by, last.by) if last.by != SYSTEM else "the watch"
    return Overtaken(who, last.kind)


def _said(text: str) -> str:
    plain = text.strip()
    if len(plain) > LONGEST:
        raise BadInput(f"that is longer than {LONGEST} letters", mend="say it in fewer words")
    return plain


def _document() -> Any:
    version = version_in_force()
    if version is None:
        raise GateRefused("nothing is watched", mend="bring watch.yaml in, and have it approved")
    return parsed(version.text).document
