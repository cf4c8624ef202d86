"""The words of a letter around what it is given: headings, and the sentences between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from equipoise.letters.letter import Due, Letter, Party, Score, Terms
from equipoise.texts.dates import written_day
from equipoise.texts.decisions import money, percent, phrase
from equipoise.texts.saying import joined, marked, say, speaking, spoken

WORDING = 4
"""The version of the sentences here and in the catalogue: whoever changes one gives the next."""
_TITLES = {
    "receipt": marked("We have received your application"),
    "approval": marked("Your application is approved"),
    "counter_offer": marked("Another offer on your application"),
    "offer_lapsed": marked("Our decision on what you asked for"),
    "decline": marked("Our decision on your application"),
    "upheld": marked("We have looked at your application again"),
}
_UPHELD = marked(
    "Somebody who had no part in our answer has looked at your application again, with all that you"
    " told us, and came to the same answer."
)
_HEADLINES = {"approval": "approve", "counter_offer": "counter_offer", "decline": "decline"}
_LAPSED = marked(
    "We made you another offer than you asked for, and you have not taken it. We cannot lend to you"
    " on the terms that you asked for."
)
_RECEIVED = marked("Thank you. We have all that you sent us, and nothing more is needed now.")
_COLUMNS = (
    marked("Amount"),
    marked("Months"),
    marked("Rate a year"),
    marked("Each month"),
    marked("Paid back in all"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter: paragraphs, then points, then a table whose first row is its head, then a
    remark in small print."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    remark: str = ""


def title_of(kind: str) -> str:
    """What a letter of that kind is called, in the language spoken now."""
    return say(_TITLES[kind])


def content_of(letter: Letter) -> dict[str, Any]:
    """All that stands in the letter, in its order and its language, as plain data for setting."""
    with speaking(letter.language):
        return {
            **frame(letter.lender, letter.addressee, letter.on, letter.reference),
            "title": title_of(letter.kind),
            "headline": joined(
                filter(None, [letter.headline or _headline(letter), _place(letter)])
            ),
            "sections": [asdict(each) for each in _sections(letter)],
        }


def frame(lender: Party, addressee: Party, on: date, reference: str) -> dict[str, Any]:
    """What stands around the text of whatever is sent, in the language spoken now."""
    return {
        "language": spoken(),
        "lender": asdict(lender),
        "addressee": asdict(addressee),
        "facts": [[say("Date"), written_day(on)], [say("Reference"), reference]],
        "greeting": _greeting(addressee.name),
        "closing": say("With kind regards,"),
        "page": say("Page {page} of {pages}"),
    }


def _greeting(name: str) -> str:
    return say("Dear {name},", name=name) if name else say("Dear applicant,")


def _headline(letter: Letter) -> str:
    if letter.kind == "receipt":
        return say(_RECEIVED)
    if letter.kind == "offer_lapsed":
        return say(_LAPSED)
    if letter.kind == "upheld":
        return say(_UPHELD)
    return phrase(_HEADLINES[letter.kind], spoken())


def _place(letter: Letter) -> str:
    """Which letter's place it takes; empty where it is the first."""
    if letter.replaces is None:
        return ""
    day = written_day(letter.replaces)
    return say("This letter takes the place of the one that we wrote on {day}.", day=day)


def _sections(letter: Letter) -> Iterator[Section]:
    if letter.answer_by:
        due = letter.answer_by
        yield _dated(
            say("When we answer"), say("You have our answer by {day}.", day=_day(due)), due
        )
    if letter.reasons:
        reasons = phrase("reasons", spoken())
        yield Section(say("Why"), (reasons,), letter.reasons)
    elif instead := letter.instead_of_reasons():
        yield Section(say("Why"), instead)
    yield from map(_score, letter.scores)
    if letter.offers:
        yield Section(say("What we can offer"), table=_table(letter))
    if letter.changes:
        yield _changes(letter)
    if letter.withdraw_by:
        due = letter.withdraw_by
        said = say("You may withdraw from the loan until {day}, and give no reason.", day=_day(due))
        yield _dated(say("If you change your mind"), said, due)
    yield from _rights(letter)


def _rights(letter: Letter) -> Iterator[Section]:
    if letter.review:
        yield _review(letter.review.how, letter.review.by)
    if letter.other_ways:
        yield Section(say("Other ways to go"), points=letter.other_ways)
    if statements := letter.statements():
        yield Section(say("What the law gives you"), statements)


def _score(score: Score) -> Section:
    """A credit score, with what the person can make of it."""
    used = say(
        "We used a credit score about you: {score}, of {day}. Such scores go from {lowest} to"
        " {highest}. It was made by {agency}.",
        score=f"{score.value:g}",
        day=written_day(score.on),
        lowest=f"{score.lowest:g}",
        highest=f"{score.highest:g}",
        agency=score.agency,
    )
    about = say(
        "A score is a number made from what stands in your credit report, and changes with it."
    )
    factors = say("What lowered it most:")
    return Section(say("The credit score that we used"), (used, about, factors), score.factors)


def _changes(letter: Letter) -> Section:
    said = say("With any one of these our answer would be another. Each was decided again in full:")
    return Section(
        say("What would change the answer"), (said,), letter.changes, remark=_holds(letter)
    )


def _holds(letter: Letter) -> str:
    if letter.advice_until is None:
        return ""
    day = written_day(letter.advice_until)
    return say("This holds until {day}, as far as your other facts stay.", day=day)


def _review(how: str, by: Due | None) -> Section:
    heading, right = say("Ask for a person"), phrase("right", spoken())
    if by is None:
        return Section(heading, (right, how))
    until = say("Ask by {day}.", day=_day(by))
    return Section(heading, (right, how, until), remark=by.counted)


def _dated(heading: str, said: str, due: Due) -> Section:
    return Section(heading, (said,), remark=due.counted)


def _day(due: Due) -> str:
    return written_day(due.day)


def _table(letter: Letter) -> tuple[tuple[str, ...], ...]:
    rows = (_row(each, letter.currency) for each in letter.offers)
    return (tuple(map(say, _COLUMNS)), *rows)


def _row(terms: Terms, currency: str) -> tuple[str, ...]:
    return (
        money(terms.amount, currency),
        f"{terms.months:g}",
        percent(terms.apr),
        money(terms.instalment, currency),
        money(terms.total, currency),
    )
