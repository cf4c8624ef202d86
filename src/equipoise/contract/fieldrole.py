"""Which part a column plays in a contract, by its name and by what it holds."""

from __future__ import annotations

import polars as pl

from equipoise.contract.facts import cast_column
from equipoise.contract.fielddraft import (
    MOST_LEVELS,
    CellReading,
    FieldDraft,
    limit,
    typed_field,
)
from equipoise.contract.fields import Field
from equipoise.contract.leakage import Separation, separate
from equipoise.contract.lexicon import (
    identifier_kind,
    protected_kind,
    proxy_kind,
    sounds_decided,
    sounds_like_measure,
    sounds_like_outcome,
    sounds_like_weight,
    sounds_postal,
)
from equipoise.contract.traits import trait_of_values

_ONLY_IN_SCORES = ", although some laws allow age in a score"


def draft_field(raw: pl.Series, name: str, bad: pl.Series, reading: CellReading) -> FieldDraft:
    """Draft a field that is neither target, identifier nor date; `bad` is the outcome by row."""
    draft = typed_field(raw, name, reading)
    if draft.use == "ignore":
        return draft
    rows = max(1, draft.value.len())
    if draft.distinct == 0:
        draft.be("ignore", "every value is missing", share=1.0)
    elif draft.distinct == 1 and not draft.value.has_nulls():
        draft.be("ignore", "every value is the same", share=1.0)
    elif kind := protected_kind(raw.name):
        _protect(draft, kind, f"the name sounds like {kind}")
    elif sounds_like_weight(raw.name) and is_weight(draft):
        draft.be("ignore", "the name sounds like a sample weight, which is no feature")
    elif sounds_like_outcome(raw.name):
        draft.be("outcome", "the name sounds like something known only after the decision")
    elif draft.attributes["type"] == "date":
        draft.be("ignore", "a date is no feature; derive months or days since it")
    elif trait := trait_of_values(raw.name, draft.value):
        share = trait.share * (1 - draft.value.null_count() / rows)
        _protect(draft, trait.name, f"the values look like {trait.name}", share)
    else:
        _judge_feature(draft, bad)
    if draft.use not in ("ignore", "outcome"):
        limit(draft)
    return draft


def _protect(draft: FieldDraft, kind: str, why: str, share: float | None = None) -> None:
    draft.attributes["sensitivity"] = "protected"
    draft.say("sensitivity", why, share=share)
    also = _ONLY_IN_SCORES if kind == "age" else ""
    by = "" if share is None else " by its values"
    draft.be("audit", f"protected ({kind}){by}: for audits only{also}", share=share)


def is_weight(draft: FieldDraft) -> bool:
    """Whether a column could be a sample weight: numbers above zero, one in every row."""
    if draft.attributes["type"] not in ("number", "integer") or draft.value.has_nulls():
        return False
    return bool((draft.value > 0).all())


def _judge_feature(draft: FieldDraft, bad: pl.Series) -> None:
    text = draft.attributes["type"] == "string"
    named = identifier_kind(draft.column)
    if named and draft.attributes["type"] == "integer" and draft.distinct <= MOST_LEVELS:
        _read_as_codes(draft)
    if sounds_postal(draft.column):
        if draft.distinct > min(MOST_LEVELS, draft.value.len() / 2):
            why = f"{draft.distinct:,} postal codes; group them by their first digits to use them"
            draft.be("ignore", why)
    elif named and draft.distinct > MOST_LEVELS:
        draft.be("identifier", "the name sounds like an identifier")
    elif text and draft.distinct == draft.value.len():
        draft.be("identifier", "every value is different", share=1.0)
    elif text and draft.distinct > MOST_LEVELS:
        draft.be("ignore", f"text with {draft.distinct:,} different values; group them to use it")
    elif _counts_up(draft):
        why = "every value is different and they grow with the rows: a count of rows or of time"
        draft.be("identifier", why, share=1.0)
    else:
        draft.separation = separate(draft.value, bad)
        _judge_separation(draft, draft.separation)
    if proxy := proxy_kind(draft.column):
        draft.say("purpose", f"a proxy: {proxy}", aloud=sounds_postal(draft.column))


def _judge_separation(draft: FieldDraft, alone: Separation) -> None:
    if alone.knew:
        draft.be("outcome", f"suspected: {alone.why}", share=alone.share)
    elif sounds_decided(draft.column):
        draft.be(
            "audit",
            "a price or grade repeats the lender's own decision: to compare with, not to learn",
        )


def _read_as_codes(draft: FieldDraft) -> None:
    """A number that names a branch, dealer or product has no size."""
    if draft.raw is None:
        return
    texts = Field(**{**draft.attributes, "type": "string", "format": ""})
    draft.attributes |= {"type": "string", "format": "", "confirm": "", "unit": ""}
    draft.become(cast_column(draft.raw, texts).value)
    draft.unsay("type", "format", "unit")
    draft.say("type", "the name sounds like a code, and a code has no size")


def _counts_up(draft: FieldDraft) -> bool:
    """Whether whole numbers that say nothing else rise from each row to the next."""
    value = draft.value
    if draft.attributes["type"] != "integer" or value.has_nulls() or value.len() < MOST_LEVELS:
        return False
    rises = value.is_sorted() and value.n_unique() == value.len()
    return rises and not sounds_like_measure(draft.column)
