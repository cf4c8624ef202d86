"""What the service answers, as the OpenAPI document describes it. Money is in the contract's
currency, rates are fractions a year. Fields that a newer server adds are passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as renamed
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms offered."""

    treatment: str
    apr: float
    amount: float
    months: float
    instalment: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A check that is still owed: its label, and what is needed from the applicant, by language."""

    name: str
    label: Mapping[str, str]
    need: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be chosen: its code, and what a person reads for it."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a person is asked: the contract's field, and its words in one language."""

    field: str
    kind: str
    question: str
    help: str
    why: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Answered(Question):
    """A question with what was typed, by box, and how it is read: `value`, in words `said`, or what
    the `problem` is."""

    boxes: tuple[str, ...]
    typed: Mapping[str, str]
    value: bool | int | float | str | None
    said: str
    problem: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """How an applicant is reached, and what is wrong with it."""

    email: str
    phone: str
    problem: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A purpose, what is read of it in this version, and whether the person agreed."""

    purpose: str
    version: int
    title: str
    text: str
    needed: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody types before it is an application: `questions` are those asked now, `share` of
    the way is done. Once `complete` it can be sent, with `after`."""

    id: str
    reference: str
    product: str
    language: str
    state: str
    share: float
    complete: bool
    questions: tuple[Answered, ...]
    contact: Contact
    consents: tuple[Consent, ...]
    after: str
    application: str | None
    decision: str | None
    begun_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer to take: `apr` is a fraction a year; `instalment`, `paid` (all of it) and `cost` are
    as they are written. `texts` are read before it is taken."""

    title: str
    amount: float
    months: int
    apr: float
    instalment: str
    paid: str
    cost: str
    recommended: bool
    asked_amount: float | None
    asked_months: float | None
    texts: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers to choose from, and why one of them is recommended."""

    offers: tuple[Offered, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An agreement: the `texts` that are read before it is signed, or that were."""

    state: str
    texts: tuple[str, ...]
    seen: str
    signed_at: datetime | None
    withdraw_until: date | None


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A person looks again, by `due_on` where a day is set."""

    id: str
    state: str
    asked_at: datetime
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a sent application stands, in words; `turn` is you, us or nobody, and with `takeable`
    there are offers to choose from. `asked` is asked besides; `not_asked` was not needed."""

    decision: str
    outcome: str
    turn: str
    headline: str
    needed: tuple[str, ...]
    reasons: tuple[str, ...]
    rights: str
    offers: tuple[str, ...]
    takeable: bool
    asked: tuple[str, ...]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """The least and the most there is of something."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Product:
    """What can be applied for, what is told of it, and what it asks people. People read `label` for
    its `name`; `amounts` are in `currency`, `rates` fractions a year, `days` those that it waits
    for staff, on average."""

    name: str
    digest: str
    label: str
    about: str
    whom: str
    needs: tuple[str, ...]
    currency: str
    amounts: Ends | None
    months: Ends | None
    rates: Ends | None
    days: Ends | None
    asks_first: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """Where an application stands: `open` while more is to come, else `decided`. It goes on with
    the strategy of `digest`; `decision` is its last one, and `language` the one in which the
    customer is spoken to, empty where none was said."""

    id: str
    state: str
    strategy: str
    digest: str
    language: str
    decision: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A person looks again at a decision: `asked` until it is `settled`, by `due_on` where a day is
    set. `outcome` is then kept or overturned."""

    id: str
    decision: str
    application: str
    state: str
    outcome: str
    asked_at: datetime
    due_on: date | None
    settled_by: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewWithWords(Review):
    """The same with what the applicant said, None where the key may not read personal facts."""

    words: str | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How long applicants wait from entering a stage to the answer: by how many minutes half and
    nine in ten have it, None where that is not known; how many had it, and how many wait."""

    stage: str
    answered: int
    waiting: int
    half: float | None
    nine_in_ten: float | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A letter that an applicant is owed, by `due_on` where the law sets a day: due, lacking what
    `lacks` says, made, sent, opened or gone. `digest` is the letter's SHA-256, empty until it is
    made."""

    id: str
    decision: str
    application: str
    letter: str
    state: str
    lacks: str
    due_on: date | None
    made_at: datetime | None
    opened_at: datetime | None
    digest: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on a decision's offer: accepted, signed or withdrawn. `digest` is that of what
    the person was shown last; until `withdraw_until` they may withdraw."""

    id: str
    application: str
    decision: str
    state: str
    language: str
    channel: str
    digest: str
    accepted_at: datetime
    signed_at: datetime | None
    withdraw_until: date | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision. `outcome` is approve, counter_offer, refer, decline or ask_for_more; then
    `next_check` names the check. An approval or a counter-offer with `conditions` stands only once
    each of them is passed; see `stands`. `application` stays the same while checks come in;
    `digest` is the SHA-256 of the sealed strategy. `extra` is what stood beside the contract's
    fields, where it keeps that. Where there are any, it and `offers` are None to a key that may
    not read personal facts, and after an erasure. `test`: asked with a test key, and recorded
    nowhere."""

    id: str
    application: str
    outcome: str
    grade: str | None
    reasons: tuple[str, ...]
    offers: tuple[Offer, ...] | None
    journey: str | None
    conditions: tuple[Condition, ...]
    authority: str | None
    signatures: int
    next_check: str | None
    strategy: str
    digest: str
    decided_on: date
    made_at: datetime
    extra: Mapping[str, Any] | None
    test: bool

    @property
    def stands(self) -> bool:
        """Whether the loan may be paid out as offered: nothing is owed any more."""
        return self.outcome in ("approve", "counter_offer") and not self.conditions


@dataclass(frozen=True, slots=True)
class CustomerWords:
    """The decision told to the customer; `text` is all of it. `whole` is false where the terms
    offered are left out, as the key may not read personal facts."""

    id: str
    language: str
    headline: str
    conditions: tuple[str, ...]
    offers: tuple[str, ...]
    reasons: tuple[str, ...]
    rights: str
    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class UnderwriterWords:
    """The decision told to the underwriter, the answer first."""

    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditorTrace:
    """The decision's whole trace, a tree of steps."""

    id: str
    trace: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed, `start` to `to`, in so many days; `said` in each language."""

    field: str
    start: Any = renamed(metadata={"as": "from"})
    to: Any
    steps: int
    days: float
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that turn the answer; the whole strategy decided them. `kind` is counter_offer where
    only the loan's terms change, else recourse."""

    kind: str
    changes: tuple[Change, ...]
    outcome: str
    offers: tuple[Offer, ...]
    conditions: tuple[Condition, ...]
    days: float
    effort: float
    valid_until: date


@dataclass(frozen=True, slots=True)
class Difference:
    """A place at which the decision made again differs."""

    at: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replay:
    """The decision made again, and where it differs."""

    id: str
    identical: bool
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision, and on which day."""

    decision: str
    outcome: str
    on: date
    amount: float | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key this is, and what it may do over which rows. `id` is the program's, which stays
    when its `key` is renewed."""

    id: str
    key: str
    test: bool
    role: str
    may: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a strategy, and where it stands."""

    id: int
    strategy: str
    number: int
    label: str
    digest: str
    state: str
    authors: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ResultFile:
    """The file of a batch's answers."""

    kind: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a batch's file, where, and how to mend it; `faults` are all of several."""

    error: str
    message: str
    file: str | None
    line: int | None
    column: int | None
    row: int | None
    field: str | None
    mend: str | None
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of applications: `rows` of `total` are decided. `state` is queued, running, done,
    failed or cancelled; `sha256` is the given file's."""

    id: str
    state: str
    rows: int
    total: int | None
    outcomes: Mapping[str, int]
    strategy: str
    digest: str
    decided_on: date
    sha256: str
    made_at: datetime
    ended_at: datetime | None
    files_until: datetime | None
    result: ResultFile | None
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told what happens; `switched_off` says why it is not active."""

    id: str
    url: str
    name: str
    events: tuple[str, ...]
    begun_by: str
    made_at: datetime
    active: bool
    switched_off: str
    failures: int
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver: `status` is HTTP's, None where nothing answered."""

    at: datetime
    status: int | None
    problem: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event to tell one address. `state` is waiting, delivered or dead."""

    id: str
    webhook_id: str
    sequence: int
    kind: str
    state: str
    tries: int
    made_at: datetime
    next_at: datetime | None
    attempts: tuple[Attempt, ...]
