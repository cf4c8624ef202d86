"""What a contract says of one field, and of the outcome."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812 - Date is a type here
from typing import Any, Literal, get_args

from pydantic import Field as Setting
from pydantic import (
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from equipoise.contract.formats import number_spelling
from equipoise.contract.naming import name_fault
from equipoise.contract.patterns import BY_NUMBER, day_pattern
from equipoise.documents import Document
from equipoise.errors import did_you_mean

FieldType = Literal["number", "integer", "string", "boolean", "date"]
Use = Literal["feature", "audit", "identifier", "target", "date", "outcome", "weight", "ignore"]
Shows = Literal["picture", "pdf"]
FILE = "file"
"""The type of a document that the applicant brings, as contracts write it. The fact is whether it
is there: everywhere else it is a boolean, of a field that `accepts` documents."""
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
    field, through a blind index. `accepts` lists what a document may be, where the type is `file`:
    empty for every other type. `change` says whether and how the applicant can change it.
    `value_label` says what a customer reads for a value of a text field, by language, `unit_label`
    what for the unit, where the language has another word than our catalogue. While `confirm`
    stands nothing is fitted: it says which other format would read the column as well.
    """

    name: str
    column: str = ""
    type: FieldType
    accepts: tuple[Shows, ...] = ()
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
    unit_label: dict[str, str] = Setting(default_factory=dict)
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

    @model_validator(mode="before")
    @classmethod
    def _document_is_there_or_not(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if data.get("type") == FILE:
            accepts = data.get("accepts", get_args(Shows))
            if not accepts:
                raise ValueError(
                    f"a file accepts something; list {' or '.join(get_args(Shows))} in `accepts`"
                )
            return {**data, "type": "boolean", "accepts": accepts}
        if data.get("accepts"):
            raise ValueError("only a file accepts documents; set `type: file`, or take it out")
        return data

    @model_serializer(mode="wrap")
    def _as_written(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = plain(self)
        if not self.accepts:
            data.pop("accepts", None)
        elif "type" in data:
            data["type"] = FILE
        return data

    @field_validator("type", mode="before")
    @classmethod
    def _known_type(cls, kind: Any) -> Any:
        known = (*get_args(FieldType), FILE)
        if kind not in known:
            raise ValueError(f"a type is {', '.join(known)}; {did_you_mean(str(kind), known)}")
        return kind

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
