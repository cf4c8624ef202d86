"""What others get to see of the watch: frozen, and made from rows and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from equipoise.service.contexts.watch.folding import SYSTEM, Followed, moment
from equipoise.service.contexts.watch.models import Alert as AlertRow
from equipoise.service.contexts.watch.models import Injected as InjectedRow
from equipoise.service.contexts.watch.models import Notice as NoticeRow
from equipoise.service.contexts.watch.models import Reading as ReadingRow
from equipoise.service.contexts.watch.models import WatchVersion

if TYPE_CHECKING:
    from equipoise.watch import Indicator, Risk, Watch


@dataclass(frozen=True, slots=True)
class Version:
    """A watch.yaml brought in, by whom and when; by whom approved, empty where nobody has."""

    id: int
    digest: str
    brought_by: str
    brought_at: datetime
    approved_by: str
    approved_at: datetime | None
    watch: Watch


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A reading, as the library's has it; `detail` says what is amiss with its data, `digest` and
    `snapshot` of which watch and which rows it is."""

    indicator: str
    period: date
    value: float | None
    n: int
    low: float | None
    high: float | None
    baseline: float | None
    chance: float | None
    verdict: str
    fault: str
    inhibited_by: str
    snapshot: str
    digest: str
    detail: str
    measured_at: datetime

    @property
    def colour(self) -> str:
        """Its verdict, or that its data are at fault, or are not to be believed."""
        return "data" if self.fault else "inhibited" if self.inhibited_by else self.verdict


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert as it stands. `version` is what whoever acts on it has seen."""

    id: str
    indicator: str
    severity: str
    stage: str
    group: str
    owner: str
    version: int
    episode: int
    since: datetime
    raised_at: datetime
    cleared_at: datetime | None
    silenced_until: datetime | None
    inhibited_by: str

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.stage != "closed"


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to an alert: the event's kind without its first part, when, by whom (empty: the
    service itself), what was said, and what else there is to it."""

    what: str
    at: datetime
    by: str
    words: str
    run: str = ""
    to: str = ""
    cause: str = ""
    ending: str = ""
    severity: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """That somebody is told, and since when they were."""

    id: str
    alert: str
    indicator: str
    severity: str
    to: str
    cause: str
    at: datetime
    told_at: datetime | None
    message: str


@dataclass(frozen=True, slots=True)
class AlertInFull:
    """An alert with all that happened to it and its newest readings. `treated_by` did what another
    verifies; `asked_by` wants it closed as `asked_ending`, for `asked_reason`. `begun` are plans
    that began by themselves, with their runs."""

    alert: AlertView
    happened: tuple[Happened, ...]
    notices: tuple[NoticeView, ...]
    readings: tuple[ReadingView, ...]
    treated_by: str
    asked_by: str
    asked_ending: str
    asked_reason: str
    begun: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator, its newest reading that counts, and the one before."""

    indicator: Indicator
    newest: ReadingView | None
    before: ReadingView | None


@dataclass(frozen=True, slots=True)
class Registered:
    """A risk with its grades as they are now: measured from an indicator's newest value or judged,
    None where a measured one is not known."""

    risk: Risk
    probability: int | None
    impact: int | None
    residual: int | None

    @property
    def score(self) -> int | None:
        """Probability times impact."""
        if self.probability is None or self.impact is None:
            return None
        return self.probability * self.impact


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as text, under the names of their columns."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class InjectedView:
    """A value that a drill's run injected, as the indicator reads it."""

    run: str
    value: float
    verdict: str
    at: datetime


def version_view(row: WatchVersion, watch: Watch) -> Version:
    """A version."""
    return Version(
        row.pk,
        row.digest,
        row.brought_by,
        row.brought_at,
        row.approved_by,
        row.approved_at,
        watch,
    )


def reading_view(row: ReadingRow) -> ReadingView:
    """A reading."""
    return ReadingView(*(getattr(row, name) for name in ReadingView.__slots__))


def alert_view(row: AlertRow) -> AlertView:
    """An alert."""
    return AlertView(*(getattr(row, name) for name in AlertView.__slots__))


def notice_view(row: NoticeRow) -> NoticeView:
    """A notice, whose alert is at hand."""
    return NoticeView(
        row.pk,
        row.alert_id,
        row.alert.indicator,
        row.alert.severity,
        row.to,
        row.cause,
        row.at,
        row.told_at,
        row.message,
    )


def injected_view(row: InjectedRow) -> InjectedView:
    """A value that was injected."""
    return InjectedView(row.run, row.value, row.verdict, row.at)


def happened_views(followed: Followed) -> tuple[Happened, ...]:
    """All that happened, oldest first."""
    made = []
    for each in followed.happened:
        event = each.event
        until = getattr(event, "until", None)
        made.append(
            Happened(
                what=type(event).kind.partition(".")[2],
                at=moment(event.moment),
                by="" if event.by == SYSTEM else event.by,
                words=followed.words[each.sequence],
                until=None if until is None else moment(until),
                **{
                    name: str(getattr(event, name, ""))
                    for name in ("run", "to", "cause", "ending", "severity")
                },
            )
        )
    return tuple(made)
