"""What a person may know of practice: what comes next, what they answered, how well, which drills
are due; and of others only what they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from equipoise.review.practice import Case, Done, Drill, Lens, Results, Seen, due, next_case
from equipoise.review.practice import Deck as Cases
from equipoise.service.contexts.practice import decided, measured
from equipoise.service.contexts.practice.exercises import drills
from equipoise.service.contexts.practice.models import DECKS, Answer, Deck, Drilled, Sharing, Source
from equipoise.service.contexts.practice.sources import PATIENCE, Edition, edition_of
from equipoise.service.contexts.registry.reading import in_force, lender_day
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

__all__ = ["Source", "drills"]
FEW = 3
"""People of whom at least so many share before their average is told."""
_TRIES = 20  # cases in which somebody has a part, before they are told that there is none


@dataclass(frozen=True, slots=True)
class Next:
    """The case that comes next, the person's how-manieth of the source it will be, and the decision
    behind it where it was decided here."""

    case: Case
    deck: Cases
    place: int
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Others:
    """What those who share said of the same case: how many, on average, and how many would lend."""

    n: int
    stated: float
    lent: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person said of a case, and the case; None where it is no longer at hand. `others` is
    None where fewer than three share an answer to it."""

    id: int
    source: Source
    place: int
    approves: bool
    stated: float
    model: float
    bad: bool
    decides: bool
    lends: bool
    case: Case | None
    deck: Cases | None
    others: Others | None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Practised:
    """How well a person answers cases of one source: `deck` is None where none is at hand."""

    source: Source
    results: Results
    lens: Lens | None
    deck: Cases | None


@dataclass(frozen=True, slots=True)
class History:
    """How it stands with the lender's own cases of a source: how many there are and from when,
    whether they are being drawn, and why there are none."""

    cases: int
    known: int
    made_at: datetime | None
    waiting: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What somebody shares: who, since when, and how well they answer, by source."""

    person: str
    since: datetime
    practised: tuple[Practised, ...]


@dataclass(frozen=True, slots=True)
class Exercise:
    """A drill of the person's: when they did it last and how well, and when it is due again; None
    where it never was done."""

    drill: Drill
    last: date | None
    score: float | None
    due: date | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """One time that a drill was done, and what was chosen."""

    drill: Drill
    chosen: tuple[int, ...]
    score: float
    due: date | None


def next_for(by: Principal, source: Source) -> Next | None:
    """The next case for the person; None where there are no cases of that source."""
    edition = edition_of(source, by)
    return None if edition is None else next_in(edition, rows_of(by.person, source), by.person)


def next_in(edition: Edition, rows: Sequence[Answer], person: str) -> Next | None:
    """The same, of that edition after those answers; none in which the person has a part."""
    numbers = [case.number for case in edition.deck.cases]
    kinds = dict(zip(map(str, numbers), map(str, edition.deck.kinds.tolist()), strict=True))
    seen = [
        Seen(str(row.case) if row.edition == edition.name else "", row.approves != row.bad)
        for row in rows
    ]
    seed = int.from_bytes(sha256(f"{person}:{edition.source}".encode()).digest()[:4], "big")
    own = list[str]()
    while len(own) < _TRIES:
        chosen = next_case(kinds, seen, seed=seed, left_out=own)
        case = None if chosen is None else edition.case(int(chosen))
        if case is None:
            return None
        if edition.is_apart(case.number):
            return Next(case, edition.deck, len(rows) + 1, _decision(edition, case.number))
        own.append(str(case.number))
    return None


def answered(answer: int, by: Principal) -> Answered:
    """What the person answered. Raises DoesNotExist: others' are not there."""
    row = Answer.objects.get(pk=answer, person=by.person)
    edition = edition_of(Source(row.source), by)
    here = edition is not None and edition.name == row.edition
    return Answered(
        id=row.pk,
        source=Source(row.source),
        place=row.place,
        approves=row.approves,
        stated=row.stated,
        model=row.model,
        bad=row.bad,
        decides=row.decides,
        lends=row.lends,
        case=edition.case(row.case) if edition is not None and here else None,
        deck=edition.deck if edition is not None and here else None,
        others=_others(row),
        decision=_decision(edition, row.case) if edition is not None and here else "",
    )


def _decision(edition: Edition, number: int) -> str:
    return decided.decision_of(number) if edition.source is Source.DECIDED else ""


def practised(person: str, source: Source, by: Principal | None = None) -> Practised:
    """How well the person answers cases of that source; which facts they lean on, of what was
    decided here, is for themselves alone (`by`), who may read those facts."""
    rows, edition = rows_of(person, source), edition_of(source, by)
    deck = None if edition is None else edition.deck
    return Practised(source, measured.results(rows), measured.lens(rows, edition), deck)


def counts(by: Principal) -> dict[Source, int]:
    """How many cases the person has answered, by source."""
    return {
        source: Answer.objects.filter(person=by.person, source=source).count() for source in Source
    }


def history(source: Source) -> History:
    """How it stands with the lender's own cases of that source."""
    row = Deck.objects.defer("content").filter(pk=DECKS[source]).first()
    cases, known = _counts(source)
    return History(
        cases=cases,
        known=known,
        made_at=None if row is None else row.made_at,
        waiting=row is not None and row.waiting and row.asked_at > clock.now() - PATIENCE,
        fault="" if row is None else row.fault,
    )


def _counts(source: Source) -> tuple[int, int]:
    """How many cases there are, and out of how many they were drawn."""
    if source is Source.DECIDED:
        return decided.known(), decided.known()
    edition = edition_of(source)
    return (0, 0) if edition is None else (len(edition.deck.cases), edition.deck.known)


def sharing_since(by: Principal) -> datetime | None:
    """Since when the person shares; None where they do not."""
    return Sharing.objects.filter(person=by.person).values_list("since", flat=True).first()


def shared(most: int) -> list[Shared]:
    """Those who share, by name of their account, and what: at most so many."""
    return [
        Shared(row.person, row.since, _all_of(row.person))
        for row in Sharing.objects.order_by("person")[:most]
    ]


def exercises(by: Principal) -> list[Exercise]:
    """The drills of the person's role, those due first."""
    done: dict[str, list[Drilled]] = {}
    for row in Drilled.objects.filter(person=by.person).order_by("done_at", "id"):
        done.setdefault(row.drill, []).append(row)
    today = lenders_today()
    mine = [each for each in drills().values() if each.is_for(by.role)]
    made = [_exercise(each, done.get(each.name, []), today) for each in mine]
    return sorted(made, key=lambda each: (not each.is_due, each.due or date.min))


def drill_for(name: str, by: Principal) -> Drill | None:
    """The drill of that name, if it is one of the person's."""
    drill = drills().get(name)
    return drill if drill is not None and drill.is_for(by.role) else None


def order_of(drill: Drill, at: int, by: Principal) -> list[int]:
    """In which order the choices of the step `at` are shown: another one for each person and each
    time, so that nobody learns a place in place of an answer."""
    times = Drilled.objects.filter(person=by.person, drill=drill.name).count()

    def drawn(choice: int) -> bytes:
        return sha256(f"{by.person}:{drill.name}:{times}:{at}:{choice}".encode()).digest()

    return sorted(range(len(drill.steps[at].choices)), key=drawn)


def finished(number: int, by: Principal) -> Finished:
    """One time that the person did a drill. Raises DoesNotExist, also for a drill that is gone or
    has other steps now."""
    row = Drilled.objects.get(pk=number, person=by.person)
    drill = drills().get(row.drill)
    if drill is None or not _fits(drill, row.chosen):
        raise Drilled.DoesNotExist
    rows = Drilled.objects.filter(person=by.person, drill=row.drill, pk__lte=row.pk)
    done = [Done(each.on, each.score) for each in rows.order_by("done_at", "id")]
    return Finished(drill, tuple(row.chosen), row.score, due(done))


def lenders_today() -> date:
    """Today, by the zone of the strategy that decides unless another is named."""
    now = clock.now()
    digest = next(iter(in_force().values()), "")
    return lender_day(digest, now) if digest else now.date()


def rows_of(person: str, source: Source) -> list[Answer]:
    """The person's answers to cases of that source, in order."""
    return list(Answer.objects.filter(person=person, source=source).order_by("place"))


def _others(row: Answer) -> Others | None:
    """Each person's first answer to the same case, of those who share."""
    people = Sharing.objects.exclude(person=row.person).values("person")
    same = Answer.objects.filter(
        source=row.source, edition=row.edition, case=row.case, person__in=people
    )
    first: dict[str, Answer] = {}
    for each in same.order_by("person", "place"):
        first.setdefault(each.person, each)
    if len(first) < FEW:
        return None
    stated = [each.stated for each in first.values()]
    lent = sum(each.approves for each in first.values())
    return Others(len(first), sum(stated) / len(stated), lent)


def _all_of(person: str) -> tuple[Practised, ...]:
    made = (practised(person, source) for source in Source)
    return tuple(each for each in made if each.results.n)


def _exercise(drill: Drill, rows: Sequence[Drilled], today: date) -> Exercise:
    again = due([Done(row.on, row.score) for row in rows])
    last = rows[-1] if rows else None
    return Exercise(
        drill=drill,
        last=None if last is None else last.on,
        score=None if last is None else last.score,
        due=again,
        is_due=again is None or again <= today,
    )


def _fits(drill: Drill, chosen: Sequence[int]) -> bool:
    return len(chosen) == len(drill.steps) and all(
        0 <= at < len(step.choices) for step, at in zip(drill.steps, chosen, strict=True)
    )
