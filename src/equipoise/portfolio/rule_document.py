"""A pack of rules about books of loans, as it is written: each dated, with its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document
from equipoise.expression import ExpressionError
from equipoise.expression import compile as compile_expression
from equipoise.jurisdiction import Dated
from equipoise.texts.wording import Text

Grade = Literal["pass", "special_mention", "substandard", "doubtful", "loss"]
# What a rule about a loan's grade may ask for. Shares are of 1; `debtor_` facts are of all that the
# debtor owes, here and, as far as told, elsewhere.
GRADE_FACTS = {
    "days_past_due": "integer",
    "credit_impaired": "boolean",
    "loss_share": "number",
    "debtor_bad_share": "number",
    "debtor_overdue_elsewhere": "number",
    "restructured": "boolean",
    "evades_debt": "boolean",
    "bankrupt": "boolean",
    "retail": "boolean",
}
# What a limit may ask of a customer.
LIMIT_FACTS = {"bank": "boolean", "group": "boolean", "systemic": "boolean"}
Name = Literal[
    "stage2_days",
    "stage3_days",
    "stage2_pd_ratio",
    "stage2_pd_rise",
    "stage2_low_pd",
    "cure_months",
    "probation_months",
    "capital_ratio",
    "pd_floor",
    "lgd_floor",
    "loan_split_share",
    "restructured_months",
    "shock_parallel",
    "shock_short",
    "shock_long",
]
Share = Annotated[float, Field(ge=0)]


class Grading(Dated):
    """What makes a loan at least as bad as a grade: an expression over GRADE_FACTS."""

    at_least: Grade
    when: Text

    @model_validator(mode="after")
    def _condition_reads(self) -> Grading:
        _refuse_unreadable(self.when, GRADE_FACTS)
        return self


class ExposureLimit(Dated):
    """The most that may be owed by one customer, or one group, as a share of the lender's capital.

    `counts` says what is held against it: loans alone, or every exposure.
    """

    of: Literal["customer", "group"]
    counts: Literal["loans", "all"]
    base: Literal["net_capital", "tier1"]
    at_most: Annotated[float, Field(gt=0)]
    when: Text

    @model_validator(mode="after")
    def _condition_reads(self) -> ExposureLimit:
        _refuse_unreadable(self.when, LIMIT_FACTS)
        return self


class Parameter(Dated):
    """A number that a rule sets: `of` one asset class or currency, or (`""`) for all."""

    name: Name
    value: Share
    of: str = ""


class Weighting(Dated):
    """A standardised risk weight by class of exposure: one, or one for each band of loan to value.

    `ltv_up_to` are the bands' upper ends, and `weights` has one more than there are bands.
    """

    asset_class: Text
    weights: Annotated[tuple[Share, ...], Field(min_length=1)]
    ltv_up_to: tuple[Share, ...] = ()

    @model_validator(mode="after")
    def _a_weight_for_each_band(self) -> Weighting:
        if len(self.weights) != len(self.ltv_up_to) + 1:
            raise ValueError("there is one weight more than bands; the last is for all above")
        if list(self.ltv_up_to) != sorted(set(self.ltv_up_to)):
            raise ValueError("the bands' upper ends rise")
        return self


def _refuse_unreadable(text: str, facts: dict[str, str]) -> None:
    try:
        kind = compile_expression(text, facts).type
    except ExpressionError as error:
        raise ValueError(f"{error.message}; {error.mend}") from None
    if kind != "boolean":
        raise ValueError(f"this is a {kind}; write a condition")


class RuleDocument(Document):
    """A pack's file; `caution`, by language, is what has to be said of it."""

    pack: Text
    caution: dict[str, Text]
    gradings: tuple[Grading, ...] = ()
    limits: tuple[ExposureLimit, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    weightings: tuple[Weighting, ...] = ()

    def sections(self) -> dict[str, tuple[Dated, ...]]:
        """The entries by the section they stand in."""
        return {
            "gradings": self.gradings,
            "limits": self.limits,
            "parameters": self.parameters,
            "weightings": self.weightings,
        }

    def clashes(self) -> Iterator[tuple[str, int, str]]:
        """(section, place, what is wrong) of ids given twice, and of rules that hold together."""
        ids: set[str] = set()
        for section, entries in self.sections().items():
            for at, entry in enumerate(entries):
                if entry.id in ids:
                    yield section, at, f"the id '{entry.id}' is given twice"
                ids.add(entry.id)
                for earlier in entries[:at]:
                    if _sets_the_same(earlier, entry) and entry.overlaps(earlier):
                        yield section, at, f"'{entry.id}' holds on days of '{earlier.id}'"


def _sets_the_same(one: Dated, other: Dated) -> bool:
    if isinstance(one, Parameter) and isinstance(other, Parameter):
        return (one.name, one.of) == (other.name, other.of)
    if isinstance(one, Weighting) and isinstance(other, Weighting):
        return one.asset_class == other.asset_class
    return False
