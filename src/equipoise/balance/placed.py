"""Who is given what at each place of a found balance, and what it means to each: as files.

What a person asks of a point (who is in and out against another, who gains and who loses) is
answered from these arrays, so that no balance has to be found again for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.balance.mixture import between, moved_over
from equipoise.balance.result import Balance
from equipoise.balance.swap_sets import Segment, segments, treatment_label
from equipoise.files import write_json
from equipoise.numeric.arrays import Array
from equipoise.value.measures import Measures

# What a change of terms is worth to whom: the applicant, the lender, and those who would repay.
WORTHS = ("customer_surplus", "profit", "expected_loss", "good_customers_served")
TODAY, SAME_RISK, SAME_EXPERIENCE = "today", "same_risk", "same_experience"
_ABOUT = "placed.json"


@dataclass(frozen=True, eq=False, slots=True)
class Placed:
    """Policies by the name of their place: `choice` is a position on the menu (0: no loan), each
    of `worth` a measure; all are (places, applicants). `labels` are the menu's, `segments` ways
    to part the applicants.
    """

    places: tuple[str, ...]
    labels: tuple[str, ...]
    choice: NDArray[np.integer]
    worth: Mapping[str, NDArray[np.float32]]
    segments: tuple[Segment, ...]

    @property
    def applicants(self) -> int:
        """How many there are."""
        return int(self.choice.shape[1])

    def at(self, place: str) -> int:
        """The row of a place. Raises LookupError."""
        if place not in self.places:
            raise LookupError(place)
        return self.places.index(place)

    def choice_at(self, place: str) -> NDArray[np.integer]:
        """Each applicant's position on the menu at a place, which may lie between two points.
        Raises LookupError."""
        return self._of(self.choice, place)

    def worth_at(self, name: str, place: str) -> NDArray[np.float32]:
        """A worth to each at a place, likewise."""
        return self._of(self.worth[name], place)

    def _of(self, array: NDArray[Any], place: str) -> NDArray[Any]:
        try:
            two = between(place)
        except ValueError:
            raise LookupError(place) from None
        if two is None:
            return np.asarray(array[self.at(place)])
        left, right = (self.at(name) for name in two.names)
        mixed = np.array(array[left])
        np.copyto(mixed, array[right], where=moved_over(self.applicants, two.share))
        return mixed

    def write(self, folder: Path) -> None:
        """Write all of it into the folder, one file to an array."""
        np.save(folder / "choice.npy", self.choice, allow_pickle=False)
        for name, array in self.worth.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        codes = np.stack([each.codes for each in self.segments])
        np.save(folder / "segments.npy", codes, allow_pickle=False)
        fields = [{"field": each.field, "levels": list(each.levels)} for each in self.segments]
        about = {"places": list(self.places), "labels": list(self.labels), "segments": fields}
        write_json(folder / _ABOUT, about)

    @staticmethod
    def written_at(folder: Path) -> int:
        """When it was written there, nanoseconds since 1970. Raises OSError where it is gone."""
        return (folder / _ABOUT).stat().st_mtime_ns

    @classmethod
    def open(cls, folder: Path) -> Placed:
        """What was written there; arrays stay in their files until they are read. Raises OSError
        where they are gone."""
        about = json.loads((folder / _ABOUT).read_bytes())
        codes = _mapped(folder, "segments")
        return cls(
            places=tuple(about["places"]),
            labels=tuple(about["labels"]),
            choice=_mapped(folder, "choice"),
            worth={name: _mapped(folder, name) for name in WORTHS},
            segments=tuple(
                Segment(each["field"], tuple(each["levels"]), codes[at])
                for at, each in enumerate(about["segments"])
            ),
        )


def placed(balance: Balance) -> Placed:
    """Today's policy, both moves and every point of the frontier, for everybody."""
    choices: dict[str, NDArray[np.integer]] = {
        TODAY: balance.people.today,
        SAME_RISK: balance.same_risk.choice,
    }
    if balance.same_experience is not None:
        choices[SAME_EXPERIENCE] = balance.same_experience.choice
    for at, point in enumerate(balance.frontier.points):
        choices[f"point {at + 1}"] = point.choice
    menu = balance.model.menu
    rows = [_worths(balance, choice) for choice in choices.values()]
    return Placed(
        places=tuple(choices),
        labels=tuple(treatment_label(each) for each in menu),
        choice=np.stack([_short(choice, len(menu)) for choice in choices.values()]),
        worth={name: np.stack([getattr(row, name) for row in rows], dtype=np.float32,
                              casting="same_kind") for name in WORTHS},
        segments=tuple(segments(balance.frame, balance.types)),
    )  # fmt: skip


def _worths(balance: Balance, choice: NDArray[np.integer]) -> Measures:
    return balance.model.of_choice(balance.people, choice)


def _short(choice: NDArray[np.integer], menu: int) -> NDArray[np.integer]:
    return choice.astype(np.int8 if menu <= np.iinfo(np.int8).max else np.int16)


def _mapped(folder: Path, name: str) -> Array:
    array: Array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return array


def names_of(points: Sequence[object]) -> tuple[str, ...]:
    """What the points of a frontier are called."""
    return tuple(f"point {at + 1}" for at in range(len(points)))
