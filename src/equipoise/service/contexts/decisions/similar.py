"""Past cases like one: of the same strategy and grade, the nearest by the model's own terms and the
nearest by its figure alone, and what came of them. Of others nothing is told but answers and
outcomes, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, log, sqrt
from statistics import pstdev
from typing import Any

from equipoise.errors import BadInput
from equipoise.record.personal import Unreadable
from equipoise.service.contexts.decisions.events import DecisionMade, OutcomeRecorded
from equipoise.service.contexts.decisions.models import Decision
from equipoise.service.contexts.decisions.opening import opened_for_us
from equipoise.service.contexts.decisions.recorded import DecisionView
from equipoise.service.contexts.registry.reading import Unusable, loaded
from equipoise.service.platform.record import services as record

LOOKED_AT = 300
"""Decisions of the strategy that are looked through at most, the newest first."""
NEAREST = 50
FEW = 10
"""Fewer are told as counts alone, and said to be few."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those that are near, and between which shares of all such cases that puts it
    (95 %, Wilson 1927); None where they are few."""

    count: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest by one measure (`n`): how they were answered, and what came of them, by the last
    outcome that was recorded (`open`: none yet). `apart` is how far the furthest of them lies."""

    n: int
    answers: Mapping[str, Share]
    became: Mapping[str, Share]
    apart: float | None

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True, slots=True)
class Similar:
    """Past cases of the same grade, out of how many that were looked through: the nearest
    `by_terms`, apart in standard deviations a term (None: the model says no terms of this case),
    and `by_figure`, apart in log-odds of default."""

    looked_at: int
    by_terms: Nearest | None
    by_figure: Nearest


@dataclass(frozen=True, slots=True)
class _Past:
    """A case as it was decided last."""

    chain: str
    outcome: str
    day: str | None
    facts: Mapping[str, Any]


def similar(decision: DecisionView) -> Similar:
    """The cases nearest to a decision that was opened."""
    looked_at, past = _past(decision)
    own = decision.facts or {}
    became = _became([each.chain for each in past])
    terms = _by_terms(own, _day(decision.plain), past, decision.row.digest)
    figures = _by_figure(own, past)
    return Similar(
        looked_at,
        None if terms is None else _nearest(past, terms, became),
        _nearest(past, figures, became),
    )


def _past(decision: DecisionView) -> tuple[int, list[_Past]]:
    """How many of the newest decisions were looked through, and those of the same grade."""
    rows = Decision.objects.filter(digest=decision.row.digest).exclude(
        application=decision.row.application
    )
    newest = list(rows.order_by("-id").values_list("id", "application")[:LOOKED_AT])
    wanted = {name for name, _ in newest}
    alike: dict[str, _Past] = {}
    for each in record.in_chains(sorted({chain for _, chain in newest}), DecisionMade):
        event, chain = each.event, each.entry.chain
        if event.decision not in wanted or event.made["grade"] != decision.plain["grade"]:
            continue
        try:
            facts = opened_for_us(event.facts)
        except Unreadable:  # whoever was erased is nobody's like
            continue
        alike[chain] = _Past(chain, event.made["outcome"], _day(event.made), facts)
    return len(newest), list(alike.values())


def _day(made: Mapping[str, Any]) -> str | None:
    """On which it was decided, of a decision's open part."""
    day: str | None = made["trace"].get("decided_on")
    return day


def _became(chains: Sequence[str]) -> dict[str, str]:
    """The last outcome in each chain that has one."""
    events = record.in_chains(chains, OutcomeRecorded) if chains else ()
    return {each.entry.chain: each.event.outcome for each in events}


def _by_figure(own: Mapping[str, Any], past: Sequence[_Past]) -> list[float | None]:
    """How far each lies, in log-odds of default; None where either has none."""
    here = _log_odds(own)
    there = [_log_odds(each.facts) for each in past]
    return [None if here is None or each is None else abs(each - here) for each in there]


def _log_odds(facts: Mapping[str, Any]) -> float | None:
    pd = facts.get("trace", {}).get("pd")
    return None if pd is None or not 0 < pd < 1 else log(pd / (1 - pd))


def _by_terms(
    own: Mapping[str, Any], day: str | None, past: Sequence[_Past], digest: str
) -> list[float | None] | None:
    """How far each lies, term by term: the root of the mean square of what parts them in each term
    of the model (a characteristic's points), in standard deviations of these cases. A term in which
    they are all alike parts none."""
    here = _terms(own, day, digest)
    if here is None:
        return None
    there = [_terms(each.facts, each.day, digest) for each in past]
    known = [each for each in there if each is not None]
    spread = [pstdev(column) for column in zip(*known, strict=True)] if known else []
    return [None if each is None else _distance(here, each, spread) for each in there]


def _distance(here: Sequence[float], there: Sequence[float], spread: Sequence[float]) -> float:
    varying = [n for n, wide in enumerate(spread) if wide > 0]
    squares = (((there[n] - here[n]) / spread[n]) ** 2 for n in varying)
    return sqrt(fsum(squares) / len(varying)) if varying else 0.0


def _terms(facts: Mapping[str, Any], day: str | None, digest: str) -> tuple[float, ...] | None:
    """What each characteristic adds to the log-odds of default; None where the model gave no
    figure, or its strategy cannot be had."""
    given = facts.get("application")
    if given is None or day is None:
        return None
    try:
        return loaded(digest).terms_of(given, at=date.fromisoformat(day))
    except (Unusable, BadInput):
        return None


def _nearest(
    past: Sequence[_Past], apart: Sequence[float | None], became: Mapping[str, str]
) -> Nearest:
    far = ((each, case) for each, case in zip(apart, past, strict=True) if each is not None)
    near = sorted(far, key=lambda pair: (pair[0], pair[1].chain))[:NEAREST]
    return Nearest(
        len(near),
        _shares(Counter(case.outcome for _, case in near), len(near)),
        _shares(Counter(became.get(case.chain, "open") for _, case in near), len(near)),
        max((each for each, _ in near), default=None),
    )


def _shares(counts: Mapping[str, int], n: int) -> dict[str, Share]:
    if n < FEW:
        return {name: Share(count, None, None) for name, count in counts.items()}
    import numpy as np

    from equipoise.numeric.intervals import wilson  # numbers, which no page needs at its start

    low, high = wilson(np.array([*counts.values()], dtype=float), np.full(len(counts), float(n)))
    spans = zip(counts.items(), low, high, strict=True)
    return {name: Share(count, float(a), float(b)) for (name, count), a, b in spans}
