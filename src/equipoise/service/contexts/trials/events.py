"""What happens to a trial, in its strategy's chain."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from equipoise.record.events import Signed, event


class TrialEvent(Signed, frozen=True, kw_only=True):
    """What was done to a trial, by a person or by the service itself."""

    trial: int
    person: str | None = None


class ArmTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version that enters a trial, as what, and with which share of applicants."""

    number: int
    digest: str
    role: str
    share: float


@event("trial.begun", 1)
class TrialBegun(TrialEvent, frozen=True, kw_only=True):
    """A trial was put in force against the champion of that digest."""

    experiment: str
    champion: str
    arms: Sequence[ArmTold]
    reason: str


@event("trial.share", 1)
class ShareChanged(TrialEvent, frozen=True, kw_only=True):
    """A challenger got another share."""

    digest: str
    before: float = msgspec.field(name="from")
    after: float = msgspec.field(name="to")
    reason: str


@event("trial.ended", 1)
class TrialEnded(TrialEvent, frozen=True, kw_only=True):
    """Somebody ended it."""

    reason: str


@event("trial.overtaken", 1)
class TrialOvertaken(TrialEvent, frozen=True, kw_only=True):
    """Its champion is in force no more; which version is."""

    in_force: str | None


@event("trial.asked", 1)
class TrialAsked(TrialEvent, frozen=True, kw_only=True):
    """Somebody asked to stop it, or to ship its challenger of that version: another answers."""

    ask: int
    what: str
    version_id: int | None
    reason: str


@event("trial.answered", 1)
class TrialAnswered(TrialEvent, frozen=True, kw_only=True):
    """Another agreed to what was asked, and it was done; or did not."""

    ask: int
    what: str
    agreed: bool
    reason: str


class GuardrailTold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A guardrail as it was declared (`guardrails`)."""

    measure: str
    bound: float
    least: int
    then: str


@event("trial.guarded", 1)
class TrialGuarded(TrialEvent, frozen=True, kw_only=True):
    """What its challengers may be worse by, and what follows, declared as it was begun."""

    guardrails: Sequence[GuardrailTold]


@event("trial.guardrail_broken", 1)
class GuardrailBroken(TrialEvent, frozen=True, kw_only=True):
    """A challenger is worse than the champion by more than is borne: the difference with its
    interval, of so many outcomes of the champion and of it, since that day."""

    digest: str
    measure: str
    bound: float
    then: str
    difference: float
    low: float
    high: float
    outcomes: Sequence[int]
    since: str


@event("trial.people_told", 1)
class PeopleTold(TrialEvent, frozen=True, kw_only=True):
    """Those who answer for a challenger were written to of its guardrail; begins their chain."""

    digest: str
    measure: str
    people: Sequence[str]
