"""How long one letter takes, in both languages, and how large it is; nothing is promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

from benchmarks.table import Result, median_seconds
from equipoise.jurisdiction import pack
from equipoise.letters import Due, Letter, Party, Review, Terms, pdf_of

ON = date(2026, 1, 30)
PLACES = {"en": "EU", "zh": "CN"}


def run(short: bool = False) -> list[Result]:
    """Letters that differ, one after the other, once typefaces are read."""
    runs = 20 if short else 300
    return [result for language in PLACES for result in _measured(_letter(language), runs)]


def _measured(letter: Letter, runs: int) -> tuple[Result, Result]:
    size = len(pdf_of(letter).pdf)
    numbers = count()

    def next_letter() -> None:
        pdf_of(replace(letter, reference=f"APP-{next(numbers):07}"))

    seconds = median_seconds(next_letter, runs)
    name = f"letter, {letter.language}"
    return (
        Result(name, 1000 * seconds, "ms", note=f"median of {runs} letters, each another"),
        Result(f"{name}: size", size / 1000, "kB"),
    )


def _letter(language: str) -> Letter:
    """A counter-offer with everything that a letter may have."""
    return Letter(
        kind="counter_offer",
        language=language,
        lender=Party("Balance Bank", ("100 Balance Street",)),
        addressee=Party("欧阳䶮喆", ("北京市海淀区中关村大街 1 号",)),
        on=ON,
        reference="APP",
        currency="CNY",
        reasons=("月供占收入的比例：不如我们放款的客户。", "Time in your present work."),
        changes=("Amount: 42,000 instead of 60,000", "Months: 36 instead of 24"),
        advice_until=date(2026, 4, 30),
        offers=(Terms(42_000, 36, 0.1249, 1404.87, 50_575.32),),
        review=Review("Call +1 555 0100.", Due(date(2026, 3, 31))),
        other_ways=("A smaller loan with somebody who signs with you.",),
        required=pack(PLACES[language], on=ON).contents("counter_offer"),
    )
