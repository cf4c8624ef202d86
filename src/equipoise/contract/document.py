"""The contract document: what an application is, field by field."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import model_validator

from equipoise.contract.faults import problems_of
from equipoise.contract.fields import Field, FieldType, Scalar
from equipoise.contract.written import Written
from equipoise.documents import Loaded, read_document
from equipoise.errors import BadInput, Faults, GateRefused, Span, did_you_mean

if TYPE_CHECKING:
    import polars as pl


class Contract(Written):
    """What an application is: its fields, its identifier, its date and its outcome.

    `layout` says how the file of `data` is written, where that is not plain to see. `extra` says
    what is done with facts that are no field: refused, ignored, or kept beside.
    `time_zone` is the lender's, by its IANA name: a day is the day there (`days.today`).
    `customer` names the field with the person behind an application: all of one person's loans
    stand on one side of a split. `weight` names the field that says how many applications of the
    lender's a row of a sample stands for.
    """

    @model_validator(mode="after")
    def _parts_agree(self) -> Contract:
        if problems := problems_of(self):
            raise ValueError("; ".join(f"{p.message} ({p.mend})" for p in problems))
        return self

    def types(self) -> dict[str, FieldType]:
        """Each field's type, as expressions need them; ignored fields have none."""
        return {field.name: field.type for field in self.fields if field.use != "ignore"}

    @cached_property
    def searchable(self) -> tuple[Field, ...]:
        """The fields by which an applicant can be searched for."""
        return tuple(field for field in self.fields if field.searchable)

    def field(self, name: str) -> Field:
        """The field called `name`. Raises BadInput with the nearest name."""
        for field in self.fields:
            if field.name == name:
                return field
        raise BadInput(
            f"'{name}' is not in contract {self.name} v{self.version}",
            field=name,
            mend=did_you_mean(name, (field.name for field in self.fields)),
        )

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Fields a model or rule may use: features that are not protected."""
        return tuple(f.name for f in self.fields if f.use == "feature" and not f.protected)

    @property
    def protected(self) -> tuple[str, ...]:
        """Fields that are for audits only."""
        return tuple(field.name for field in self.fields if field.protected)

    def bad(self) -> pl.Expr:
        """Whether a checked row ended badly: a boolean column called `bad`."""
        import polars as pl

        kind = self.field(self.target.field).type
        known = pl.col(self.target.field)
        events = [_as_type(event, kind) for event in self.target.events]
        return known.is_in(events).alias("bad")

    def data_path(self, folder: Path) -> Path:
        """Where the data stands; a relative path starts at the workspace's folder."""
        if not self.data:
            raise BadInput(
                f"contract {self.name} v{self.version} names no data",
                field="data",
                mend="give the path of a CSV or Parquet file as `data`",
            )
        return folder / self.data


def _as_type(value: Scalar, kind: FieldType) -> Scalar:
    if kind == "number":
        return float(value)
    return int(value) if kind == "integer" else value


def read_contract(path: Path) -> Loaded[Contract]:
    """Read contract.yaml. Raises BadInput or Faults with file, line, field and mend."""
    written = read_document(path, Written)
    if problems := problems_of(written.value):
        raise Faults(
            BadInput(p.message, where=written.span(*p.keys), field=p.field, mend=p.mend)
            for p in problems
        )
    contract = Contract.model_validate(written.value.model_dump())
    return cast("Loaded[Contract]", replace(written, value=contract))


def forbid_protected(contract: Contract, names: Any, where: str | Span) -> None:
    """The gate before every rule and model: no protected field passes.

    `names` are the fields about to be used and `where` says by what. Raises GateRefused.
    """
    forbidden = [name for name in dict.fromkeys(names) if name in set(contract.protected)]
    if not forbidden:
        return
    listed = ", ".join(f"'{name}'" for name in forbidden)
    place = f" in {where}" if isinstance(where, str) and where else ""
    verb, noun = ("is", "a protected field") if len(forbidden) == 1 else ("are", "protected fields")
    raise GateRefused(
        f"{listed} {verb} {noun}{place}; protected fields are for audits only",
        where=where if isinstance(where, Span) else None,
        field=forbidden[0],
        mend="take it out, or measure it in a fairness audit",
    )
