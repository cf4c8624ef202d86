"""What is answered about incidents, loans in trouble, and screenings. Money is in minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident in a list: `lead` is empty where nobody leads it, `learnt` says how far its
    post-mortem is, `late` counts what is late of it."""

    id: str
    title: str
    risk: str
    severity: str
    reported_at: datetime
    closed_at: datetime | None
    learnt: str
    lead: str
    late: int


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """A line of the timeline."""

    happened_at: datetime
    written_at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class IncidentRole:
    """A role that somebody has or had."""

    role: str
    person: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentTask:
    """Something to do."""

    name: str
    owner: str
    due: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class IncidentLink:
    """An alert, a loan, a customer or a run of a plan that belongs to it."""

    what: str
    which: str


@dataclass(frozen=True, slots=True)
class Late:
    """A task, the notice or an action that is late."""

    what: str
    name: str
    person: str
    due: datetime


@dataclass(frozen=True, slots=True)
class PostMortemAction:
    """What somebody does so that it does not happen again."""

    what: str
    owner: str
    due: date
    done_on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """A red threshold proposed beside the one that was in force, on the same history; `failure` is
    why it could not be held against it."""

    indicator: str
    before: float
    after: float
    history: str
    failure: str
    events: int | None
    lead_days_before: float | None
    lead_days_after: float | None
    seen_before: int
    seen_after: int
    false_a_year_before: float
    false_a_year_after: float


@dataclass(frozen=True, slots=True)
class PostMortem:
    """What is learned; `accepted_by` is empty while it waits for a second person."""

    by: str
    written_at: datetime
    visible_at: datetime
    noticed_at: datetime
    missed_hours: float
    cause: str
    went_well: str
    failed_control: str
    returned: str
    accepted_by: str
    actions: tuple[PostMortemAction, ...]
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class IncidentInFull:
    """An incident in full; `serial` is what whoever acts says that they saw."""

    id: str
    serial: int
    title: str
    risk: str
    severity: str
    reported_at: datetime
    by: str
    currency: str
    lead: str
    notice_due: datetime | None
    notified_at: datetime | None
    stable_at: datetime | None
    closed_at: datetime | None
    loss: int | None
    timeline: tuple[IncidentNote, ...]
    roles: tuple[IncidentRole, ...]
    tasks: tuple[IncidentTask, ...]
    links: tuple[IncidentLink, ...]
    late: tuple[Late, ...]
    learnt: str
    post_mortem: PostMortem | None


@dataclass(frozen=True, slots=True)
class Disposal:
    """A disposal in a list; `loan` is empty where its applicant was erased."""

    id: str
    loan: str
    measure: str
    way: str
    state: str
    exposure: int
    expected: int
    recovered: int
    currency: str
    proposed_at: datetime
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DisposalDate:
    """A date of its calendar."""

    what: str
    due: date
    met: date | None


@dataclass(frozen=True, slots=True)
class DisposalContact:
    """A contact that is planned, or was made."""

    at: datetime
    channel: str
    made: bool
    talked: bool
    text: str


@dataclass(frozen=True, slots=True)
class DisposalMoney:
    """Money that came in, as an entry of the books says."""

    entry: str
    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class DisposalInFull:
    """A disposal in full; `serial` is what whoever acts says that they saw."""

    id: str
    serial: int
    loan: str
    application: str
    measure: str
    way: str
    state: str
    by: str
    reason: str
    letter: Mapping[str, str]
    exposure: int
    expected: int
    recovered: int
    shortfall: int
    currency: str
    proposed_at: datetime
    expires: date | None
    place: str
    zone: str
    vulnerable: bool
    decided_by: str
    decided_at: datetime | None
    refusal: str
    late: tuple[str, ...]
    dates: tuple[DisposalDate, ...]
    contacts: tuple[DisposalContact, ...]
    realised: tuple[DisposalMoney, ...]


@dataclass(frozen=True, slots=True)
class DisposalTotal:
    """Expected against realised in one currency, of all that was ended."""

    currency: str
    ended: int
    expected: int
    recovered: int


@dataclass(frozen=True, slots=True)
class Screening:
    """A round of a duty: what is asked, whose it is, and what was answered."""

    id: str
    duty: str
    owner: str
    begins: date
    due: date
    risk: str
    asks: tuple[str, ...]
    answers: tuple[str, ...]
    answered_by: str
    answered_at: datetime | None
    residual: int | None
