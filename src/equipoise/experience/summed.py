"""What is measured of an event log by counts and sums of its points, wherever these were added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from equipoise.documents import Quantity
from equipoise.errors import BadInput
from equipoise.experience import points as pt
from equipoise.experience.acceptance import AcceptanceSlope, band_of, slope_of
from equipoise.experience.callbacks import rate_ratio
from equipoise.experience.calls import BANDS as CALL_BANDS
from equipoise.experience.calls import ratio_of
from equipoise.experience.cells import (
    Cell,
    PointSums,
    Resource,
    count,
    ends_in_bands,
    time_in_bands,
    total,
)
from equipoise.experience.competing import hazards_of_bands, negative_durations
from equipoise.experience.document import ExperienceDocument, LogSection
from equipoise.experience.dropoff import StepDropOff, drop_off_at, hazard_of, hazards_of_days
from equipoise.experience.log import ACCEPTED, CANCELLED, OPEN
from equipoise.experience.logistic import fit_logit_on, scale_of
from equipoise.experience.segments import Stretch, nothing_yet, one_after_another
from equipoise.experience.steps import refuse_backward
from equipoise.experience.tables import (
    BANDS,
    CAUSES,
    DAYS,
    TO_OFFER,
    last_day_drawn,
    on_day,
    plain,
)
from equipoise.experience.turns import CUSTOMER, LENDER

_MINUTE, _HOUR = 60_000_000, 3_600_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SummedMeasures:
    """Of a log whose points lie elsewhere. Raises BadInput as `sessions` does."""

    def __init__(self, document: ExperienceDocument, section: LogSection, sums: PointSums) -> None:
        self.section, self._document, self._sums = section, document, sums
        once = [each for cells in sums.cells(pt.ONCE).values() for each in cells]
        self.negative = count(once, cause=1)
        if self.negative:
            steps = count(once)
            refuse_backward(section.path, self.negative, steps, sums.first_backward())
        work = {key: count(cells) for key, cells in sums.cells(pt.WORK).items()}
        complete = sum(sums.log.complete.get(name, 0) for name in work)
        self.unmatched = complete - sum(work.values())
        outcomes = sums.cells(pt.CASE)
        self._outcomes = {name: count(cells) for name, cells in outcomes.items()}
        self.closed_by_clock = sum(count(cells, bin=1) for cells in outcomes.values())
        self.without_events = 0

    def drop_offs(self, activities: Sequence[str], source: str) -> list[StepDropOff]:
        """As `step_drop_off`."""
        names = {code: name for name, code in pt.STEP_CODES.items()}
        steps, cells = [], self._sums.cells(pt.STEP)
        for at, activity in enumerate(activities):
            fates: Counter[str] = Counter()
            for each in cells.get(str(at), ()):
                fates[names[each.cause]] += each.n
            left = None
            if fates[ACCEPTED] or fates[CANCELLED]:
                whole = self._whole(pt.STEP, str(at))
                left = float(whole.incidence[0]), float(whole.variance[0])
            steps.append(drop_off_at(activity, fates, left, source))
        return steps

    def slope(self, source: str) -> AcceptanceSlope:
        """Acceptance by days to the offer."""
        yes, no = pt.CODES[ACCEPTED], pt.CODES[CANCELLED]
        cells = self._sums.cells(pt.OFFER_WAIT).get("", ())
        accepted, n = count(cells, cause=yes), count(cells, cause=yes) + count(cells, cause=no)
        squares = self._sums.squared_waits((yes, no)) / n if n else 0.0
        scale = scale_of(np.array([1.0, squares]))
        sums = self._sums.waits_to_offer((yes, no), float(scale[1]))
        return slope_of(fit_logit_on(sums, scale, n, accepted), source)

    def hazard(self, phase: str, from_day: float, source: str) -> Quantity:
        """Leaving per day of waiting for the lender."""
        spells = self._sums.cells(pt.SPELL)
        mine = [
            each
            for key, cells in spells.items()
            if key.startswith(f"{LENDER}/") and phase in ("any", key.split("/")[1])
            for each in cells
        ]
        return self._hazard(mine, from_day, source)

    def offer_tables(self) -> dict[str, Any]:
        """What became of offers, and what calls did."""
        returned = self._sums.cells(pt.RETURN_END).get("", ())
        exposure = time_in_bands(returned, BANDS, _days_as_edges)
        hazards = {}
        for at, name in enumerate(CAUSES):
            ended = [each for each in returned if each.cause == at + 1]
            events = ends_in_bands(ended, BANDS, _days_as_edges)
            hazards[name] = [asdict(band) for band in hazards_of_bands(exposure, events, BANDS)]
        calls = [self._call(at, name) for at, name in enumerate(self.section.calls)]
        return plain(
            {
                "acceptance_by_days_to_offer": [asdict(band) for band in self._bands()],
                "ends_from_offer": self._curve(pt.OFFER_END),
                "ends_from_return": self._curve(pt.RETURN_END),
                "hazards_from_return": hazards,
                "calls": [row for row in calls if row is not None],
            }
        )

    def tables(self) -> dict[str, Any]:
        """Counts, steps, waiting and ends."""
        return plain(
            {
                "counts": self._counts(),
                "steps": self._steps(),
                "bottleneck": self._bottleneck(),
                "resources": [_resource(each) for each in self._sums.resources()],
                "waits": self._waits(),
                "hazard_by_day": self._hazard_by_day(),
                "hazard_by_phase": self._hazard_by_phase(),
                "ends_from_application": self._curve(pt.ENDS),
            }
        )

    def _counts(self) -> dict[str, Any]:
        log = self._sums.log
        first, last = (_EPOCH + timedelta(microseconds=at) for at in (log.first, log.last))
        return {
            "cases": sum(self._outcomes.values()),
            "events": log.events,
            "from": str(first),
            "until": str(last),
            **{name: self._outcomes.get(name, 0) for name in (*CAUSES, OPEN)},
            "closed_by_clock": self.closed_by_clock,
        }

    def _steps(self) -> list[dict[str, Any]]:
        rework = self._sums.cells(pt.REWORK)
        queue = self._sums.cells(pt.QUEUE)
        rows = [
            {
                "activity": name,
                **_repeats(rework.get(name, ())),
                **self._times(name, "work", pt.WORK, pt.WORK_OPEN),
                **self._times(name, "queue", pt.QUEUE, pt.QUEUE_OPEN),
            }
            for name in {*rework, *queue}
        ]
        nowhere = float("-inf")
        return sorted(
            rows,
            key=lambda row: (
                row["queue_total_hours"] is None,
                -(nowhere if row["queue_total_hours"] is None else row["queue_total_hours"]),
                row["activity"],
            ),
        )

    def _times(self, activity: str, name: str, table: str, within: str) -> dict[str, Any]:
        cells = self._sums.cells(table).get(activity, ())
        values: dict[str, Any] = {}
        for label, each in ((name, table), (f"{name}_business", within)):
            parts = self._sums.cells(each).get(activity, ())
            n = count(parts)
            middle, tenth = self._sums.spread(each, activity) if n else (None, None)
            values[f"{label}_median"] = None if middle is None else middle / _MINUTE
            values[f"{label}_p90"] = None if tenth is None else tenth / _MINUTE
            values[f"{label}_mean"] = total(parts) / n / _MINUTE if n else None
        n = count(cells)
        values[f"{name}_total_hours"] = total(cells) / _HOUR if n else None
        return values | {f"{name}_n": n or None}

    def _bottleneck(self) -> dict[str, Any] | None:
        totals = {name: total(cells) for name, cells in self._sums.cells(pt.QUEUE).items()}
        everything = sum(totals.values())
        if everything <= 0:
            return None
        name = min(totals, key=lambda each: (-totals[each], each))
        return {"activity": name, "share_of_queue_time": totals[name] / everything}

    def _waits(self) -> list[dict[str, Any]]:
        by_party = self._sums.cells(pt.WAITED)
        everything = sum(total(cells) for cells in by_party.values())
        rows = []
        for party in sorted(by_party):
            n, spent = count(by_party[party]), total(by_party[party])
            middle, tenth = self._sums.spread(pt.WAITED, party)
            rows.append(
                {
                    "waits_for": party,
                    "cases": n,
                    "days_median": middle / pt.DAY,
                    "days_mean": spent / n / pt.DAY,
                    "days_p90": tenth / pt.DAY,
                    "share": spent / everything if everything > 0 else float(spent),
                }
            )
        return rows

    def _hazard_by_day(self) -> dict[str, list[dict[str, Any]]]:
        by_turn = {}
        for turn in (CUSTOMER, LENDER):
            ends = np.zeros((2, DAYS + 1), dtype=np.int64)
            for each in self._sums.cells(pt.GAP).get(turn, ()):
                ends[each.cause, each.bin] += each.n
            by_turn[turn] = [asdict(day) for day in hazards_of_days(ends[1], ends[0])]
        return by_turn

    def _hazard_by_phase(self) -> list[dict[str, Any]]:
        rows = []
        for key, cells in sorted(self._sums.cells(pt.SPELL).items()):
            turn, phase = key.split("/")
            for first_day in (0.0, 1.0):
                if any(each.most / pt.DAY > first_day for each in cells):
                    hazard = self._hazard(cells, first_day, "")
                    rows.append(
                        {"waits_for": turn, "phase": phase, "from_day": first_day}
                        | hazard.model_dump(include={"value", "low", "high"})
                    )
        return rows

    def _hazard(self, cells: Sequence[Cell], first: float, source: str) -> Quantity:
        edges, last = pt.spell_edges(self._document), self.section.close_after_days
        begun = edges.index(first) + 1
        over = len(edges) + 1 if last is None else edges.index(last) + 1
        inside = [each for each in cells if begun <= each.bin < over]
        exposure = total(inside) - count(inside) * Fraction(first) * pt.DAY
        if last is not None and last > first:
            longer = [each for each in cells if each.bin >= over]
            exposure += count(longer) * (Fraction(last) - Fraction(first)) * pt.DAY
        return hazard_of(float(count(inside, cause=1)), float(exposure / pt.DAY), source)

    def _bands(self) -> Iterable[Any]:
        names = {code: name for name, code in pt.CODES.items()}
        cells = self._sums.cells(pt.OFFER_WAIT).get("", ())
        for at in range(len(TO_OFFER) - 1):
            inside = [each for each in cells if each.bin == at + 1]
            fates: Counter[str] = Counter()
            for each in inside:
                fates[names[each.cause]] += each.n
            n = count(inside)
            mean = total(inside) / n / pt.DAY if n else None
            yield band_of(TO_OFFER[at], TO_OFFER[at + 1], mean, fates)

    def _curve(self, table: str) -> list[dict[str, Any]]:
        cells = self._sums.cells(table).get("", ())
        wrong = count(cells, bin=-1)
        if wrong:
            raise negative_durations(wrong)
        ended = [each.most for each in cells if each.cause]
        if not ended:
            return []
        days, rows = self._sums.stretches(table, ""), []
        so_far, left = nothing_yet(len(CAUSES)), count(cells)
        for day in range(last_day_drawn(max(ended) / pt.DAY) + 1):
            so_far = so_far.then(days[day]) if day in days else so_far
            at_risk = left - sum(each.n for each in cells if each.bin < day)
            rows.append(on_day(float(day), at_risk, so_far.at))
        return rows

    def _whole(self, table: str, key: str) -> Stretch:
        days = self._sums.stretches(table, key)
        return one_after_another((days[day] for day in sorted(days)), pt.CURVES[table])

    def _call(self, at: int, activity: str) -> dict[str, Any] | None:
        key = str(at)
        plain_counts = self._sums.cells(pt.CALL).get(key, ())
        before, after, entry = (
            self._sums.cells(table).get(key, ()) for table in (pt.UNCALLED, pt.CALLED, pt.CALLED_AT)
        )
        time_before, time_after = (time_in_bands(each, CALL_BANDS) for each in (before, after))
        time_after = time_after - time_in_bands(entry, CALL_BANDS)
        ratios = []
        for name in (ACCEPTED, CANCELLED):
            ended = (
                ends_in_bands([each for each in side if each.cause == pt.CODES[name]], CALL_BANDS)
                for side in (after, before)
            )
            try:
                ratios.append(rate_ratio(next(ended), time_after, next(ended), time_before))
            except BadInput:
                return None  # as in `calls`: too few ends on one side of a call
        closed = [each for each in plain_counts if each.cause != pt.CODES[OPEN]]
        called, uncalled = count(closed, bin=1), count(closed, bin=0)
        took = [each for each in closed if each.cause == pt.CODES[ACCEPTED]]
        return {
            "activity": activity,
            "called": called,
            "plain_called": count(took, bin=1) / called,
            "plain_uncalled": count(took, bin=0) / uncalled if uncalled else None,
            "accepted_ratio": ratio_of(*ratios[0]),
            "cancelled_ratio": ratio_of(*ratios[1]),
        }


def _repeats(cells: Sequence[Cell]) -> dict[str, Any]:
    cases, sessions = count(cells), total(cells)
    return {
        "cases": cases or None,
        "sessions": sessions or None,
        "repeats": (sessions - cases) / cases if cases else None,
        "repeated": count(cells, bin=1) / cases if cases else None,
    }


def _resource(each: Resource) -> dict[str, Any]:
    return {
        "resource": each.name,
        "steps": each.steps,
        "cases": each.cases,
        "sessions": each.sessions,
        "work_hours": each.spent / _HOUR,
        "work_median": each.median / _MINUTE,
    }


def _days_as_edges(day: int) -> int:
    """How many edges of BANDS, whole days all, a whole day has reached."""
    return int(np.searchsorted(np.array(BANDS), day, side="right"))
