"""Drafting a contract from data: inferring what can be, marking all of it for review."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.document import Contract, Field, Target
from equipoise.contract.fielddraft import FieldDraft, draft_field, label_of
from equipoise.contract.lexicon import application_date, sounds_like_id
from equipoise.contract.naming import plain_names
from equipoise.contract.outcomes import AS_NAMED, Outcome, find_outcome
from equipoise.documents import to_yaml
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.progress import Progress, Silent

_MOSTLY_UNIQUE = 0.95
_MOSTLY_DATED = 0.95
_HALF = 0.5
_HEADER = """\
Drafted from {data}. Nothing here is confirmed yet.
Each field's `review` lists what was inferred from the data. Read it, mend the field where it is
wrong, and delete the line once it is right. A field without `review` is confirmed.
use: feature (models may learn from it), audit (kept, never learned from), outcome (known only
after the decision), ignore (not read), identifier, target, date.\
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted contract, and what a person should look at first."""

    contract: Contract
    notes: tuple[str, ...]


def draft(
    frame: pl.DataFrame,
    target: str,
    event: str | None = None,
    *,
    name: str = "",
    file: str = "",
    progress: Progress | None = None,
) -> Draft:
    """Draft the contract of `frame`, whose column `target` holds the outcome.

    `event` is the value that marks a bad outcome; left out, it is inferred. `file` becomes the
    contract's data path and names the data in errors. Raises BadInput where the target cannot be
    an outcome or there is too little to learn from.
    """
    if target not in frame.columns:
        raise BadInput(
            f"there is no column '{target}' to be the target",
            where=Span(file, 1) if file else None,
            field=target,
            mend=did_you_mean(target, frame.columns),
        )
    outcome = find_outcome(frame[target], event, file)
    names = dict(zip(frame.columns, plain_names(frame.columns), strict=True))
    drafts: list[FieldDraft] = []
    with (progress or Silent()).step("Drafting the contract") as step:
        for done, raw in enumerate(frame.iter_columns(), start=1):
            drafts.append(
                _target_field(raw, names[target], outcome)
                if raw.name == target
                else draft_field(raw, names[raw.name], outcome.bad)
            )
            step.advance(done, frame.width)
    identifier = _choose_id(drafts, frame.height)
    dated = _choose_date(drafts, frame.height)
    if not any(d.use == "feature" for d in drafts):
        raise BadInput(
            "no column is left to learn from",
            where=Span(file) if file else None,
            mend="; ".join(note for d in drafts for note in d.notes)[:500],
        )
    review, notes = _about_the_whole(outcome, target, identifier, dated)
    contract = Contract(
        name=name or _slug(file) or "contract",
        data=file,
        extra="keep",
        id=identifier,
        date=dated,
        target=Target(
            field=names[target],
            event=outcome.events[0] if len(outcome.events) == 1 else outcome.events,
            unresolved=outcome.unresolved,
        ),
        fields=tuple(d.field() for d in drafts),
        review=tuple(review),
    )
    return Draft(contract, (*notes, *(note for d in drafts for note in d.notes)))


def _target_field(raw: pl.Series, name: str, outcome: Outcome) -> FieldDraft:
    attributes: dict[str, Any] = {
        "name": name,
        "column": raw.name,
        "label": {"en": label_of(raw.name)},
        "type": outcome.type,
        "use": "target",
        "values": outcome.values,
        "missing": "refuse",
        "missing_codes": outcome.missing_codes,
    }
    drafted = FieldDraft(raw.name, raw, attributes)
    drafted.say("type", f"the values read as {outcome.type}")
    unknown = outcome.bad.null_count()
    if unknown:
        text = f"{unknown:,} rows have no outcome, or an open one, and will be refused"
        drafted.say("missing", text, aloud=True)
    return drafted


def _choose_id(drafts: list[FieldDraft], rows: int) -> str | None:
    """The column that names each row: named like it, text that never repeats, or a count."""
    for chosen in sorted(drafts, key=lambda d: not sounds_like_id(d.column)):
        if _can_name_rows(chosen, rows):
            chosen.attributes |= {"use": "identifier", "missing": "refuse", "range": None}
            chosen.attributes["values"] = ()
            chosen.unsay("use", "range", "values", "sensitivity")
            repeated = rows - chosen.distinct
            if repeated:
                text = f"{repeated:,} rows repeat an id or have none, and will be refused"
                chosen.say("use", text, aloud=True)
            return str(chosen.attributes["name"])
    return None


def _can_name_rows(drafted: FieldDraft, rows: int) -> bool:
    if drafted.attributes["type"] not in ("integer", "string") or drafted.use in (
        "target",
        "ignore",
    ):
        return False
    if sounds_like_id(drafted.column):
        return drafted.distinct >= _MOSTLY_UNIQUE * rows
    if drafted.distinct < rows:
        return False
    named = drafted.attributes["type"] == "integer" and drafted.column.lower().endswith("id")
    return named or drafted.use == "identifier" or _counts_rows(drafted.value)


def _counts_rows(value: pl.Series) -> bool:
    """Whether whole numbers, none of which repeats, run without a gap."""
    low, high = value.min(), value.max()
    return isinstance(low, int) and isinstance(high, int) and high - low + 1 == value.len()


def _choose_date(drafts: list[FieldDraft], rows: int) -> str | None:
    """The date field that most likely dates the application."""
    dates = {
        d.column: d
        for d in drafts
        if d.attributes["type"] == "date"
        and d.use == "ignore"
        and d.distinct > 1
        and rows - d.value.null_count() >= _MOSTLY_DATED * rows
    }
    header = application_date(dates)
    if header is None:
        return None
    chosen = dates[header]
    chosen.attributes |= {"use": "date", "missing": "refuse"}
    chosen.unsay("use")
    if chosen.value.null_count():
        text = f"{chosen.value.null_count():,} rows have no date and will be refused"
        chosen.say("missing", text, aloud=True)
    return str(chosen.attributes["name"])


def _about_the_whole(
    outcome: Outcome, target: str, identifier: str | None, dated: str | None
) -> tuple[list[str], list[str]]:
    share = float(outcome.bad.mean() or 0.0)  # type: ignore[arg-type]
    event, *others = outcome.events
    said = [f"'{event}' is the bad outcome ({outcome.why}): {share:.1%} of known rows"]
    if share > _HALF and outcome.why != AS_NAMED:
        said.append("more than half of the rows are bad; if it is the other way round, use --event")
    if others:
        said.append(f"{_quoted(others)} sound bad too, and count as bad")
    if outcome.unresolved:
        said.append(f"{_quoted(outcome.unresolved)} sound unresolved, so such rows are refused")
    review = [f"target: {text}" for text in said]
    notes = [f"'{target}': {text}" for text in said]
    review.append("time_zone: UTC was taken; name the lender's, as its days are counted there")
    review.append("extra: facts that are no field are kept beside the answers; or refuse, ignore")
    review.append("target: the outcome window is unknown; set window_months or observed_months")
    review.append(f"id: '{identifier}' names each row" if identifier else "id: none was found")
    review.append(
        f"date: '{dated}' seems to date the application"
        if dated
        else "date: none was found, so validation cannot be out of time"
    )
    return review, [*notes, *review[-2:]]


def _quoted(values: Iterable[object]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _slug(file: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "_", Path(file).stem).strip("_").lower() if file else ""


def to_document(drafted: Draft) -> str:
    """The contract as YAML text that reads back equal, under a header that explains `review`."""
    contract = drafted.contract
    data = contract.model_dump(exclude_defaults=True)
    leading = {"name": contract.name, "version": contract.version, "time_zone": contract.time_zone}
    data = {**leading, **data}
    data["fields"] = [_field_data(field) for field in contract.fields]
    return to_yaml(data, _HEADER.format(data=contract.data or "data"))


def _field_data(field: Field) -> dict[str, Any]:
    data = field.model_dump(exclude_defaults=True)
    if field.column == field.name:
        data.pop("column", None)
    return data
