"""Drafting a contract from data: inferring what can be, marking all of it for review."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.contract.asking import asked_formats
from equipoise.contract.days import now
from equipoise.contract.document import Contract
from equipoise.contract.fielddraft import CellReading, FieldDraft, label_of
from equipoise.contract.fieldrole import draft_field
from equipoise.contract.fields import Field, Target
from equipoise.contract.inference import decimal_habit
from equipoise.contract.naming import plain_names
from equipoise.contract.outcomes import Outcome, find_outcome
from equipoise.contract.roles import choose_roles
from equipoise.contract.wholereview import about_the_whole, doubted
from equipoise.documents import to_yaml
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.progress import Progress, Silent

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

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The columns that can be read in two ways, which review and notes begin with."""
        return _unsettled(self.contract.fields)


def draft(
    frame: pl.DataFrame,
    target: str,
    event: str | None = None,
    *,
    name: str = "",
    file: str = "",
    read: Iterable[str] = (),
    progress: Progress | None = None,
) -> Draft:
    """Draft the contract of `frame`, whose column `target` holds the outcome.

    `event` is the value that marks a bad outcome; left out, it is inferred. `read` says how
    columns are written, as COLUMN=FORMAT. `file` becomes the
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
    reading = CellReading(now().date(), decimal_habit(frame), asked_formats(read, frame.columns))
    outcome = find_outcome(frame[target], event, file)
    names = dict(zip(frame.columns, plain_names(frame.columns), strict=True))
    drafts: list[FieldDraft] = []
    with (progress or Silent()).step("Drafting the contract") as step:
        for done, raw in enumerate(frame.iter_columns(), start=1):
            drafts.append(
                _target_field(raw, names[target], outcome)
                if raw.name == target
                else draft_field(raw, names[raw.name], outcome.bad, reading)
            )
            step.advance(done, frame.width)
    roles = choose_roles(drafts, frame.height)
    if not any(d.use == "feature" for d in drafts):
        raise BadInput(
            "no column is left to learn from",
            where=Span(file) if file else None,
            mend="; ".join(note for d in drafts for note in d.notes)[:500],
        )
    said = about_the_whole(outcome, target, roles, frame.height)
    fields = tuple(d.field() for d in drafts)
    contract = Contract(
        name=name or _slug(file) or "contract",
        data=file,
        extra="keep",
        id=roles.id,
        customer=roles.customer,
        date=roles.date,
        weight=roles.weight,
        target=Target(
            field=names[target],
            event=outcome.events[0] if len(outcome.events) == 1 else outcome.events,
            unresolved=outcome.unresolved,
            confirm=outcome.doubt and doubted(outcome),
        ),
        fields=fields,
        review=(*_unsettled(fields), *said.review),
    )
    return Draft(
        contract, (*_unsettled(fields), *said.notes, *(note for d in drafts for note in d.notes))
    )


def _unsettled(fields: Iterable[Field]) -> tuple[str, ...]:
    wait = "fit waits until one is confirmed"
    return tuple(f"'{each.column}': {each.confirm}; {wait}" for each in fields if each.confirm)


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
    share = 1 - raw.null_count() / max(1, raw.len())
    drafted.say("type", f"the values read as {outcome.type}", share=share)
    unknown = outcome.bad.null_count()
    if unknown:
        text = f"{unknown:,} rows have no outcome, or an open one, and will be refused"
        drafted.say("missing", text, share=unknown / max(1, raw.len()), aloud=True)
    return drafted


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
