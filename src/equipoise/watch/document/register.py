"""The register of risks, the people and the duties of watch.yaml."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from equipoise.documents import Document
from equipoise.texts.languages import text_in
from equipoise.texts.wording import Text

RiskClass = Literal["credit", "market", "operational", "policy"]
_UNTOLD = "und"  # a language that nobody names, as BCP 47 has it
Every = Literal["month", "quarter", "half_year", "year"]


class Person(Document):
    """Who answers: a person or a desk, its department, and who stands in."""

    id: Text
    department: Text = "risk"
    deputy: Text | None = None


class Grade(Document):
    """A grade from 1 to 5: read off an indicator, or judged by somebody on a day.

    Read off, it is 1 and one more for each of the four `steps` that the indicator's value passes;
    steps fall where it gets worse downwards.
    """

    indicator: Text | None = None
    steps: tuple[float, float, float, float] | None = None
    judged: int | None = Field(default=None, ge=1, le=5)
    by: Text | None = None
    day: date | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Grade:
        read_off = self.indicator is not None and self.steps is not None
        judged = None not in (self.judged, self.by, self.day)
        stray = (self.judged, self.by, self.day) if read_off else (self.indicator, self.steps)
        if read_off == judged or any(each is not None for each in stray):
            raise ValueError(
                "a grade is measured or judged; give `indicator` and `steps`, or `judged`, `by` "
                "and `day`"
            )
        if self.steps is not None and not _steady(self.steps):
            raise ValueError("the four steps must rise, or fall; none is like another")
        return self

    @property
    def is_measured(self) -> bool:
        """Whether it is read off an indicator."""
        return self.indicator is not None

    def at(self, value: float | None) -> int | None:
        """The grade; of a measured one at the indicator's value, None where that is not known."""
        if self.steps is None:
            return self.judged
        if value is None:
            return None
        up = self.steps[0] < self.steps[-1]
        return 1 + sum(value >= step if up else value <= step for step in self.steps)


def _steady(steps: tuple[float, ...]) -> bool:
    rising, falling = sorted(set(steps)), sorted(set(steps), reverse=True)
    return list(steps) in (rising, falling)


class Control(Document):
    """What holds a risk down, and how it is tested."""

    name: Text
    test: Text
    tested: date | None = None
    works: bool | None = None

    @model_validator(mode="after")
    def _dated(self) -> Control:
        if (self.tested is None) != (self.works is None):
            raise ValueError(f"'{self.name}': a test has a day and a result; give both or neither")
        return self


class Risk(Document):
    """A risk the lender knows of. `appetite` is the highest score (probability times impact, 1 to
    25) that it will live with; `residual` is what the controls leave. `cause` is a text, or one in
    each language."""

    name: Text
    label: dict[str, Text] = Field(default_factory=dict)
    class_: RiskClass = Field(alias="class")
    cause: dict[str, Text] = Field(min_length=1)
    owner: Text
    probability: Grade
    impact: Grade
    appetite: int = Field(ge=1, le=25)
    controls: tuple[Control, ...] = ()
    residual: Grade | None = None
    reviewed: date
    review_every: Every = "quarter"

    @field_validator("cause", mode="before")
    @classmethod
    def _in_one_language(cls, cause: Any) -> Any:
        return {_UNTOLD: cause} if isinstance(cause, str) else cause

    def caused_by(self, language: str) -> str:
        """Its cause in that language, else in the first that it is written in."""
        return text_in(self.cause, language) or next(iter(self.cause.values()))


class Duty(Document):
    """What somebody answers on schedule: the questions of a screening, from a first day on, within
    so many days. Where it is about a `risk`, the answer says what the controls leave of that."""

    name: Text
    owner: Text
    every: Every
    since: date
    asks: tuple[Text, ...] = Field(min_length=1, max_length=30)
    within_days: int = Field(default=14, ge=1, le=28)
    risk: Text | None = None
