"""What an applicant brought, said, was asked, and what is held about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .products import Choice


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a document is asked for by now: to be sent as `about`, and its words."""

    about: str
    words: str


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A document that the applicant brought, as it is kept: `held` for the scanner, `clear`, or
    `refused` and gone. `opened` is when somebody of the lender's opened it."""

    id: str
    about: str
    name: str
    kind: str
    size: int
    pages: int
    state: str
    brought_at: datetime
    opened: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """What is asked for, what was brought, and how many are kept at most."""

    wanted: tuple[Wanted, ...]
    papers: tuple[OwnPaper, ...]
    most: int


@dataclass(frozen=True, slots=True)
class Said:
    """What the applicant answered: in words, and the names of what they brought with it."""

    day: date
    words: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something unclear: `what` it is, `how` it is settled, and what was `said` to it so far; open,
    answered (read by a person by `due_on`), or closed with an `outcome`."""

    id: str
    what: str
    how: str
    state: str
    outcome: str
    due_on: date | None
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """Words of a person of the lender's: in the draft's language, or in the one that `tongue`
    names."""

    text: str
    tongue: str


@dataclass(frozen=True, slots=True)
class OneMore:
    """One thing that a person asks while they decide: `title` and `question`, and `why`; answered
    in the `boxes` of its `kind`, or by a document where that is `file`, by `due_on`. Without an
    answer by then a person goes on with what there is. A `condition` is what a person's yes waits
    for: without it by then, the offer ends. `said` is what was answered so far."""

    id: str
    title: str
    question: Worded
    why: Worded
    kind: str
    boxes: tuple[str, ...]
    choices: tuple[Choice, ...]
    due_on: date
    state: str
    outcome: str
    condition: bool
    can_answer: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class OwnComplaint:
    """A complaint, or the wish that a fact is corrected (`matter`): answered by `due_on` where a
    day is set. `outcome` and `answer` are empty until there is one."""

    reference: str
    matter: str
    state: str
    outcome: str
    received_at: datetime
    due_on: date | None
    rule: str
    counted: str
    overdue: bool
    answered_at: datetime | None
    words: str
    answer: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Whom else a person can turn to, and how they are reached."""

    name: str
    reach: str


@dataclass(frozen=True, slots=True)
class OwnComplaints:
    """Those so far, the newest first; by when one of today would be answered; and whom else the
    person can turn to."""

    complaints: tuple[OwnComplaint, ...]
    due_on: date | None
    elsewhere: tuple[Elsewhere, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person is asked: after what, on which `scale` now, from 1 to `highest`; both None
    once all is tapped, when they may still add words."""

    moment: str
    scale: str | None
    highest: int | None
    said: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation: `who` is applicant, helper, person or note."""

    who: str
    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen from a menu."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that was said so far, and what can be chosen now. `person`: a person has it."""

    turns: tuple[Turn, ...]
    menu: tuple[Option, ...]
    person: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that is held: what it is, how it reads, and where it is from."""

    field: str
    title: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the person agreed to, in which version of its text, or took back (`withdrawn`)."""

    purpose: str
    text: int
    at: datetime
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: when, and its outcome."""

    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """A letter that was made: what it is called, and when the person first took it, None where
    they did not."""

    id: str
    title: str
    made_at: datetime | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held about an application, and who looked at it: when it was `opened` elsewhere
    with a code, decided, and found by `searches`."""

    reference: str
    email: str
    phone: str
    facts: tuple[Fact, ...]
    papers: tuple[OwnPaper, ...]
    letters: tuple[OwnLetter, ...]
    said: tuple[Said, ...]
    asked: tuple[Said, ...]
    agreements: tuple[Agreed, ...]
    decisions: tuple[Decided, ...]
    opened: tuple[datetime, ...]
    searches: tuple[datetime, ...]
    erasure_asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class HelpCode:
    """What an applicant reads out to whoever helps them in person."""

    reference: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """When the person asked to be erased, None where they did not; until when the law has a
    decision kept, and by which `rule`."""

    asked_at: datetime | None
    kept_until: date | None
    rule: str
