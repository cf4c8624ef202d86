"""The contract document: what an application is, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date as Date  # noqa: N812 - `date` is a field of the contract
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import Field as Setting
from pydantic import ValidationInfo, field_validator, model_validator

from equipoise.contract.faults import Problem, problems_of
from equipoise.contract.formats import number_spelling
from equipoise.contract.naming import name_fault
from equipoise.contract.patterns import BY_NUMBER, day_pattern
from equipoise.contract.reading.layout import TableLayout
from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, Faults, GateRefused, Span, did_you_mean

if TYPE_CHECKING:
    import polars as pl

FieldType = Literal["number", "integer", "string", "boolean", "date"]
Use = Literal["feature", "audit", "identifier", "target", "date", "outcome", "weight", "ignore"]
Scalar = bool | int | float | str
Bound = int | float | Date | None


class Change(Document):
    """How an applicant could change a field: which way, in what steps, and how long a step takes.

    `step` is in the field's unit; `most` the furthest anybody is told to go. `to` lists the
    values of a text field that one could move to.
    """

    direction: Literal["increase", "decrease", "either"] = "either"
    step: float | None = Setting(default=None, gt=0)
    days: float = Setting(default=30, ge=0)
    most: float | None = None
    to: tuple[str, ...] = ()


class Field(Document):
    """One field of an application; `review` lists what a draft inferred and nobody has confirmed.

    `range` is inclusive, and either end may be null. `format` says how text is to be read: a
    pattern for a date (`patterns`), an example for a number (`formats`). A fact is stale
    `fresh_days` after the date in the field `as_of`. Decisions are found again by a `searchable`
    field, through a blind index. `change` says whether and how the applicant can change it.
    `value_label` says what a customer reads for a value of a text field, by language. While
    `confirm` stands nothing is fitted: it says which other format would read the column as well.
    """

    name: str
    column: str = ""
    type: FieldType
    use: Use = "feature"
    unit: str = ""
    format: str = ""
    range: tuple[Bound, Bound] | None = None
    values: tuple[Scalar, ...] = ()
    missing: Literal["allow", "refuse"] = "allow"
    missing_codes: tuple[Scalar, ...] = ()
    source: Literal["applicant", "bureau", "bank", "derived", "unknown"] = "unknown"
    purpose: str = ""
    sensitivity: Literal["public", "personal", "sensitive", "protected"] = "personal"
    searchable: bool = False
    step: str = ""
    monotone: Literal["increasing", "decreasing"] | None = None
    label: dict[str, str] = Setting(default_factory=dict)
    help: dict[str, str] = Setting(default_factory=dict)
    value_label: dict[str, dict[str, str]] = Setting(default_factory=dict)
    as_of: str = ""
    fresh_days: int | None = Setting(default=None, ge=0)
    change: Change | None = None
    confirm: str = ""
    review: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _column_is_the_name_unless_given(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("column") and "name" in data:
            return {**data, "column": data["name"]}
        return data

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if fault := name_fault(name):
            raise ValueError(f"{fault}; give the data's own header as `column`")
        return name

    @field_validator("range")
    @classmethod
    def _ordered_range(
        cls, bounds: tuple[Bound, Bound] | None, info: ValidationInfo
    ) -> tuple[Bound, Bound] | None:
        kind = info.data.get("type")
        if bounds is None or kind is None:
            return bounds
        if kind not in ("number", "integer", "date"):
            raise ValueError(f"a {kind} has no range; list its values instead")
        given = [bound for bound in bounds if bound is not None]
        if any(isinstance(bound, Date) != (kind == "date") for bound in given):
            raise ValueError(f"both ends of the range of a {kind} must be of that type")
        if len(given) == 2 and given[0] > given[1]:  # type: ignore[operator]
            raise ValueError("the low end of the range is above its high end")
        return bounds

    @field_validator("values")
    @classmethod
    def _values_of_the_type(
        cls, values: tuple[Scalar, ...], info: ValidationInfo
    ) -> tuple[Scalar, ...]:
        kind = info.data.get("type")
        if not values or kind is None:
            return values
        if kind in ("boolean", "date"):
            raise ValueError(f"a {kind} needs no list of values")
        if kind == "string" and not all(isinstance(value, str) for value in values):
            raise ValueError("values of a string must be quoted, as in ['yes', 'no', '1']")
        if kind != "string" and any(isinstance(value, (str, bool)) for value in values):
            raise ValueError(f"values of a {kind} must be numbers")
        if len(set(values)) != len(values):
            raise ValueError("a value is listed twice")
        return values

    @field_validator("format")
    @classmethod
    def _format_fits_the_type(cls, text: str, info: ValidationInfo) -> str:
        kind = info.data.get("type")
        if not text or kind is None:
            return text
        if kind == "date":
            if "%" not in text and text not in BY_NUMBER:
                raise ValueError(
                    "a date's format is a pattern such as '%d.%m.%Y' or '%b-%Y', or "
                    + ", ".join(BY_NUMBER)
                )
            day_pattern(text)
        if kind in ("number", "integer"):
            number_spelling(text)
        if kind in ("string", "boolean"):
            raise ValueError(f"a {kind} has no format")
        return text

    @model_validator(mode="after")
    def _protected_is_no_feature(self) -> Field:
        if self.protected and self.use == "feature":
            raise ValueError(
                f"'{self.name}' is protected, and protected fields are for audits only; "
                "set `use: audit`"
            )
        return self

    @model_validator(mode="after")
    def _searchable_tells_people_apart(self) -> Field:
        if self.searchable and (self.protected or self.type in ("number", "boolean")):
            kind = "protected field" if self.protected else self.type
            raise ValueError(f"a {kind} is none to search by; take `searchable` out")
        return self

    @property
    def protected(self) -> bool:
        """Whether the field may reach no rule and no model."""
        return self.sensitivity == "protected"


class Target(Document):
    """The outcome a model learns: `event` names the bad value or values.

    `unresolved` lists values that are neither good nor bad yet (loans still running); such rows
    are refused, and counted. The outcome window is `window_months`, or differs by row and stands
    in the field `observed_months`. While `confirm` stands nothing is fitted: it says what a draft
    could not know about the outcome, and is deleted by whoever knows it.
    """

    field: str
    event: Scalar | tuple[Scalar, ...]
    unresolved: tuple[Scalar, ...] = ()
    observed_months: str | None = None
    window_months: int | None = Setting(default=None, gt=0)
    confirm: str = ""

    @property
    def events(self) -> tuple[Scalar, ...]:
        """The bad values, however many were named."""
        return self.event if isinstance(self.event, tuple) else (self.event,)


class _Written(Document):
    """The contract as written, before its parts are held against each other."""

    name: str
    version: int = 1
    currency: str = ""
    time_zone: str = "UTC"
    languages: tuple[str, ...] = ("en",)
    data: str = ""
    layout: TableLayout | None = None
    extra: Literal["refuse", "ignore", "keep"] = "refuse"
    id: str | None = None
    date: str | None = None
    customer: str | None = None
    weight: str | None = None
    target: Target
    fields: tuple[Field, ...] = Setting(min_length=1)
    review: tuple[str, ...] = ()

    def problems(self) -> list[Problem]:
        """Where the parts contradict each other."""
        return problems_of(self)


class Contract(_Written):
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
        if found := self.problems():
            raise ValueError("; ".join(f"{p.message} ({p.mend})" for p in found))
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
    written = read_document(path, _Written)
    if found := written.value.problems():
        raise Faults(
            BadInput(p.message, where=written.span(*p.keys), field=p.field, mend=p.mend)
            for p in found
        )
    contract = Contract.model_validate(written.value.model_dump())
    return cast("Loaded[Contract]", replace(written, value=contract))


def forbid_protected(contract: Contract, names: Any, where: str | Span) -> None:
    """The gate before every rule and model: no protected field passes.

    `names` are the fields about to be used and `where` says by what. Raises GateRefused.
    """
    found = [name for name in dict.fromkeys(names) if name in set(contract.protected)]
    if not found:
        return
    listed = ", ".join(f"'{name}'" for name in found)
    place = f" in {where}" if isinstance(where, str) and where else ""
    verb, noun = ("is", "a protected field") if len(found) == 1 else ("are", "protected fields")
    raise GateRefused(
        f"{listed} {verb} {noun}{place}; protected fields are for audits only",
        where=where if isinstance(where, Span) else None,
        field=found[0],
        mend="take it out, or measure it in a fairness audit",
    )
