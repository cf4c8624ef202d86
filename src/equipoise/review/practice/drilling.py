"""Drills of procedures: a situation, steps in order, choices and what each would lead to; and when
somebody should do one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from equipoise.documents import Document, read_document
from equipoise.texts.languages import text_in
from equipoise.texts.wording import Text

FULL = 2  # what the best choice of a step is worth
GOOD = 0.8  # the share from which a drill is known well enough to wait longer
GAPS = (2, 7, 21, 60, 120)  # days until the next time, after each time it went well in a row
Said = Annotated[dict[str, Text], Field(min_length=1)]


class Choice(Document):
    """One thing that could be done at a step: what it says, its worth (2 is right, 1 will do, 0
    does harm), and because of what, which is read once it was chosen."""

    says: Said
    worth: Annotated[int, Field(ge=0, le=FULL)]
    because: Said


class DrillStep(Document):
    """A question in the course of a situation, and what could be done."""

    asks: Said
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=5)]

    @model_validator(mode="after")
    def _one_is_right(self) -> DrillStep:
        if not any(choice.worth == FULL for choice in self.choices):
            raise ValueError(f"no choice of a step is right; give one the worth {FULL}")
        return self


class Drill(Document):
    """A situation and its steps. `roles` names whose it is; empty: everybody's."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]
    roles: tuple[Text, ...] = ()
    title: Said
    situation: Said
    steps: Annotated[tuple[DrillStep, ...], Field(min_length=1, max_length=8)]

    def is_for(self, role: str) -> bool:
        """Whether somebody of that role is to know it."""
        return not self.roles or role in self.roles

    def score(self, chosen: Sequence[int]) -> float:
        """The share of what could be had that these choices, one to a step, are worth. Raises
        IndexError for a choice that there is not, ValueError for too few or too many steps."""
        pairs = zip(self.steps, chosen, strict=True)
        return sum(step.choices[at].worth for step, at in pairs) / (FULL * len(self.steps))


class Drills(Document):
    """A file of drills."""

    drills: tuple[Drill, ...]

    @model_validator(mode="after")
    def _names_differ(self) -> Drills:
        names = [each.name for each in self.drills]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the drill '{twice[0]}' is there twice; give each its own name")
        return self


@dataclass(frozen=True, slots=True)
class Done:
    """One time that a drill was done: on which day, and how well, 0 to 1."""

    on: date
    score: float


def read_drills(path: Path) -> tuple[Drill, ...]:
    """A file's drills. Raises BadInput or Faults, by its lines."""
    return read_document(path, Drills).value.drills


@cache
def our_drills() -> tuple[Drill, ...]:
    """Those that come with us, of every role."""
    drills: list[Drill] = []
    folder = files("equipoise.review.practice").joinpath("drills")
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        with as_file(each) as path:
            drills += read_drills(path)
    return tuple(drills)


def due(done: Sequence[Done]) -> date | None:
    """The day on which a drill is due again; None where it never was done.

    Each time that it went well in a row makes the pause longer; once it does not, it begins again.
    Spaced repetition holds longer than repetition at once. Source: Cepeda and others 2006,
    Psychological Bulletin 132.
    """
    if not done:
        return None
    well = 0
    for each in done:
        well = well + 1 if each.score >= GOOD else 0
    return done[-1].on + timedelta(days=GAPS[min(max(well - 1, 0), len(GAPS) - 1)])


def said_in(said: dict[str, str], language: str) -> str:
    """The words in the language, else in English, else in whichever there is."""
    return text_in(said, language) or text_in(said, "en") or next(iter(said.values()))
