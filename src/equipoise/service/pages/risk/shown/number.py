"""A number of a measured book as its page shows it: what it is, its query, how it is made, rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from equipoise.portfolio import Number
from equipoise.report.sections.book_words import DIMENSIONS, GRADES, STATES
from equipoise.service.contexts.books.reading import NumberShown
from equipoise.texts.numbers import ABSENT, count, fixed, money, percent
from equipoise.texts.saying import marked, say

APPROACHES: Mapping[str, str] = {
    "irb": marked("Internal ratings"),
    "standardised": marked("Standardised"),
}
_FIGURES: Mapping[str, str] = {
    "loans": marked("Loans"),
    "exposure": marked("Exposure"),
    "share": marked("Of the exposure"),
    "rate": marked("Rate"),
    "chance": marked("Chance"),
    "moved": marked("Moved"),
    "seen": marked("Seen"),
    "allowance": marked("Allowance"),
    "lifetime": marked("Losses over the whole life"),
    "assets": marked("Risk-weighted assets"),
    "capital": marked("Capital asked for"),
    "names": marked("Names"),
    "hhi": marked("HHI"),
    "top10": marked("Ten largest"),
    "at_most": marked("Limit in money"),
    "used": marked("Used"),
    "ahead": marked("If the flow goes on"),
}
_MONEY = frozenset({"exposure", "allowance", "lifetime", "assets", "capital", "at_most"})
_SHARES = frozenset({"share", "rate", "chance", "top10", "used", "ahead"})
_HOW: Mapping[str, str] = {
    "open": marked(
        "Loans that owe something at the book's last month, and are neither repaid nor written off."
    ),
    "late": marked("What open loans owe that are more than so many days late, of what all owe."),
    "vintage": marked(
        "Of the loans made in the vintage, those that were bad by that month on book. Loans whose "
        "first months the tape does not have are left out."
    ),
    "ever_bad": marked(
        "Of all loans made in the vintage that are on the tape, those that were bad in any month "
        "of it."
    ),
    "roll": marked(
        "What stands in the next bucket a month later, of what stands in this one; the plain mean "
        "over months. Of the last bucket only those count who are new to it."
    ),
    "move": marked(
        "Of loans seen in a state and again the month after, those found in the other one then."
    ),
    "stage": marked(
        "Allowance of a loan: in stage 1 what 12 months lose (loss_year), in stage 2 what its "
        "whole life loses (loss_life), in stage 3 LGD × EAD; and the overlay that a person added. "
        "A loss is the sum over months t of PD(t) × LGD × EAD(t) ÷ (1 + rate)^(t ÷ 12): PD(t) by "
        "how late the loan is, or from the PD that the tape tells; EAD(t) falls by level "
        "instalments; scenarios are weighted by their chances."
    ),
    "lifetime": marked(
        "The sum over all months t that a loan has left of PD(t) × LGD × EAD(t) ÷ (1 + rate)^(t ÷ "
        "12), scenarios weighted by their chances, without overlays; of a loan in stage 3 LGD × "
        "EAD."
    ),
    "irb": marked(
        "Assets are 12.5 × K × EAD, and K = LGD × N((G(PD) + √R × G(0.999)) ÷ √(1 − R)) − PD × LGD "
        "(CRE31): N is the normal distribution, G its inverse, R the correlation of the asset "
        "class. irb_pd and irb_lgd have the packs' floors. Of a loan in default K = max(0, LGD − "
        "what is expected to be lost)."
    ),
    "standardised": marked(
        "Assets are the weight × EAD. The weight is the packs' for the asset class and the loan to "
        "value; of a mortgage that is split, that of its parts together; of a loan in default its "
        "own."
    ),
    "grade": marked(
        "The worst grade that a rule of the packs asks for (grade_rule); a rule of which a fact is "
        "not known asks for nothing."
    ),
    "concentration": marked(
        "HHI is the sum of squared shares. A loan whose customer nobody tells is a name of its "
        "own. Who customers are is not shown."
    ),
    "limit": marked(
        "What the name owes, of what it may owe; and the same 12 months on, if the mean monthly "
        "change of the last months goes on."
    ),
}
_HOW_OF: Mapping[str, str] = {"allowance": "stage"}
_TITLES: Mapping[str, str] = {
    "open": marked("Open loans"),
    "late": marked("More than {of} days late"),
    "vintage": marked("Bad so far: vintage {of}, month {at} on book"),
    "ever_bad": marked("Bad by the end of the tape: vintage {of}"),
    "roll": marked("Mean net roll rate from “{of}”"),
    "move": marked("Moves in a month from “{of}” to “{at}”"),
    "stage": marked("Expected credit losses: stage {of}"),
    "allowance": marked("Expected credit losses"),
    "lifetime": marked("Losses over the whole life"),
    "capital": marked("Capital: {of}"),
    "grade": marked("Grade: {of}"),
    "concentration": marked("Concentration: {of}"),
    "limit": marked("Limit {of}: {at}"),
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "roll": STATES,
    "move": STATES,
    "capital": APPROACHES,
    "grade": GRADES,
    "concentration": DIMENSIONS,
}
"""What `of` and `at` are called, of those kinds whose are words of ours."""


def address(measuring: int, number: Number) -> str:
    """Where a number's query and rows stand."""
    asked = {name: value for name, value in (("of", number.of), ("at", number.at)) if value}
    there = reverse("book-number", args=[measuring, number.kind])
    return f"{there}?{urlencode(asked)}" if asked else there


def number_context(shown: NumberShown, measuring: int) -> dict[str, Any]:
    """Everything that the page writes, in the language spoken now."""
    number, answer = shown.number, shown.answer
    gives = {} if answer is None else answer.gives
    here = address(measuring, number)
    page = f"{here}{'&' if '?' in here else '?'}page="
    return {
        "measuring": measuring,
        "shown": shown,
        "title": _title(number),
        "how": say(_HOW[_how(number)]),
        "figures": [
            (say(_FIGURES[name]), _written(name, value, shown.currency),
             _written(name, gives.get(name), shown.currency))
            for name, value in shown.measured.items()
        ],
        "rows": [] if answer is None else [[_cell(each) for each in row] for row in answer.rows],
        "many": "" if answer is None else count(answer.of),
        "before": f"{page}{shown.page - 1}" if shown.page > 1 else "",
        "after": f"{page}{shown.page + 1}" if shown.page < shown.pages else "",
    }  # fmt: skip


def _title(number: Number) -> str:
    words = _WORDS.get(number.kind, {})
    of, at = (say(words[each]) if each in words else each for each in (number.of, number.at))
    return say(_TITLES[number.kind], of=of, at=at)


def _how(number: Number) -> str:
    return number.of if number.kind == "capital" else _HOW_OF.get(number.kind, number.kind)


def _written(name: str, value: float | None, currency: str) -> str:
    if value is None:
        return ABSENT
    if name in _MONEY:
        return money(value, currency)
    if name in _SHARES:
        return percent(value)
    return fixed(value, 4) if name == "hhi" else count(value)


def _cell(value: Any) -> str:
    """A cell as the table has it: whole what is, other numbers to six digits behind the point."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, float):
        return fixed(value, 2) if abs(value) >= 100 else f"{value:.6f}".rstrip("0").rstrip(".")
    return value.isoformat() if isinstance(value, date) else str(value)
