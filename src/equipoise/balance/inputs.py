"""What treatments.yaml says of each applicant: read from the data, or the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from equipoise.documents import Loaded
from equipoise.expression import compile as compile_expression
from equipoise.value.labels import input_label
from equipoise.value.treatments import TreatmentsDocument

_UNITS = {"apr": "share", "term_months": "months"}
_PARTS = ("today", "apr", "amount", "term_months", "monthly_income")


@dataclass(frozen=True, slots=True)
class ApplicantInput:
    """One expression of `applicant` in treatments.yaml; `assumed` where it reads no field."""

    name: str
    text: str
    value: float | str | None
    assumed: bool

    def as_source(self) -> dict[str, Any]:
        """A row of the table of sources."""
        name = f"applicant.{self.name}"
        said = "the same for everybody, in no column of the data (treatments.yaml)"
        return {
            "input": name,
            "label": input_label(name),
            "value": self.value if self.assumed else "by applicant",
            "unit": _UNITS.get(self.name, "") if self.assumed else "",
            "low": None,
            "high": None,
            "provenance": "assumed" if self.assumed else "measured",
            "source": said if self.assumed else f"read from the data: {self.text}",
        }


def applicant_inputs(
    treatments: Loaded[TreatmentsDocument], types: Mapping[str, str]
) -> list[ApplicantInput]:
    """Each figure that the value model needs of an applicant, and whether the data hold it."""
    rows = []
    for name in _PARTS:
        text = getattr(treatments.value.applicant, name)
        expression = compile_expression(
            text,
            {**types, "pd": "number", "lgd": "number"},
            where=treatments.span("applicant", name),
        )
        assumed = not expression.names
        value = expression.python({}) if assumed else None
        shown = value if isinstance(value, float | int | str) else None
        rows.append(ApplicantInput(name, text, shown, assumed))
    return rows
