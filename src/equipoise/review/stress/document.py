"""stress.yaml: how a book and new business follow the economy, and where its past is written."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from equipoise.documents import Document, Quantity
from equipoise.portfolio import Driver
from equipoise.texts.wording import Text

STRESS = "stress.yaml"


class MacroDriver(Document):
    """A variable of the scenario by its name there; `worse` is the direction that hurts."""

    name: Text
    worse: Literal["up", "down"]

    @property
    def driver(self) -> Driver:
        """As a satellite model takes it."""
        return Driver(self.name, 1 if self.worse == "up" else -1)


class OtherRates(Document):
    """Default rates of others, where the lender's own past is too short: a series in per cent."""

    file: Text
    source: Text


class StressDocument(Document):
    """stress.yaml. `history` are files of the economy's past, `names` what a variable of theirs is
    called in scenarios.

    `rho` is how much of a loan's fate is the economy's: a Vasicek link is used where no satellite
    can be fitted. `lgd_follows` is how much the log-odds of LGD move with those of default;
    `funding` is a rate a year on what is owed.
    """

    drivers: Annotated[tuple[MacroDriver, ...], Field(min_length=1)]
    history: Annotated[tuple[Text, ...], Field(min_length=1)]
    names: dict[str, str] = Field(default_factory=dict)
    rates: OtherRates | None = None
    rho: Quantity
    most_lag: Annotated[int, Field(ge=0, le=8)] = 4
    held_out: Annotated[int, Field(ge=4)] = 12
    lgd_follows: Quantity = Quantity(value=0.0, source="losses given default stay as they are")
    funding: Quantity = Quantity(value=0.0, source="no cost of funds is told")

    @model_validator(mode="after")
    def _numbers_make_sense(self) -> StressDocument:
        if not 0 < self.rho.value < 1:
            raise ValueError("`rho` lies above 0 and below 1; retail books have 0.03 to 0.16")
        if self.lgd_follows.value < 0:
            raise ValueError("`lgd_follows` is 0 or more: losses do not fall as defaults rise")
        return self


STRESS_DRAFT = """\
# How the book follows the economy. Everything here is a start, for its owner to confirm.
drivers:                  # variables by their names in the scenarios' files
  - {name: Unemployment rate, worse: up}
# the economy's past: the Federal Reserve's file, or series as FRED's
history: [HISTORY]
# names: {UNRATE: Unemployment rate}   # what a series is called in the scenarios
# rates: {file: DRCCLACBS.csv, source: card delinquency of all US banks}   # where your own are few
rho: {value: 0.15, provenance: assumed, source: the order of Basel's correlations (CRE31)}
most_lag: 4               # quarters; which one is chosen by its error out of time
held_out: 12              # quarters kept out for the error that is shown
lgd_follows: {value: 0.0, provenance: assumed, source: losses given default stay as they are}
funding: {value: 0.0, provenance: assumed, source: no cost of funds is told}
"""
