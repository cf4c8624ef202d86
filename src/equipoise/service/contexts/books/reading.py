"""What others may know: measurings of the book, and what they found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from equipoise.service.contexts.books.models import Measuring, Of, State
from equipoise.service.contexts.books.numbers import NumberShown, number_shown
from equipoise.service.contexts.books.packs import PackShown, PacksOfBook, packs_of_book
from equipoise.service.contexts.books.running import SCENARIOS
from equipoise.service.platform import clock
from equipoise.service.platform.accounts.permissions import Principal

if TYPE_CHECKING:
    from equipoise.portfolio import Number
    from equipoise.review.stress.result_document import StressResult

__all__ = [
    "BookLimits",
    "LimitUsed",
    "NumberShown",
    "PackShown",
    "PacksOfBook",
    "Shown",
    "book",
    "book_of_tape",
    "has_tape",
    "limits",
    "measuring",
    "newest",
    "number",
    "packs",
    "scenario_files",
    "stress",
]
_SHOWN = 30
_ENDINGS = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class Shown:
    """A measuring and how far it is: `done` of its present `step`, 0..1."""

    id: int
    of: str
    scenarios: tuple[str, ...]
    limits: tuple[str, ...]
    asked_by: str
    state: str
    step: str
    done: float
    fault: str
    sha256: str
    made_at: datetime

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == State.QUEUED


@dataclass(frozen=True, slots=True)
class LimitUsed:
    """A limit on one name or segment: `use` is exposure over limit (1 is all), `ahead` the use
    a year on if the flow goes on, None without a history."""

    name: str
    of: str
    exposure: float
    limit: float
    use: float
    ahead: float | None


@dataclass(frozen=True, slots=True)
class BookLimits:
    """Limits of the book of `as_of`, as a measuring found them, in the tape's currency."""

    measuring: int
    measured_at: datetime
    as_of: str
    currency: str
    uses: Sequence[LimitUsed]


def scenario_files() -> list[str]:
    """The names of the workspace's files of scenarios."""
    folder = Path(settings.CONFIGURATION.workspace) / SCENARIOS
    if not folder.is_dir():
        return []
    return sorted(e.name for e in folder.iterdir() if e.suffix in _ENDINGS and e.is_file())


def has_tape() -> bool:
    """Whether the workspace has a loan tape."""
    return (Path(settings.CONFIGURATION.workspace) / "tape.yaml").is_file()


def newest(of: str) -> list[Shown]:
    """Measurings of a kind, the newest first."""
    rows = Measuring.objects.filter(of=of).defer("result").order_by("-pk")[:_SHOWN]
    return [_shown(each) for each in rows]


def measuring(measuring_id: int) -> Shown:
    """One measuring. Raises DoesNotExist."""
    return _shown(Measuring.objects.defer("result").get(pk=measuring_id))


def book(measuring_id: int) -> dict[str, Any]:
    """What a measuring of the book found, as `portfolio report --json` tells it. Raises
    DoesNotExist where none is done, or by another version, whose figures are read no more."""
    from equipoise.portfolio import measured_shape  # large

    measured: dict[str, Any] = json.loads(_result(measuring_id, Of.PORTFOLIO))
    if measured.get("shape") != measured_shape():
        raise Measuring.DoesNotExist
    return measured


def book_of_tape(tape: Sequence[str]) -> tuple[int, dict[str, Any]] | None:
    """The newest measuring of a book of these deliveries, by their digests, and what it found; None
    where there is none."""
    done = Measuring.objects.filter(of=Of.PORTFOLIO, state=State.DONE).order_by("-pk")
    for each in done.values_list("pk", flat=True)[:_SHOWN]:
        try:
            measured = book(each)
        except Measuring.DoesNotExist:
            continue
        if sorted(e["sha256"] for e in measured["deliveries"]) == sorted(tape):
            return each, measured
    return None


def number(measuring_id: int, of: Number, page: int, by: Principal) -> NumberShown | None:
    """A number of a measuring with its query and part `page` of its rows, a look of whoever asks;
    None where it has no such number. Raises DoesNotExist as `book` does."""
    return number_shown(book(measuring_id), measuring_id, of, page, by)


def packs() -> PacksOfBook:
    """The packs of rules at hand, as they hold on the last day of the book that was measured last,
    or today where none was."""
    row = _last_measured()
    month = "" if row is None else json.loads(row.result)["summary"]["as_of"]
    return packs_of_book(month, clock.now().date())


def limits() -> BookLimits | None:
    """The limits of the book as it was measured last, the most used first; None where it was not
    measured, or has no limit."""
    row = _last_measured()
    if row is None:
        return None
    result = json.loads(row.result)
    uses = sorted((_limit(each) for each in result["limits"]), key=lambda each: -each.use)
    summary = result["summary"]
    made = BookLimits(row.pk, row.made_at, summary["as_of"], summary["currency"], tuple(uses))
    return made if uses else None


def stress(measuring_id: int) -> StressResult:
    """What a stress test found. Raises DoesNotExist where none is done, or by another version,
    whose figures are read no more."""
    from pydantic import ValidationError

    from equipoise.review.stress.result_document import StressResult

    try:
        return StressResult.model_validate_json(_result(measuring_id, Of.STRESS))
    except ValidationError:
        raise Measuring.DoesNotExist from None


def _last_measured() -> Measuring | None:
    return Measuring.objects.filter(of=Of.PORTFOLIO, state=State.DONE).order_by("-pk").first()


def _result(measuring_id: int, of: Of) -> str:
    text: str = Measuring.objects.get(pk=measuring_id, of=of, state=State.DONE).result
    return text


def _limit(row: dict[str, Any]) -> LimitUsed:
    forecast = row["forecast"]
    return LimitUsed(
        row["name"],
        row["of"],
        row["exposure"],
        row["limit"],
        row["use"],
        forecast[-1] if forecast else None,
    )


def _shown(row: Measuring) -> Shown:
    return Shown(
        row.pk, row.of, tuple(row.scenarios.splitlines()), tuple(row.limits.splitlines()),
        row.asked_by, row.state, row.step, row.share, row.fault, row.sha256, row.made_at,
    )  # fmt: skip
