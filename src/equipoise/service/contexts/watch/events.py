"""What happens to the watch: what is watched, what is read, and what becomes of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.record.events import Event, Signed, event


@event("watch.brought", 1)
class WatchBrought(Signed, frozen=True, kw_only=True):
    """Somebody brought watch.yaml in, of that SHA-256."""

    digest: str
    person: str


@event("watch.approved", 1)
class WatchApproved(Signed, frozen=True, kw_only=True):
    """Somebody else approved it: that is watched from now on."""

    digest: str
    person: str


@event("watch.measured", 1)
class PeriodMeasured(Signed, frozen=True, kw_only=True):
    """A period's readings, those that were not known like this, under the watch of that digest:
    of each `indicator` its `value`, `n`, `low`, `high`, `baseline`, `chance`, `verdict`, `fault`,
    `inhibited_by`, the `snapshot` it was read from, and the `detail` of what is amiss with it."""

    digest: str
    period: str
    readings: tuple[Mapping[str, Any], ...]


class AlertChange(Signed, frozen=True, kw_only=True):
    """Something that happened to an alert, at `moment`: microseconds since 1970, which may lie
    before it was recorded."""

    moment: int


@event("alert.raised", 1)
class AlertRaised(AlertChange, frozen=True, kw_only=True):
    """An indicator rang, and it is not yet certain that it stays. Its owner has it."""

    indicator: str
    severity: str
    group: tuple[str, ...]
    owner: str


@event("alert.fired", 1)
class AlertFired(AlertChange, frozen=True, kw_only=True):
    """It rang for as long as it takes."""


@event("alert.rang", 1)
class AlertRang(AlertChange, frozen=True, kw_only=True):
    """The next reading rings still, or again; `is_news` where somebody is to be told of it."""

    severity: str
    is_news: bool


@event("alert.cleared", 1)
class AlertCleared(AlertChange, frozen=True, kw_only=True):
    """The reading is as it should be; the alert stays until two people close it."""


@event("alert.acknowledged", 1)
class AlertAcknowledged(AlertChange, frozen=True, kw_only=True):
    """Somebody has it."""


@event("alert.treated", 1)
class AlertTreated(AlertChange, frozen=True, kw_only=True):
    """Somebody does something about it: by a plan's `run`, or as the sealed `words` say."""

    words: Mapping[str, Any]
    run: str = ""


@event("alert.mitigated", 1)
class AlertMitigated(AlertChange, frozen=True, kw_only=True):
    """What was done should hold; how stands sealed in `words`."""

    words: Mapping[str, Any]


@event("alert.verified", 1)
class AlertVerified(AlertChange, frozen=True, kw_only=True):
    """Somebody else saw that it does."""


@event("alert.closing_asked", 1)
class AlertClosingAsked(AlertChange, frozen=True, kw_only=True):
    """Somebody wants it closed: as `resolved`, as a `false_positive` or `accepted`; why stands
    sealed in `words`."""

    ending: str
    words: Mapping[str, Any]


@event("alert.closing_refused", 1)
class AlertClosingRefused(AlertChange, frozen=True, kw_only=True):
    """Another does not; why stands sealed in `words`."""

    words: Mapping[str, Any]


@event("alert.closed", 1)
class AlertClosed(AlertChange, frozen=True, kw_only=True):
    """It is over: by the second signature, or by itself (`cleared`) before anybody was told."""

    indicator: str
    ending: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """Which, and how."""
        return {"id": chain, "indicator": self.indicator, "ending": self.ending}


@event("alert.reopened", 1)
class AlertReopened(AlertChange, frozen=True, kw_only=True):
    """It rang again after it was closed."""

    severity: str


@event("alert.silenced", 1)
class AlertSilenced(AlertChange, frozen=True, kw_only=True):
    """Nobody is told of it `until` then (microseconds since 1970); why stands sealed in `words`."""

    until: int
    words: Mapping[str, Any]


@event("alert.silence_ended", 1)
class AlertSilenceEnded(AlertChange, frozen=True, kw_only=True):
    """The time of silence is over, or somebody ended it."""


@event("alert.inhibited", 1)
class AlertInhibited(AlertChange, frozen=True, kw_only=True):
    """Another indicator says that this one's data are broken."""

    by_indicator: str


@event("alert.inhibition_ended", 1)
class AlertInhibitionEnded(AlertChange, frozen=True, kw_only=True):
    """Its data can be believed again."""


@event("alert.escalated", 1)
class AlertEscalated(AlertChange, frozen=True, kw_only=True):
    """Nobody took it in time: the next step's turn, counted from 0."""

    step: int


@event("alert.notified", 1)
class AlertNotified(AlertChange, frozen=True, kw_only=True):
    """Somebody is to be told, under an id that is the same whoever makes the notice; `cause` says
    why."""

    indicator: str
    severity: str
    id: str
    to: str
    cause: str

    def public(self, chain: str) -> Mapping[str, Any]:
        """Which, how bad, and why now."""
        return {
            "id": chain,
            "indicator": self.indicator,
            "severity": self.severity,
            "cause": self.cause,
            "notice": self.id,
        }


@event("alert.told", 1)
class AlertTold(Event, frozen=True, kw_only=True):
    """Notices went to somebody by that message, with others of its group as one `bundle`; without a
    message where none can go to them: their pages tell them."""

    notices: tuple[str, ...]
    to: str
    bundle: str
    message: str


@event("alert.plan_begun", 1)
class AlertPlanBegun(Event, frozen=True, kw_only=True):
    """A plan whose trigger says so began by itself, as that `run`, the first time that the alert
    rang in its `episode`."""

    plan: str
    run: str
    episode: int


@event("watch.backtested", 1)
class WatchBacktested(Signed, frozen=True, kw_only=True):
    """Indicators under the watch of that digest were held against history, as somebody asked: the
    rows of `data` with that `snapshot`, periods `since` to `until`, and what came of warnings
    (`against`: an event within so many periods, the costs, an outcome). Of each indicator what it
    would have been worth stands in `tests`; `fault` is why nothing could be measured."""

    digest: str
    data: str
    snapshot: str
    since: str
    until: str
    against: Mapping[str, Any]
    tests: tuple[Mapping[str, Any], ...]
    fault: str


@event("watch.injected", 1)
class ReadingInjected(Signed, frozen=True, kw_only=True):
    """A drill's run injected a value, which an indicator reads as it would one of its own. Nothing
    rings by it."""

    run: str
    indicator: str
    value: float
    verdict: str


def chain_of_version(version: int) -> str:
    """The chain of a version of watch.yaml."""
    return f"watch.{version}"
