"""What is to be rehearsed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from equipoise.rehearsal import Colleague


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be rehearsed: how many apply, by which seed, so many at once; where it is kept,
    None for a folder that goes away; how many times as fast as ours its time runs; whose law it
    heeds, by a pack's name or file, empty for none; who of the lender's sits at the desk; how many
    underwriters decide cases (`staffing.wished`, empty for none), and where time runs fast, over
    how many open hours people come."""

    applicants: int
    seed: int = 7
    at_once: int = 4
    keep: Path | None = None
    kills: int = 0
    workers: int = 1
    in_browsers: int = 0
    speed: int = 1
    law: str = ""
    desk: Sequence[Colleague] = ()
    underwriters: str = ""
    over: float = 8.0
