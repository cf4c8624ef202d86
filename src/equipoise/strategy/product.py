"""A strategy's product: what a person reads of it, whom it is for, and what it leans on first."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from equipoise.documents import Document

Need = Literal["debts", "car", "home", "health", "study", "equipment", "stock", "premises", "other"]
Whom = Literal["person", "business"]
Rate = Annotated[float, Field(ge=0, le=10)]


class PurposeField(Document):
    """The field that asks what a loan is for, and its value for each need."""

    field: str
    values: dict[Need, str] = Field(min_length=1)


class ProductSection(Document):
    """A product, as people choose among a lender's.

    `name` and `about` (one sentence) are by language. `rates` are the least and the most that a
    loan of it costs, fractions a year. `asks_first` names the few fields that decide most of an
    answer: they are asked for a first idea of it; `works_out` are expressions over them that give
    other fields. `purpose` carries what somebody needs money for into the application.
    """

    name: dict[str, str] = Field(min_length=1)
    about: dict[str, str] = Field(min_length=1)
    whom: Whom = "person"
    needs: tuple[Need, ...] = Field(min_length=1)
    rates: tuple[Rate, Rate]
    purpose: PurposeField | None = None
    asks_first: tuple[str, ...] = Field(default=(), max_length=5)
    works_out: dict[str, str] = Field(default_factory=dict)

    @field_validator("needs", "asks_first")
    @classmethod
    def _each_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for one, other in pairwise(sorted(names)):
            if one == other:
                raise ValueError(f"'{one}' stands there twice; take one out")
        return names

    @model_validator(mode="after")
    def _parts_agree(self) -> ProductSection:
        if self.rates[0] > self.rates[1]:
            raise ValueError("the first of `rates` is above the second; put the lower one first")
        if self.purpose is not None:
            for need in self.purpose.values:
                if need not in self.needs:
                    raise ValueError(
                        f"purpose.values names '{need}', which is not among `needs`; add it there"
                    )
        return self
