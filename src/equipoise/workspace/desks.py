"""desks.yaml: what the lender's desks reckon with that nothing else of the workspace says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pydantic import Field, model_validator

from equipoise.contract import Contract
from equipoise.documents import Document, Loaded, read_document
from equipoise.errors import BadInput, EquipoiseError, Faults, did_you_mean
from equipoise.texts.wording import Text

DESKS = "desks.yaml"


class OverridesSection(Document):
    """What a loan that a person granted against the strategy is worth, as shares of its amount over
    `months`: `loss` is lost of one that goes bad, `margin` earned on one that stays good."""

    loss: float = Field(gt=0, le=1)
    margin: float = Field(gt=0, le=1)
    months: int = Field(default=12, ge=1, le=120)


class TierSection(Document):
    """Customers of a tier, those whose field has one of `values`, and what they are promised since
    a day: one of these journeys; an answer within so many open hours of sending; no offer above
    that APR; a person within so many open hours of being needed. What is left out is not promised.
    """

    name: Text
    label: dict[str, Text] = Field(default_factory=dict)
    values: tuple[Text, ...] = Field(min_length=1)
    since: date
    journeys: tuple[Text, ...] = ()
    answer_hours: float | None = Field(default=None, gt=0)
    apr_at_most: float | None = Field(default=None, gt=0, lt=10)
    person_hours: float | None = Field(default=None, gt=0)


class TiersSection(Document):
    """The lender's customer tiers, told by a field of the contract."""

    field: Text
    promised: tuple[TierSection, ...] = Field(min_length=1, max_length=20)

    @model_validator(mode="after")
    def _apart(self) -> TiersSection:
        names = [each.name for each in self.promised]
        values = [value for each in self.promised for value in each.values]
        for what, all_ in (("name", names), ("value", values)):
            twice = sorted({each for each in all_ if all_.count(each) > 1})
            if twice:
                raise ValueError(f"the {what} '{twice[0]}' is given to more than one tier")
        return self

    def of(self, value: object) -> TierSection | None:
        """The tier of whoever's field has that value."""
        return next((each for each in self.promised if str(value) in each.values), None)


class DesksDocument(Document):
    """desks.yaml."""

    overrides: OverridesSection | None = None
    tiers: TiersSection | None = None


def read_desks(folder: Path, contract: Contract | None = None) -> DesksDocument:
    """The document of a workspace, held against the contract where one is given; an empty one where
    there is none. Raises BadInput or Faults, by its lines."""
    path = folder / DESKS
    if not path.is_file():
        return DesksDocument()
    read = read_document(path, DesksDocument)
    faults = list(_faults(read, contract)) if contract is not None else []
    if faults:
        raise Faults(faults)
    return read.value


def _faults(read: Loaded[DesksDocument], contract: Contract) -> Iterator[EquipoiseError]:
    tiers = read.value.tiers
    if tiers is None:
        return
    known = {each.name: each for each in contract.fields}
    field = known.get(tiers.field)
    if field is None:
        yield BadInput(
            f"'{tiers.field}' is not in the contract",
            where=read.span("tiers", "field"),
            field="tiers.field",
            mend=did_you_mean(tiers.field, known),
        )
        return
    values = [str(each) for each in field.values or ()]
    for at, tier in enumerate(tiers.promised):
        for value in tier.values:
            if values and value not in values:
                yield BadInput(
                    f"'{tiers.field}' cannot be '{value}'",
                    where=read.span("tiers", "promised", at, "values"),
                    field="tiers.promised.values",
                    mend=did_you_mean(value, values),
                )
