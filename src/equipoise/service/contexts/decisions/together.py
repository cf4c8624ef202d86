"""Deciding applications, and making that durable: many for little more than what one costs the
database, and each fails alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import InterfaceError, OperationalError, connection

from equipoise.service.contexts.applications import services as applications
from equipoise.service.contexts.applications.services import Assigner
from equipoise.service.contexts.decisions import idempotency
from equipoise.service.contexts.decisions.course import Ask, Course
from equipoise.service.contexts.decisions.deciding import Asked
from equipoise.service.contexts.decisions.idempotency import Once
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.platform.accounts.permissions import Principal
from equipoise.service.platform.record import services as record
from equipoise.service.platform.record.writer import Conflict

__all__ = ["Ask", "decide", "decide_together"]
_AWAY = (OperationalError, InterfaceError)


def decide(asked: Asked, by: Principal, request: Once) -> DecisionView:
    """Decide and record, once for each request; asked again, the same answer is given.

    Raises BadInput where the application's shape is wrong, InProgress and OtherBody by the key,
    NoneInForce, and Unavailable where the database did not take it.
    """
    (decision,) = decide_together((Ask(by, asked, request),))
    if isinstance(decision, Exception):
        raise decision
    return decision


def decide_together(asks: Sequence[Ask]) -> list[DecisionView | Exception]:
    """Each application's decision, durable, or the error that `decide` would raise for it; in
    order. A fault in one touches no other.

    Of two requests with one key the later one gets what the earlier one got, and of two about one
    applicant it goes on from there: they take turns. Blocks on the database; must be called
    outside any transaction.
    """
    answers: list[DecisionView | Exception | None] = [None] * len(asks)
    waiting = [*range(len(asks))]
    while waiting:
        turn = _first_of_each_key(asks, waiting)
        for place, answer in zip(turn, _at_once([asks[place] for place in turn]), strict=True):
            answers[place] = answer
        waiting = [place for place in waiting if answers[place] is None]
    return [answer for answer in answers if answer is not None]


def _first_of_each_key(asks: Sequence[Ask], places: Sequence[int]) -> list[int]:
    first: dict[bytes, int] = {}
    for place in places:
        first.setdefault(asks[place].once.key, place)
    return [*first.values()]


def _at_once(asks: Sequence[Ask]) -> list[DecisionView | Exception | None]:
    """Of each its answer; None where one before it is about the same applicant."""
    courses = [Course(ask) for ask in asks]
    with idempotency.held([ask.once for ask in asks]) as mine:
        for course, free in zip(courses, mine, strict=True):
            if not free:
                course.answer = idempotency.in_progress()
        try:
            _answer([course for course in courses if course.answer is None])
        except Exception as error:  # of a look-up that was for all of them
            for course in courses:
                course.answer = course.answer or error
        finally:
            for course in courses:
                course.end()
    if any(isinstance(course.answer, _AWAY) for course in courses):
        connection.close()
    return [course.answer for course in courses]


def _answer(courses: Sequence[Course]) -> None:
    new = _without_those_answered(courses)
    if not new:
        return
    assigner = Assigner()
    for course in new:
        course.begin(assigner)
    new = _open_ones(new)
    _go_on(_one_of_each_applicant(new), assigner)
    _write([course for course in new if course.write is not None])


def _without_those_answered(courses: Sequence[Course]) -> list[Course]:
    """The others are answered as they were."""
    known = idempotency.decided([course.ask.once for course in courses])
    for course, answer in zip(courses, known, strict=True):
        if answer is not None:
            course.answer = answer if isinstance(answer, Exception) else course.read(answer)
    return _open_ones(courses)


def _one_of_each_applicant(courses: Sequence[Course]) -> list[Course]:
    """Those before which none is about the same applicant of the same caller."""
    first: dict[tuple[bytes, str], Course] = {}
    return [
        course
        for course in courses
        if course.applicant is None or first.setdefault(course.applicant, course) is course
    ]


def _go_on(courses: Sequence[Course], assigner: Assigner) -> None:
    """Decide them, going on from what their chains know if they are in flight."""
    asked = [course.applicant for course in courses if course.applicant is not None]
    flights = dict(zip(asked, applications.flights(asked), strict=True))
    for course in courses:
        course.decide(assigner, _flight(course, flights))


def _flight(
    course: Course, flights: Mapping[tuple[bytes, str], applications.Flight | None]
) -> applications.Flight | None:
    if course.ask.further:
        return applications.flight(course.ask.further)
    return flights.get(course.applicant) if course.applicant else None


def _write(courses: Sequence[Course]) -> None:
    if not courses:
        return
    writes = [course.write for course in courses if course.write is not None]
    # The commit stands in the span of the first: it is made once.
    written = courses[0].ask.context.run(record.writer().write_all, writes)
    for course, entries in zip(courses, written, strict=True):
        if isinstance(entries, Conflict):  # another process was first with this key
            course.answer = _first_elsewhere(course, entries)
        elif isinstance(entries, BaseException):
            course.answer = _as_error(entries)
        else:
            course.answer = course.made


def _first_elsewhere(course: Course, conflict: Conflict) -> DecisionView | Exception:
    (known,) = idempotency.decided([course.ask.once])
    if known is None:
        return conflict
    return known if isinstance(known, Exception) else course.read(known)


def _open_ones(courses: Sequence[Course]) -> list[Course]:
    return [course for course in courses if course.answer is None]


def _as_error(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    raise error
