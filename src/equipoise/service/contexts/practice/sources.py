"""Where cases come from: the synthetic lender, always at hand, and the lender's own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from equipoise.review.practice import Case, read_deck, simulated_deck
from equipoise.review.practice import Deck as Cases
from equipoise.service.contexts.practice.models import Deck, Source

PATIENCE = timedelta(hours=1)
"""After how long a drawing that was asked for counts as given up, as where its worker was killed
for the memory that it took: it can be asked for again then."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Cases of one source, and which drawing of them it is."""

    source: Source
    name: str
    deck: Cases

    def case(self, number: int) -> Case | None:
        """The case of that number, if there is one."""
        return self.deck.cases[number - 1] if 0 < number <= len(self.deck.cases) else None


def edition_of(source: Source) -> Edition | None:
    """The cases of that source as they are now; None where there are none yet."""
    if source is Source.SIMULATED:
        return _simulated()
    name = Deck.objects.exclude(content="").values_list("edition", flat=True).first()
    return None if name is None else _read(name)


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
    content = Deck.objects.filter(edition=name).values_list("content", flat=True).first()
    return None if not content else Edition(Source.HISTORY, name, read_deck(content))
