"""Bodies and answers about work that waits for people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from equipoise.service.contexts.cases.handing_on import MOST_AT_ONCE
from equipoise.service.contexts.cases.listing import Counts, Wanted, When, Whose
from equipoise.service.contexts.cases.models import WorkKind
from equipoise.service.contexts.cases.notes import Note
from equipoise.service.contexts.officers.schemas import Person
from equipoise.service.platform.api.bodies import Moment, Refusing
from equipoise.service.platform.api.short_text import Place, Reason

WorkId = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
_EXAMPLE = "work-referred-0193a1b2c3d400112233445566778899"


class WhichWork(Schema):
    """Which work: of a kind, yours or nobody's, what is overdue, put off or held by the customer;
    in a branch, by a strategy."""

    kind: WorkKind | None = None
    whose: Whose = ""
    when: When = ""
    branch: Place = ""
    strategy: Place = ""

    def wanted(self) -> Wanted:
        """The same for the desk."""
        return Wanted(**self.model_dump())


class WorkOut(Schema):
    """Something that waits for a person. `worth` sorts it, the highest first: `place` says why it
    stands there, and `unknown` which figures were not known. `chance` is that a person's answer is
    another than without one (a review overturned, a yes), drawn from `past` cases of the same grade
    and reasons, and where those are few from what is believed; null where nothing says it. `amount`
    and `stake` are in minor units of `currency`, to two figures. By `due_at` a person answers;
    since `held_since` that stands still, as the customer has the ball; `last_day` is the law's.
    Where the customer was asked something `news` says what came of it: `answered`, or `lapsed`.
    `claimed_by` has it until `lease_until`."""

    id: str
    kind: WorkKind
    application: str
    decision: str
    about: str
    branch: str
    region: str
    strategy: str
    grade: str
    level: str
    signatures: int
    why: list[str]
    amount: int | None
    stake: int | None
    currency: str
    opened_at: datetime
    due_at: datetime | None
    last_day: date | None
    held_since: datetime | None
    claimed_by: str
    claimed_at: datetime | None
    lease_until: datetime | None
    snoozed_until: datetime | None
    news: str
    worth: float
    place: str
    unknown: list[str]
    chance: float | None
    past: int
    closed_at: datetime | None
    closed: str


class WorkNoteOut(Schema):
    """What somebody said as they handed it on; `words` are null to readers without the right to
    personal facts."""

    what: str
    by: str
    at: datetime
    words: str | None


class WorkInFullOut(WorkOut):
    """The same with what was said about it."""

    notes: list[WorkNoteOut]


class NextWorkOut(Schema):
    """The case that was taken; null where none is free for you."""

    work: WorkOut | None


class WorkCountsOut(Schema):
    """How much waits: all that is shown, by kind, what is yours, what nobody has, what is overdue,
    held by the customer, and put off."""

    shown: int
    kinds: dict[str, int]
    mine: int
    free: int
    overdue: int
    held: int
    snoozed: int


class NextIn(Refusing):
    """Which case to take: of a kind, of a branch, by a strategy; any where these are left out."""

    kind: WorkKind | None = Field(None, examples=["referred"])
    branch: Place = ""
    strategy: Place = ""

    def wanted(self) -> Wanted:
        """The same for the desk."""
        return Wanted(**self.model_dump())


class AssignIn(Refusing):
    """Whom to give it, with a note for them, sealed with the applicant's facts."""

    to: Person = Field(examples=["user.7"])
    words: Reason = Field(examples=["The payslip of June is odd; please look."])


class SnoozeIn(Refusing):
    """Until when to put it off, and why; sealed with the applicant's facts."""

    until: Moment = Field(examples=["2030-01-07T09:00:00Z"])
    words: Reason = Field(examples=["The employer calls back in the morning."])


class ManyWorksIn(Refusing):
    """Several pieces of work, and what to do with each: `assign` them (`to`), `snooze` them
    (`until`) with `words`, or `release` them."""

    works: list[WorkId] = Field(min_length=1, max_length=MOST_AT_ONCE, examples=[[_EXAMPLE]])
    act: Literal["assign", "snooze", "release"] = Field(examples=["release"])
    to: Person | None = None
    until: Moment | None = None
    words: Reason | None = None


class RefusedWorkOut(Schema):
    """One that was left as it is, and why."""

    work: str
    detail: str
    mend: str


class ManyWorksOut(Schema):
    """What became of them."""

    done: list[str]
    refused: list[RefusedWorkOut]


def counts_out(counts: Counts) -> dict[str, object]:
    """The counts as they are answered."""
    totals = {name: getattr(counts, name) for name in WorkCountsOut.model_fields}
    return {**totals, "kinds": {kind.value: n for kind, n in counts.kinds.items()}}


def note_out(note: Note) -> dict[str, object]:
    """The note as it is answered."""
    return {name: getattr(note, name) for name in WorkNoteOut.model_fields}
