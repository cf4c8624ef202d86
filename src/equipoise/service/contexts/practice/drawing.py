"""Drawing cases anew, where somebody asked for it."""

from __future__ import annotations

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.practice import decided, history
from equipoise.service.contexts.practice.models import DECKS, Deck, Source
from equipoise.service.contexts.practice.sources import name_of
from equipoise.service.platform import clock

_DRAWN = {Source.HISTORY: history.drawn, Source.DECIDED: decided.drawn}


def draw(source: Source) -> str:
    """Draw those of the source anew, if they are waited for; which edition it came to, empty where
    there is none. Done again it comes to the same."""
    row = Deck.objects.filter(pk=DECKS[source], waiting=True).first()
    if row is None:
        return ""
    try:
        row.content, row.fault = _DRAWN[source](), ""
        row.edition, row.made_at = name_of(row.content), clock.now()
    except EquipoiseError as error:  # what there was stays
        row.fault = error.message
    row.waiting = False
    row.save()
    return str(row.edition)
