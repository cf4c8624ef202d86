"""The indicators of watch.yaml: what is measured, on which rows, and when it is amber or red."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from equipoise.documents import Document
from equipoise.texts.wording import Text

Kind = Literal["rate", "mean", "ratio", "expected", "distribution", "gini", "volume"]
Level = Literal["customer", "product", "portfolio", "institution", "macro", "experience"]
About = Literal["credit", "market", "operational", "policy", "data"]
Direction = Literal["up", "down", "either"]
Baseline = Literal["first", "previous", "all_before"]


class Bound(Document):
    """Where an indicator is amber or red: at a value, or at so many times its baseline."""

    at: float | None = None
    times: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_of_them(self) -> Bound:
        if (self.at is None) == (self.times is None):
            raise ValueError("a bound is a value or a multiple; give `at` or `times`, one of them")
        return self


class Hysteresis(Document):
    """Periods in a row beyond a bound before the indicator takes the colour (`enter`), and within
    it before it gives the colour up (`leave`)."""

    enter: int = Field(default=1, ge=1, le=24)
    leave: int = Field(default=1, ge=1, le=24)


class Indicator(Document):
    """One number a period, with who answers for it.

    `of` and `over` are SQL expressions of one row of `table`, `where` says which rows count:

    - `rate`: the share of rows where `of` is true;
    - `mean`: the mean of `of`;
    - `ratio`: the sum of `of` over the sum of `over`;
    - `expected`: how often `of` is true, over the sum of the chances `over`;
    - `distribution`: the stability index of `of` (PSI of a score, CSI of a characteristic);
    - `gini`: how well the number `over` puts those where `of` is true above the others;
    - `volume`: how many rows there are.

    `direction` is where it gets worse. `window` periods are pooled. `correlation` is that of the
    assets in Vasicek's model, where defaults come together more than the history shows. `guards`
    are columns that are not to be believed while this indicator is red. `weight` is its part of
    the budget of false alarms.
    """

    name: Text
    label: dict[str, Text] = Field(default_factory=dict)
    level: Level
    about: About
    table: Text
    kind: Kind
    of: Text | None = None
    over: Text | None = None
    where: Text | None = None
    direction: Direction = "up"
    window: int = Field(default=1, ge=1, le=24)
    baseline: Baseline = "first"
    against: Literal["history", "bound"] = "history"
    amber: Bound | None = None
    red: Bound | None = None
    min_n: int = Field(default=50, ge=1)
    hysteresis: Hysteresis = Field(default_factory=Hysteresis)
    bins: int = Field(default=10, ge=2, le=50)
    smoothing: float = Field(default=0.5, gt=0, le=5)
    correlation: float | None = Field(default=None, gt=0, lt=1)
    guards: tuple[Text, ...] = ()
    weight: float = Field(default=1.0, gt=0, le=100)
    owner: Text
    risk: Text | None = None

    @model_validator(mode="after")
    def _sound(self) -> Indicator:
        needs = {"rate": (1, 0), "mean": (1, 0)}
        needs |= dict.fromkeys(("ratio", "expected", "gini"), (1, 1))
        for field, wanted in zip(("of", "over"), needs.get(self.kind, (None, 0)), strict=True):
            given = getattr(self, field) is not None
            if wanted == 1 and not given:
                raise ValueError(f"'{self.name}' is a {self.kind} without `{field}`; add it")
            if wanted == 0 and given and not (field == "of" and self.kind == "distribution"):
                raise ValueError(f"'{self.name}' is a {self.kind}: `{field}` says nothing; drop it")
        if self.kind == "distribution" and (self.of is None or self.direction != "up"):
            raise ValueError(
                f"'{self.name}' is a distribution: it needs `of`, and only ever gets worse upwards"
            )
        if self.kind == "gini" and self.direction != "down":
            raise ValueError(f"'{self.name}' is a gini, which gets worse downwards; say so")
        if self.kind == "volume" and self.of is not None:
            raise ValueError(f"'{self.name}' counts rows; say which by `where`, not by `of`")
        if self.against == "bound" and (self.red is None or self.red.at is None):
            raise ValueError(f"'{self.name}' is held against a bound; give `red: {{at: ...}}`")
        if self.against == "bound" and self.direction == "either":
            raise ValueError(f"'{self.name}' is held against a bound; say `direction` up or down")
        return self

    @property
    def red_at(self) -> float:
        """The value at which it is red; of one that is held against a bound."""
        return self.red.at if self.red is not None and self.red.at is not None else float("nan")

    def called(self, language: str) -> str:
        """Its label in that language, else in English, else its name."""
        return self.label.get(language) or self.label.get("en") or self.name
