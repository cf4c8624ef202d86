"""watch.yaml as a whole."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from equipoise.documents import Document
from equipoise.texts.wording import Text
from equipoise.watch.document.alerting import AlertsSection
from equipoise.watch.document.indicators import Indicator
from equipoise.watch.document.register import Duty, Person, Risk

ColumnType = Literal["number", "integer", "string", "boolean", "date"]


class Table(Document):
    """Rows by period: a file, the column that says which period, and the columns' types.

    `entity` is the column of whose row it is, where the same one comes back in each period.
    `rests_on` says which columns were made from which: where one is not to be believed, neither is
    what was made from it. `due_days` after a period's end its rows are to be there.
    """

    name: Text
    data: Text
    period: Text
    columns: dict[str, ColumnType] = Field(min_length=1)
    entity: Text | None = None
    rests_on: dict[str, tuple[Text, ...]] = Field(default_factory=dict)
    due_days: int | None = Field(default=None, ge=0, le=366)


class Budget(Document):
    """How many alarms a year may be false, over all indicators together, if nothing changes."""

    false_reds: float = Field(default=1.0, gt=0, le=1_000)
    false_ambers: float = Field(default=12.0, gt=0, le=10_000)


class Backtest(Document):
    """What warnings are held against: a loan's first `event`, within `horizon` periods of them.

    `alert_cost` is money spent on an alert, `saved` what a warning in time saves on average.
    `outcome` names the indicator whose reds are the episodes that others should foretell.
    """

    table: Text
    event: Text
    horizon: int = Field(default=6, ge=1, le=36)
    alert_cost: float = Field(gt=0)
    saved: float = Field(gt=0)
    outcome: Text | None = None


class BorrowerSection(Document):
    """Who is watched one by one: a table of one row for each borrower and period, and the columns
    of the signs in it. `listed` is the share of borrowers that the list may hold, `horizon` in
    periods.
    """

    table: Text
    days: Text
    inflow: Text | None = None
    utilisation: Text | None = None
    minimum_only: Text | None = None
    enquiries: Text | None = None
    unemployment: Text | None = None
    horizon: int = Field(default=3, ge=1, le=24)
    listed: float = Field(default=0.1, gt=0, le=0.5)

    @property
    def signs(self) -> dict[str, str]:
        """The column of each sign that there is."""
        names = ("days", "inflow", "utilisation", "minimum_only", "enquiries", "unemployment")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


Every = Literal["day", "week", "month", "quarter"]
_A_YEAR: dict[Every, int] = {"day": 365, "week": 52, "month": 12, "quarter": 4}


class WatchDocument(Document):
    """What is watched, once `every` day, week, month or quarter. The first `history` of these
    periods are the first baseline."""

    begun_by: ClassVar[str] = "have one drafted with `equipoise watch draft`"

    name: Text
    version: int = Field(default=1, ge=1)
    history: int = Field(default=24, ge=6, le=240)
    every: Every = "month"
    budget: Budget = Field(default_factory=Budget)
    people: tuple[Person, ...] = Field(min_length=1)
    tables: tuple[Table, ...] = Field(min_length=1)
    indicators: tuple[Indicator, ...] = ()
    risks: tuple[Risk, ...] = ()
    duties: tuple[Duty, ...] = ()
    alerts: AlertsSection = Field(default_factory=AlertsSection)
    backtest: Backtest | None = None
    borrowers: BorrowerSection | None = None

    @property
    def periods_a_year(self) -> int:
        """How many periods a year has."""
        return _A_YEAR[self.every]

    def table(self, name: str) -> Table:
        """The table of that name."""
        return next(each for each in self.tables if each.name == name)
