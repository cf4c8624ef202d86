"""What is known of an application, in the words of its applicant's pages: what the helper may say.

A field that is not known is left out: the helper then hands over instead of inventing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from equipoise.service.contexts.agreements.reading import AgreementState, shown_offer
from equipoise.service.contexts.drafts.reading import DraftState, DraftView
from equipoise.service.pages.applicant.arriving import arriving
from equipoise.service.pages.applicant.asked import OneMore, asked_besides
from equipoise.service.pages.applicant.choosing import Terms
from equipoise.service.pages.applicant.declining import Way, advice
from equipoise.service.pages.applicant.history import events_of
from equipoise.service.pages.applicant.standing import TURNS, US, YOU, Standing, standing
from equipoise.service.pages.applicant.steps import steps
from equipoise.service.pages.applicant.unclear import unclear
from equipoise.texts.dates import written_day
from equipoise.texts.saying import joined, say, spoken

_PARTS = "; "
_OPEN_ASKS = ("open", "due")


class Known(Mapping[str, str]):
    """Fields by name, each worked out once a text asks for it, in the language spoken then."""

    def __init__(self, makers: Mapping[str, Callable[[], str]]) -> None:
        self._makers = makers

    def __getitem__(self, name: str) -> str:
        text = self._makers[name]()
        if not text:
            raise KeyError(name)
        return text

    def __iter__(self) -> Iterator[str]:
        return (name for name, make in self._makers.items() if make())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def known(draft: DraftView) -> Mapping[str, str]:
    """The record's fields that the helper's texts name."""
    if draft.state == DraftState.OPEN:
        return Known({name: partial(make, draft) for name, make in _OPEN.items()})
    if draft.state == DraftState.SENDING:
        return Known(_SENDING)
    if draft.state != DraftState.SENT:
        return Known({})
    stands = cache(lambda _language: standing(draft))  # its words are of one language
    return Known({name: partial(_of_sent, make, stands) for name, make in _SENT.items()})


def _of_sent(make: Callable[[Standing], str], stands: Callable[[str], Standing]) -> str:
    return make(stands(spoken()))


def _to_answer(draft: DraftView) -> str:
    """What is still asked before it can be sent."""
    return _listed([step.title for step in steps(draft) if not step.done]) or say(
        "that you check your answers and send them"
    )


def _expected(where: Standing) -> str:
    """Whose turn it is and, for who waits, how long others waited; for who does not, that too."""
    if where.signed:
        held = where.agreement is not None and where.agreement.state == AgreementState.SIGNED
        return say("We tell you when the money is on its way.") if held else _nothing_follows()
    waits = arriving(where, events_of(where.draft))
    return joined(filter(None, [_again(where), where.turn_said, waits])) or _nothing_follows()


def _again(where: Standing) -> str:
    """That a person looks at it again, and until when, while they do."""
    if where.review is None or not where.review.waits:
        return ""
    due = where.review.due_on
    then = (
        say("You have our answer by {day}.", day=written_day(due))
        if due
        else say("We tell you as soon as they have.")
    )
    return joined([say("A person looks at it again."), then])


def _nothing_follows() -> str:
    return say("There is no further step to wait for.")


def _needed(where: Standing) -> str:
    """What the person has to do, or that it is nothing."""
    if where.signed:
        return _nothing_needed()
    asked = [step.title for step in where.more if not step.done]
    open_ones = [each.how for each in unclear(where) if each.state == "open"]
    besides = [_besides(each) for each in asked_besides(where) if each.state in _OPEN_ASKS]
    owed = where.words["conditions"] if where.by_machine else ()  # a person's are asked besides
    return _listed([*asked, *owed, *besides, *open_ones]) or _to_choose(where)


def _besides(one: OneMore) -> str:
    """One thing that a person asked besides, and by when."""
    what = one.question.text or one.page.question
    return say("{what} (by {day})", what=what.rstrip(".。"), day=written_day(one.due))


def _to_choose(where: Standing) -> str:
    if not where.offering:
        return _nothing_needed()
    if where.agreement is not None and where.agreement.decision == where.decision.row.id:
        return say("that you read the agreement and sign it")
    return say("that you choose whether to take our offer")


def _nothing_needed() -> str:
    return say("nothing at the moment")


def _reasons(where: Standing) -> str:
    return _listed(where.words["reasons"]) if where.declined else ""


def _changes(where: Standing) -> str:
    """The ways of the page of a no, or that none was found."""
    if not where.declined:
        return ""
    counsel = advice(where)
    return joined(map(_way, counsel.ways)) if counsel.ways else counsel.summary


def _way(way: Way) -> str:
    return say("{changes}. {then}", changes=_listed(way.changes), then=way.then)


def _of_terms(read: Callable[[Terms], str], where: Standing) -> str:
    if not where.offering:
        return ""
    return read(Terms(shown_offer(where.offers[0], where.draft.product.contract.currency)))


def _listed(sentences: Sequence[str]) -> str:
    """Sentences as parts of one."""
    return joined((each.rstrip(".。") for each in sentences), _PARTS)


_OPEN: Mapping[str, Callable[[DraftView], str]] = {
    "stage": lambda _: say("You have not sent your application yet."),
    "expected": lambda _: say(TURNS[YOU]),
    "needed": _to_answer,
}
_SENDING: Mapping[str, Callable[[], str]] = {
    "stage": lambda: say(
        "We have everything you typed, and it is sent only once. We may be waiting for those who"
        " know your credit history; we go on by ourselves, and you can look here again."
    ),
    "expected": lambda: say(TURNS[US]),
    "needed": _nothing_needed,
}
_SENT: Mapping[str, Callable[[Standing], str]] = {
    "stage": lambda where: where.headline,
    "expected": _expected,
    "needed": _needed,
    "reasons": _reasons,
    "changes": _changes,
    "instalment": partial(_of_terms, lambda terms: terms.instalment),
    "months": partial(_of_terms, lambda terms: str(terms.months)),
    "rate": partial(_of_terms, lambda terms: terms.apr),
    "total": partial(_of_terms, lambda terms: terms.paid),
}
