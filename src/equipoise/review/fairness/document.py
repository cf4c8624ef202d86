"""What an audit measures, between whom, and how far apart groups may be."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from equipoise.documents import Document
from equipoise.errors import did_you_mean

Column = Literal[
    "approved", "apr", "amount", "wait_days", "minutes", "questions", "checks", "no_way_back",
    "pd_error",
]  # fmt: skip
Among = Literal["everyone", "approved", "not_approved", "repaid", "observed"]
SHARES = ("approved", "no_way_back")


class AuditMeasure(Document):
    """One comparison of groups: what, among whom, in which scale, and the tolerance.

    `within` is the largest difference that passes; on the ratio scale the smallest ratio r, and the
    ratio must lie in r to 1/r. `given_risk` compares people of the same grade or PD band.
    """

    name: str
    column: Column
    among: Among = "everyone"
    scale: Literal["difference", "ratio"] = "difference"
    within: float = Field(gt=0)
    given_risk: bool = False
    unit: str = ""
    source: str = "assumed"

    @model_validator(mode="after")
    def _sound(self) -> AuditMeasure:
        if self.scale == "ratio" and self.within >= 1:
            raise ValueError("within is a ratio here: give a number below 1, such as 0.8")
        if self.scale == "ratio" and self.column == "pd_error":
            raise ValueError("pd_error lies around zero: compare it on the scale 'difference'")
        if self.scale == "ratio" and self.given_risk and self.column not in SHARES:
            raise ValueError("a mean given risk is compared on the scale 'difference'")
        return self

    @property
    def band(self) -> tuple[float, float]:
        """Both ends of what passes."""
        if self.scale == "ratio":
            return self.within, 1 / self.within
        return -self.within, self.within

    @property
    def is_share(self) -> bool:
        return self.column in SHARES


FOUR_FIFTHS = "29 CFR 1607.4(D), Uniform Guidelines 1978: four-fifths"


def _m(name: str, column: Column, within: float, **more: object) -> AuditMeasure:
    return AuditMeasure.model_validate(
        {"name": name, "column": column, "within": within} | more,
    )


DEFAULT_MEASURES: tuple[AuditMeasure, ...] = (
    _m("approval", "approved", 0.8, scale="ratio", unit="share", source=FOUR_FIFTHS),
    _m("approval given risk", "approved", 0.05, given_risk=True, unit="share"),
    _m(
        "approval of those who repaid",
        "approved",
        0.8,
        among="repaid",
        scale="ratio",
        unit="share",
        source=f"{FOUR_FIFTHS}; equal opportunity, Hardt, Price and Srebro 2016",
    ),
    _m("price", "apr", 0.01, among="approved", unit="apr"),
    _m("price given risk", "apr", 0.0025, among="approved", given_risk=True, unit="apr"),
    _m("waiting", "wait_days", 0.5, unit="days"),
    _m("minutes", "minutes", 5.0, unit="minutes"),
    _m("documents asked", "checks", 0.25, unit="checks"),
    _m("questions asked", "questions", 2.0, unit="questions"),
    _m("no way back", "no_way_back", 0.05, among="not_approved", unit="share"),
    _m("calibration of PD", "pd_error", 0.02, among="observed", unit="share"),
)


class AuditSection(Document):
    """How a lender audits a strategy for fairness; everything has a default.

    `groups` names the columns that say who belongs where (empty: all that are given); `bands` cuts
    a number at the given edges; `references` names the group others are compared with (default: the
    largest). `intersections` lists pairs of columns, or "all". Intervals hold at `confidence` for
    all groups of one column at once (Bonferroni). A cell below `min_cell` people gets no verdict.
    """

    groups: tuple[str, ...] = ()
    bands: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    references: dict[str, str] = Field(default_factory=dict)
    intersections: tuple[tuple[str, str], ...] | Literal["all"] = "all"
    measures: tuple[AuditMeasure, ...] = DEFAULT_MEASURES
    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    min_cell: int = Field(default=30, ge=2)
    risk_bands: int = Field(default=10, ge=1, le=100)

    @model_validator(mode="after")
    def _sound(self) -> AuditSection:
        names = [each.name for each in self.measures]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two measures are named '{name}'")
        for column, edges in self.bands.items():
            if not edges or list(edges) != sorted(set(edges)):
                raise ValueError(f"bands of '{column}' must rise and name one edge at least")
        pairs = () if self.intersections == "all" else self.intersections
        for name in {each for pair in pairs for each in pair}:
            if self.groups and name not in self.groups:
                raise ValueError(f"'{name}' is not in groups; {did_you_mean(name, self.groups)}")
        return self


class AuditDocument(Document):
    """audit.yaml."""

    audit: AuditSection = Field(default_factory=AuditSection)
