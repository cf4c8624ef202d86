"""Where cases come from: the synthetic lender, always at hand; the lender's own history; what was
decided here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from equipoise.review.practice import Case, read_deck, simulated_deck
from equipoise.review.practice import Deck as Cases
from equipoise.service.contexts.practice import decided
from equipoise.service.contexts.practice.models import DECKS, Deck, Source
from equipoise.service.platform.accounts.permissions import Principal

PATIENCE = timedelta(hours=1)
"""After how long a drawing that was asked for counts as given up, as where its worker was killed
for the memory that it took: it can be asked for again then."""


def _anybodys(_number: int) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Edition:
    """Cases of one source, as far as a person may see them, and which drawing of them it is. Of
    some only `is_apart` knows whether the person has no part in them."""

    source: Source
    name: str
    deck: Cases
    is_apart: Callable[[int], bool] = _anybodys

    def place(self, number: int) -> int | None:
        """Where the case of that number stands in the deck, from 0; None where it does not."""
        cases = self.deck.cases
        if 0 < number <= len(cases) and cases[number - 1].number == number:
            return number - 1
        return next((at for at, case in enumerate(cases) if case.number == number), None)

    def case(self, number: int) -> Case | None:
        """The case of that number, if there is one."""
        at = self.place(number)
        return None if at is None else self.deck.cases[at]


def edition_of(source: Source, by: Principal | None = None) -> Edition | None:
    """The cases of that source as they are now; None where there are none yet. What was decided
    here is opened for somebody: for nobody there is nothing of it."""
    if source is Source.SIMULATED:
        return _simulated()
    name = drawing_of(source)
    if not name:
        return None
    if source is Source.HISTORY:
        return _read(name)
    return None if by is None else _decided(name, by)


def drawing_of(source: Source) -> str:
    """Which drawing there is; empty where there is none."""
    rows = Deck.objects.filter(pk=DECKS[source]).exclude(content="")
    return rows.values_list("edition", flat=True).first() or ""


def name_of(content: str) -> str:
    """What tells one drawing from another."""
    return sha256(content.encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def _simulated() -> Edition:
    deck = simulated_deck()
    return Edition(Source.SIMULATED, name_of(deck.text()), deck)


@lru_cache(maxsize=2)
def _read(name: str) -> Edition | None:
    """By its name, so that what was drawn anew is read anew."""
    rows = Deck.objects.filter(pk=DECKS[Source.HISTORY], edition=name)
    content = rows.values_list("content", flat=True).first()
    return None if not content else Edition(Source.HISTORY, name, read_deck(content))


def _decided(name: str, by: Principal) -> Edition | None:
    """Never remembered: facts of people are opened for the one who asks, and whoever is erased
    meanwhile is not among them."""
    deck = decided.opened(by)
    if deck is None:
        return None
    return Edition(Source.DECIDED, name, deck, lambda number: decided.is_apart(number, by))
