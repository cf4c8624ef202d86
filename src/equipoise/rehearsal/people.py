"""Who applies in a rehearsal: what they would type, what they are like, how they are reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
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
_BRINGS, _TELLS, _COMPLAINS, _CORRECTS, _MOVES = 0.1, 0.8, 0.08, 0.06, 0.1
_TAPS, _PUTS_ASIDE, _REGRETS_LATER, _TAKES_LETTERS, _ANSWERS_MORE = 0.5, 0.1, 0.15, 0.6, 0.12


@dataclass(frozen=True)
class Person:
    """One applicant. `hidden` is what others know of them. What they are like nobody is told:
    `leaves` is after which share of the pages they go away, None where they do not; `returns` and
    `deletes` what they do about it then; `proves` and `passes` say whether what is owed of them is
    brought, and whether it shows what they said; `pays_back`, what becomes of a loan. `moves` is
    the product to which they move on the way, empty where they stay, and `facts_there` what it asks
    of them. `taps` is how they say how
    it went, 0 where they do not, and less where they would rather not."""

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
    brings: bool
    tells: bool
    complains: bool
    corrects: bool
    taps: int
    regrets_later: bool
    takes_letters: bool
    answers_more: bool
    seed: str
    pays_back: bool = True
    moves: str = ""
    facts_there: Mapping[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The address of the machine that they sit at."""
        high, low = divmod(self.number, 250)
        return f"10.{high // 250 % 250}.{high % 250}.{low + 1}"

    def hand(self) -> Random:
        """Their own dice, the same each time."""
        return Random(self.seed)  # noqa: S311 - nothing secret


def people_of(
    product: str,
    contract: Contract,
    applicants: int,
    seed: int,
    *,
    first: int = 0,
    on: date | None = None,
) -> list[Person]:
    """So many applicants for a product; the same seed gives the same people. `first` is the number
    of the first of them, `on` the day on which they apply."""
    pairs = zip(drawn(contract, applicants, seed, on), tempers(applicants, seed), strict=True)
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
        brings=dice.random() < _BRINGS,
        tells=dice.random() < _TELLS,
        complains=dice.random() < _COMPLAINS,
        corrects=dice.random() < _CORRECTS,
        taps=_taps(dice),
        regrets_later=dice.random() < _REGRETS_LATER,
        takes_letters=dice.random() < _TAKES_LETTERS,
        answers_more=dice.random() < _ANSWERS_MORE,
        seed=own,
        pays_back=Random(f"{own}.pays").random() >= temper.defaults,  # noqa: S311 - nothing secret
    )


def _taps(dice: Random) -> int:
    if dice.random() < _TAPS:
        return dice.randint(1, 5)
    return -1 if dice.random() < _PUTS_ASIDE else 0


def moving(
    people: list[Person], others: Mapping[str, Contract], seed: int, on: date | None = None
) -> list[Person]:
    """The same people, some of whom move to one of the other products on their way."""
    if not others:
        return people
    there = {name: list(drawn(each, len(people), seed, on)) for name, each in others.items()}
    return [_moving(each, others, {name: there[name][at] for name in others})
            for at, each in enumerate(people)]  # fmt: skip


def _moving(
    person: Person, others: Mapping[str, Contract], there: Mapping[str, Mapping[str, Any]]
) -> Person:
    dice = Random(f"{person.seed}.moves")  # noqa: S311 - nothing secret
    if dice.random() >= _MOVES:
        return person
    name = dice.choice(sorted(others))
    return replace(
        person,
        moves=name,
        facts_there=there[name],
        hidden={**known_elsewhere(others[name], there[name]), **person.hidden},
    )


def _contact(number: int, dice: Random) -> dict[str, str]:
    email, phone = f"applicant-{number}@example.org", f"+44 20 7946 {number % 10_000:04d}"
    way = dice.random()
    if way < 0.7:
        return {"email": email}
    return {"phone": phone} if way < 0.85 else {"email": email, "phone": phone}
