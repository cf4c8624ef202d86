"""Who applies in a rehearsal: what they would type, what they are like, how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from equipoise.contract import Contract
from equipoise.rehearsal.facts import Temper, drawn, known_elsewhere, tempers

_NAMES = {
    "en": ("Ada Osei", "Bruno Keller", "Chloé Martin", "Dev Patel", "Ewa Nowak", "Femi Adeyemi"),
    "zh": ("王伟", "李娜", "张敏", "刘洋", "陈静", "欧阳文博"),
}
_COMES_BACK, _DELETES = 0.6, 0.15
_MISTYPES, _LOOKS_ROUND, _ASKS = 0.05, 0.1, 0.1
_PROVES = 0.85
_REVIEWS, _COUNTERS = 0.3, 0.4
_SIGNS, _FORGETS_TICK, _REGRETS = 0.9, 0.1, 0.1


@dataclass(frozen=True)
class Person:
    """One applicant. `hidden` is what others know of them. What they are like nobody is told:
    `leaves` is after which share of the pages they go away, None where they do not; `returns` and
    `deletes` what they do about it then; `proves` and `passes` say whether what is owed of them is
    brought, and whether it shows what they said."""

    number: int
    product: str
    language: str
    name: str
    contact: Mapping[str, str]
    facts: Mapping[str, Any]
    hidden: Mapping[str, Any]
    leaves: float | None
    returns: bool
    deletes: bool
    proves: bool
    passes: bool
    takes: bool
    signs: bool
    forgets_tick: bool
    regrets: bool
    reviews: bool
    counters: bool
    asks: bool
    looks_round: bool
    mistypes: float
    seed: str

    @property
    def address(self) -> str:
        """The address of the machine that they sit at."""
        high, low = divmod(self.number, 250)
        return f"10.{high // 250 % 250}.{high % 250}.{low + 1}"

    def hand(self) -> Random:
        """Their own dice, the same each time."""
        return Random(self.seed)  # noqa: S311 - nothing secret


def people_of(
    product: str, contract: Contract, applicants: int, seed: int, *, first: int = 0
) -> list[Person]:
    """So many applicants for a product; the same seed gives the same people. `first` is the number
    of the first of them."""
    pairs = zip(drawn(contract, applicants, seed), tempers(applicants, seed), strict=True)
    return [
        _person((product, first + at, seed), contract, facts, temper)
        for at, (facts, temper) in enumerate(pairs)
    ]


def _person(
    who: tuple[str, int, int], contract: Contract, facts: Mapping[str, Any], temper: Temper
) -> Person:
    product, number, seed = who
    own = f"{seed}.{product}.{number}"
    dice = Random(own)  # noqa: S311 - nothing secret
    language = dice.choice(("en", "zh"))
    leaves = dice.random() if dice.random() > temper.completes else None
    return Person(
        number,
        product,
        language,
        dice.choice(_NAMES[language]),
        _contact(number, dice),
        facts,
        known_elsewhere(contract, facts),
        leaves,
        returns=dice.random() < _COMES_BACK,
        deletes=dice.random() < _DELETES,
        proves=dice.random() < _PROVES,
        passes=dice.random() < temper.passes,
        takes=dice.random() < temper.takes,
        signs=dice.random() < _SIGNS,
        forgets_tick=dice.random() < _FORGETS_TICK,
        regrets=dice.random() < _REGRETS,
        reviews=dice.random() < _REVIEWS,
        counters=dice.random() < _COUNTERS,
        asks=dice.random() < _ASKS,
        looks_round=dice.random() < _LOOKS_ROUND,
        mistypes=_MISTYPES,
        seed=own,
    )


def _contact(number: int, dice: Random) -> dict[str, str]:
    email, phone = f"applicant-{number}@example.org", f"+44 20 7946 {number % 10_000:04d}"
    way = dice.random()
    if way < 0.7:
        return {"email": email}
    return {"phone": phone} if way < 0.85 else {"email": email, "phone": phone}
