"""The `authority:` part of strategy.yaml: levels in rising order, and who may decide what."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from equipoise.documents import Document, Quantity
from equipoise.errors import did_you_mean
from equipoise.experience.calendar import WEEKDAYS
from equipoise.experience.document import CalendarSection

SYSTEM = "system"
MOST_SIGNATURES = 9
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
CODE = re.compile(r"[A-Z][A-Z0-9_]*")
Code = Annotated[str, Field(pattern=rf"^{CODE.pattern}$")]


def _names(given: Any, wanted: str) -> tuple[str, ...]:
    """One name or several, as a tuple; one message where it is neither."""
    names = (given,) if isinstance(given, str) else given
    if not isinstance(names, (list, tuple)) or not all(isinstance(one, str) for one in names):
        raise ValueError(f"give {wanted}")
    return tuple(names)


def _usual(value: float, unit: str) -> Quantity:
    return Quantity(value=value, unit=unit, source="usual value; measure your own")


class Level(Document):
    """People who may decide up to the same limits.

    `title` is what a customer reads, by language. `staff` are people, `hours_per_day` what each
    of them has for cases on a working day, `minutes_per_case` the mean work of one signature and
    `spread` its coefficient of variation. `days` are the weekdays on which they sit; all of the
    calendar's unless given.
    """

    name: Name
    title: dict[str, str] = Field(default_factory=dict)
    staff: Quantity = Field(default_factory=lambda: _usual(1, "people"))
    hours_per_day: Quantity = Field(default_factory=lambda: _usual(6, "hours"))
    minutes_per_case: Quantity = Field(default_factory=lambda: _usual(30, "minutes"))
    spread: float = Field(default=0.6, ge=0, le=5)
    days: tuple[str, ...] | None = None

    @field_validator("staff")
    @classmethod
    def _whole_people(cls, staff: Quantity) -> Quantity:
        if staff.value < 0 or staff.value != int(staff.value):
            raise ValueError("staff are whole people, 0 or more; put part-time in hours_per_day")
        return staff

    @field_validator("hours_per_day", "minutes_per_case")
    @classmethod
    def _positive(cls, quantity: Quantity) -> Quantity:
        if quantity.value <= 0:
            raise ValueError("must be above 0")
        return quantity

    @field_validator("days")
    @classmethod
    def _weekdays(cls, days: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for day in days or ():
            if day not in WEEKDAYS:
                raise ValueError(f"'{day}' is not a weekday; {did_you_mean(day, WEEKDAYS)}")
        if days == ():
            raise ValueError("name at least one weekday, or leave `days` out")
        return days

    @property
    def people(self) -> int:
        """Staff as a count."""
        return int(self.staff.value)


class MatrixRow(Document):
    """Who decides where amount, grade, exceptions and product all match.

    `up_to` is the highest amount, inclusive; none where it is null. `exceptions` are the reason
    codes a case may carry: `none`, a list, or `any`; unless given, `none` for `system` and `any`
    for people. `joint` is how many different people must sign.
    """

    up_to: float | None = Field(default=None, ge=0)
    grades: Literal["all"] | tuple[str, ...] = "all"
    exceptions: Literal["none", "any"] | tuple[str, ...] | None = None
    products: Literal["all"] | tuple[str, ...] = "all"
    level: Name
    joint: int = Field(default=1, ge=1, le=MOST_SIGNATURES)

    @field_validator("grades", "products", mode="before")
    @classmethod
    def _all_or_names(cls, given: Any) -> Any:
        return given if given == "all" else _names(given, "`all`, a name or a list of names")

    @field_validator("exceptions", mode="before")
    @classmethod
    def _word_or_codes(cls, given: Any) -> Any:
        if given is None or given in ("none", "any"):
            return given
        codes = _names(given, "`none`, `any` or a list of reason codes")
        for code in codes:
            if not CODE.fullmatch(code):
                raise ValueError(
                    f"'{code}' is no reason code; codes are written in capitals, as LOW_INCOME"
                )
        return codes

    @model_validator(mode="after")
    def _sound(self) -> MatrixRow:
        for what in ("grades", "products"):
            if getattr(self, what) == ():
                raise ValueError(f"`{what}` is empty: name some, or leave it out for all")
        if self.level == SYSTEM and self.joint > 1:
            raise ValueError(f"`{SYSTEM}` decides alone: leave `joint` out")
        if self.level == SYSTEM and self.exceptions == "any":
            raise ValueError(f"name the exceptions that `{SYSTEM}` may accept, instead of any")
        return self

    @property
    def accepts(self) -> frozenset[str] | None:
        """The exception codes a case may carry here; None where any."""
        given = self.exceptions or ("none" if self.level == SYSTEM else "any")
        if given == "any":
            return None
        return frozenset() if given == "none" else frozenset(given)


class OverrideSection(Document):
    """Decisions against the strategy's: the reasons that may be given, and the lowest level."""

    level: Name
    reasons: dict[Code, str] = Field(min_length=1)


class AuthoritySection(Document):
    """Levels, lowest first, and the matrix; the first row that holds decides.

    What no row covers goes to the highest level. `calendar` says when people work.
    """

    levels: tuple[Level, ...] = Field(min_length=1)
    matrix: tuple[MatrixRow, ...] = Field(min_length=1)
    overrides: OverrideSection | None = None
    calendar: CalendarSection = CalendarSection()

    @model_validator(mode="after")
    def _names_hold(self) -> AuthoritySection:
        names = [level.name for level in self.levels]
        for name in names:
            if name == SYSTEM:
                raise ValueError(f"`{SYSTEM}` is the automatic level: it is not declared")
            if names.count(name) > 1:
                raise ValueError(f"two levels are named '{name}'")
        for index, row in enumerate(self.matrix):
            if row.level not in (SYSTEM, *names):
                mend = did_you_mean(row.level, [SYSTEM, *names]) or f"one of {', '.join(names)}"
                raise ValueError(f"row {index + 1} names the level '{row.level}'; {mend}")
        if self.overrides and self.overrides.level not in names:
            mend = did_you_mean(self.overrides.level, names)
            raise ValueError(f"overrides name the level '{self.overrides.level}'; {mend}")
        return self

    def rank(self, level: str) -> int:
        """The place of a level, lowest 0; `system` is -1. Raises KeyError for an unknown name."""
        return -1 if level == SYSTEM else self._ranks()[level]

    def _ranks(self) -> dict[str, int]:
        return {level.name: place for place, level in enumerate(self.levels)}

    @property
    def highest(self) -> str:
        """The name of the highest level."""
        return self.levels[-1].name
