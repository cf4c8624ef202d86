"""What was measured, as it would stand in experience.yaml: a proposal that somebody else accepts.

The text is changed in one place; every other byte of it stays. A proposal carries the digest of the
text it was made for: accepted later, it is made anew on the text of then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from pydantic import ValidationError

from equipoise.document_edits import Path, part_at, with_part
from equipoise.documents import Quantity
from equipoise.errors import BadInput, did_you_mean
from equipoise.experience.document import ExperienceDocument
from equipoise.experience.takeup import COEFFICIENTS

FROM_OFFERS = ("take_up.price", "take_up.amount")
"""Inputs that the offers of a trial's own arms measure (`review.learning.arms`)."""
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Measurement:
    """What an experiment found of an input: the value with its 95 % interval, of how many outcomes,
    on which day, and by what (a trial's name, a count)."""

    input: str
    value: float
    low: float
    high: float
    outcomes: int
    on: date
    by: str

    def quantity(self, unit: str = "") -> Quantity:
        """As a document has it, with its provenance. Raises BadInput for no interval around it."""
        if not self.low <= self.value <= self.high:
            raise BadInput(
                f"{self.value:g} lies outside its interval {self.low:g} to {self.high:g}",
                field=self.input,
            )
        source = f"{self.by}, {self.outcomes:,} outcomes, known on {self.on.isoformat()}"
        return Quantity(
            value=_short(self.value),
            low=min(_short(self.low), _short(self.value)),
            high=max(_short(self.high), _short(self.value)),
            provenance="measured",
            source=source,
            unit=unit,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """One input of experience.yaml before and after, and the whole text after.

    `was` is None where the document says nothing of it, or "measured" where it is fitted.
    """

    measurement: Measurement
    was: Quantity | str | None
    becomes: Quantity
    digest: str
    text: str


def proposal(text: str, measurement: Measurement) -> Proposal:
    """What the document would be with that measured.

    Raises BadInput for an input that stands elsewhere, that the document has not, or a value that
    it cannot have.
    """
    path = place_in_experience(text, measurement.input)
    was = _before(part_at(text, path))
    unit = was.unit if isinstance(was, Quantity) else ""
    becomes = measurement.quantity(unit)
    said: dict[str, Any] = {
        key: value for key, value in becomes.model_dump().items() if value not in ("", None)
    }
    comment = f"measured {measurement.on.isoformat()}"
    if isinstance(was, Quantity):
        comment += f"; was {was.provenance}, {was.value:g}"
    if part_at(text, path[:-1]) is None:  # `waiting` may be left out whole
        path, said = path[:-1], {str(path[-1]): said}
    changed = with_part(text, path, said, comment)
    _check(changed, measurement)
    return Proposal(measurement, was, becomes, digest_of(text), changed)


def digest_of(text: str) -> str:
    """The SHA-256 of a document's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def place_in_experience(text: str, name: str) -> Path:
    """Where an input stands in experience.yaml, as `ExperienceFit.quantities` names it."""
    data = part_at(text, ())
    if not isinstance(data, dict):
        raise BadInput("experience.yaml is empty", field=name)
    room, _, rest = name.partition(".")
    if room in {"steps", "checks"}:
        whose, _, part = rest.rpartition(".")
        names = [str(each.get("name")) for each in data.get(room) or () if isinstance(each, dict)]
        if whose not in names:
            raise BadInput(
                f"experience.yaml has no '{name}'",
                field=name,
                mend=did_you_mean(whose, names),
            )
        return room, names.index(whose), part
    if (room == "take_up" and rest in COEFFICIENTS) or name == "waiting.hazard_per_day":
        return room, rest
    raise BadInput(
        f"'{name}' does not stand in experience.yaml",
        field=name,
        mend="write it into risk.yaml or treatments.yaml, where it stands",
    )


def _before(part: object) -> Quantity | str | None:
    if part is None or isinstance(part, str):
        return part
    return Quantity.model_validate(part)


def _check(text: str, measurement: Measurement) -> None:
    try:
        ExperienceDocument.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        message = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadInput(
            f"'{measurement.input}' cannot be {measurement.value:g}: {message}",
            field=measurement.input,
        ) from None


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
