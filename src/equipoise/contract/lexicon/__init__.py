"""What a name or a value suggests about a column. Every suggestion is marked for review."""

from equipoise.contract.lexicon.afterwards import (
    sounds_decided,
    sounds_historic,
    sounds_like_outcome,
)
from equipoise.contract.lexicon.dates import (
    UNNAMED_RANK,
    application_date,
    application_rank,
    sounds_like_date,
    sounds_planned,
)
from equipoise.contract.lexicon.identifiers import identifier_kind, names_a_person, sounds_like_id
from equipoise.contract.lexicon.money import (
    sounds_like_measure,
    sounds_like_score,
    sounds_never_negative,
)
from equipoise.contract.lexicon.protected import protected_kind, proxy_kind, sounds_postal
from equipoise.contract.lexicon.terms import listed
from equipoise.contract.lexicon.weights import sounds_like_weight

__all__ = [
    "UNNAMED_RANK",
    "application_date",
    "application_rank",
    "identifier_kind",
    "listed",
    "names_a_person",
    "protected_kind",
    "proxy_kind",
    "sounds_decided",
    "sounds_historic",
    "sounds_like_date",
    "sounds_like_id",
    "sounds_like_measure",
    "sounds_like_outcome",
    "sounds_like_score",
    "sounds_like_weight",
    "sounds_never_negative",
    "sounds_planned",
    "sounds_postal",
]
