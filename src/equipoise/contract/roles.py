"""The parts that only one column can play: who names a row, its customer, its date, its weight."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from equipoise.contract.fielddraft import FieldDraft
from equipoise.contract.fieldrole import is_weight
from equipoise.contract.leakage import leaders
from equipoise.contract.lexicon import (
    UNNAMED_RANK,
    application_rank,
    identifier_kind,
    names_a_person,
    sounds_like_measure,
    sounds_like_score,
    sounds_like_weight,
    sounds_planned,
    sounds_postal,
)

_MOSTLY_UNIQUE = 0.95
_MOSTLY_DATED = 0.95
_MOSTLY_LATER = 0.9
_MOST_LOANS = 20  # of one customer, on average: more, and the column names a branch or a product
_LONGEST_WINDOW_DAYS = 40 * 366
_ID_ORDER = {"loan": 0, "any": 1, "customer": 2, "": 3, "row": 4}
_COUNTER = 5


class Roles(NamedTuple):
    """The names of the fields that play each part; None where no column does."""

    id: str | None
    customer: str | None
    date: str | None
    weight: str | None


def choose_roles(drafts: list[FieldDraft], rows: int) -> Roles:
    """Give each part to one column, and say of the others what they are instead."""
    chosen = _choose_id(drafts, rows)
    dated = _choose_date(drafts, rows)
    if dated is not None:
        _judge_later_days(drafts, dated)
    weight = _choose_weight(drafts)
    _judge_leaders(drafts)
    customer = _choose_customer(drafts, chosen)
    return Roles(*(None if d is None else d.name for d in (chosen, customer, dated, weight)))


def _choose_id(drafts: list[FieldDraft], rows: int) -> FieldDraft | None:
    """The column that names each row: named like it, text that never repeats, or a count."""
    able = [(order, d) for d in drafts if (order := _id_order(d, rows)) is not None]
    if not able:
        return None
    chosen = min(able, key=lambda pair: pair[0])[1]
    chosen.attributes |= {"use": "identifier", "missing": "refuse", "range": None, "values": ()}
    chosen.unsay("use", "range", "values", "sensitivity", "purpose")
    share = chosen.distinct / rows
    chosen.say("use", "names each row", share=share)
    repeated = rows - chosen.distinct
    if repeated:
        text = f"{repeated:,} rows repeat an id or have none, and will be refused"
        chosen.say("use", text, share=repeated / rows, aloud=True)
    for _, other in able:
        if other is not chosen and other.use == "feature":
            other.be("identifier", "every value is different: another name of the row", share=1.0)
    return chosen


def _id_order(draft: FieldDraft, rows: int) -> int | None:
    """How far behind others a column stands as the id; None where it cannot be one."""
    measured = draft.attributes.get("format") or draft.attributes.get("unit")
    if (
        measured
        or draft.attributes["type"] not in ("integer", "string")
        or draft.use in ("target", "outcome", "date", "ignore")
    ):
        return None
    kind = identifier_kind(draft.column)
    return _named_order(draft, kind, rows) if kind else _unnamed_order(draft, rows)


def _named_order(draft: FieldDraft, kind: str, rows: int) -> int | None:
    if draft.distinct < _MOSTLY_UNIQUE * rows:
        return None
    # a person with several loans is no name of a loan
    repeats = draft.distinct < rows - draft.value.null_count()
    return None if kind == "customer" and repeats else _ID_ORDER[kind]


def _unnamed_order(draft: FieldDraft, rows: int) -> int | None:
    if draft.distinct < rows or sounds_like_measure(draft.column) or sounds_postal(draft.column):
        return None
    if draft.attributes["type"] == "string":
        return _ID_ORDER[""] if draft.use == "identifier" else None
    return _COUNTER if _counts_rows(draft.value) or draft.use == "identifier" else None


def _counts_rows(value: pl.Series) -> bool:
    """Whether whole numbers, none of which repeats, run without a gap."""
    low, high = value.min(), value.max()
    return isinstance(low, int) and isinstance(high, int) and high - low + 1 == value.len()


def _choose_customer(drafts: list[FieldDraft], chosen: FieldDraft | None) -> FieldDraft | None:
    """The person behind the loan: an identifier named so, whose values repeat."""
    for draft in drafts:
        known = draft.value.len() - draft.value.null_count()
        if draft is chosen or draft.use not in ("identifier", "feature", "ignore") or not known:
            continue
        if not names_a_person(draft.column) or draft.attributes["type"] not in (
            "integer",
            "string",
        ):
            continue
        if draft.distinct < known <= draft.distinct * _MOST_LOANS:
            repeated = 1 - draft.distinct / known
            draft.attributes |= {"use": "identifier", "range": None, "values": ()}
            draft.unsay("use", "range", "values", "purpose")
            text = "names the customer: all loans of one stay on one side of the split; repeats"
            draft.say("use", text, share=repeated, aloud=True)
            return draft
    return None


def _choose_date(drafts: list[FieldDraft], rows: int) -> FieldDraft | None:
    """The date field that most likely dates the application: by its name, then by its values.

    Applications of one file lie in a window of years, not of lifetimes; among days of one name the
    narrower window, then the earlier, is the application's.
    """
    ranked = []
    for draft in drafts:
        if draft.attributes["type"] != "date" or draft.use != "ignore" or draft.distinct <= 1:
            continue
        known = draft.value.drop_nulls()
        rank = application_rank(draft.column)
        days = (known.max() - known.min()).days  # type: ignore[operator, union-attr]
        if rank is None or known.len() < _MOSTLY_DATED * rows:
            continue
        if days > _LONGEST_WINDOW_DAYS and rank == UNNAMED_RANK:
            continue  # a name that says so dates applications of any span
        ranked.append(((rank, days, known.median()), draft))
    if not ranked:
        return None
    chosen = min(ranked, key=lambda pair: pair[0])[1]
    chosen.attributes |= {"use": "date", "missing": "refuse"}
    chosen.unsay("use")
    missing = chosen.value.null_count()
    if missing:
        text = f"{missing:,} rows have no date and will be refused"
        chosen.say("missing", text, share=missing / rows, aloud=True)
    return chosen


def _judge_later_days(drafts: list[FieldDraft], dated: FieldDraft) -> None:
    """Days after the application, unless they were agreed at once, are known only afterwards."""
    for draft in drafts:
        if draft.attributes["type"] != "date" or draft.use != "ignore":
            continue
        both = pl.DataFrame([draft.value.alias("day"), dated.value.alias("applied")]).drop_nulls()
        if not both.height or sounds_planned(draft.column):
            continue
        later = float((both["day"] > both["applied"]).mean() or 0.0)  # type: ignore[arg-type]
        share = later * both.height / draft.value.len()
        if later >= _MOSTLY_LATER:
            text = f"lies after '{dated.column}' wherever both are known: known only afterwards"
            draft.be("outcome", text, share=share)


def _choose_weight(drafts: list[FieldDraft]) -> FieldDraft | None:
    able = [d for d in drafts if d.use == "ignore" and sounds_like_weight(d.column)]
    able = [d for d in able if is_weight(d) and d.distinct > 1]
    if not able:
        return None
    chosen = able[0]
    chosen.attributes |= {"use": "weight", "missing": "refuse"}
    chosen.unsay("use")
    text = "the name sounds like a sample weight: fits weigh each row by it, and learn nothing else"
    chosen.say("use", text, share=1.0, aloud=True)
    return chosen


def _judge_leaders(drafts: list[FieldDraft]) -> None:
    """What separates far better than everything else is asked about, and not learned from.

    A score is made to separate: it stays a feature, and is asked about all the same.
    """
    features = {d.name: d for d in drafts if d.use == "feature" and d.separation is not None}
    alone = {name: d.separation for name, d in features.items() if d.separation is not None}
    leading = leaders(alone)
    best = max((each.auc for name, each in alone.items() if name not in leading), default=0.5)
    for name, auc in leading.items():
        draft = features[name]
        far = f"alone it tells good from bad far better (AUC {auc:.3f}) than the next ({best:.3f})"
        if sounds_like_score(draft.column):
            draft.say("use", f"{far}: make sure it dates from before the decision", aloud=True)
        else:
            draft.be("outcome", f"suspected: {far}; make it a feature if it was known in time")
