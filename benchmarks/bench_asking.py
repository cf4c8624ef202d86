"""Asking step by step against asking everyone for everything, judged by the lender's known truth.

All are the recommended balance of the synthetic lender, with the same model, menu of terms and
prices. The first opens the full journey alone. The second opens every journey, and each applicant
is decided again and again with the results that came in. The third, for comparison, opens every
journey too and chooses a whole one at once. All ask check after check until one stops: minutes and
costs are of those who reach each step. The price of loss is then moved until the true expected
loss is that of the first; the truth is asked for nothing else before it judges.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.table import Result
from equipoise.simulation import Terms, Truth, read_truth
from equipoise.strategy.document import AskingSection, PricedRow, StrategyDocument, Tier
from equipoise.strategy.engine import Strategy
from equipoise.strategy.sealing import seal
from equipoise.workspace import balance_workspace, fit_workspace, new_demo
from equipoise.workspace.folder import Workspace
from equipoise.workspace.strategies import fitted_parts, read_strategy, strategy_content
from equipoise.workspace.taking import from_frontier

EVERYTHING, STEPWISE = ("full",), ("fast", "standard", "full")
STEPS = AskingSection(way="step_by_step")
FORM = "application_form"
CLOSE = 1e-3  # of the loss of both
ROUNDS = 24


@dataclass(frozen=True, slots=True)
class Brought:
    """What truly came of a strategy, per applicant."""

    good_customers: float
    expected_loss: float
    minutes: float
    profit: float
    offered: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A lender with its truth, and the strategy that its frontier recommends."""

    workspace: Workspace
    document: StrategyDocument
    applications: pl.DataFrame
    truth: Truth

    def strategy(
        self, journeys: Sequence[str], dearer: float = 0.0, asking: AskingSection | None = STEPS
    ) -> Strategy:
        """The recommended one with these journeys open, and loss dearer by so much per unit."""
        balance = self.document.balance
        if balance is None:
            raise RuntimeError("the strategy was not taken from the frontier")
        row = PricedRow(
            name="matching loss",
            multiplier=abs(dearer),
            weights={"expected_loss": float(np.sign(dearer))},
        )
        document = self.document.model_copy(
            update={
                "tiers": (Tier(name="all", journeys=tuple(journeys)),),
                "balance": balance.model_copy(update={"prices": (*balance.prices, row)}),
                "asking": asking,
                "authority": None,
            }
        )
        return Strategy(
            seal(strategy_content(self.workspace, document, *fitted_parts(self.workspace)))
        )

    def brought(self, strategy: Strategy) -> Brought:
        """Ask everybody as the strategy says, until it asks for nothing more; then see."""
        if strategy.content.strategy.asking is None:
            return self._at_once(strategy)
        asked: list[tuple[str, ...]] = [()] * self.applications.height
        while True:
            known = [json.dumps(dict.fromkeys(each, "passed")) for each in asked]
            frame = self.applications.with_columns(pl.Series("checks", known))
            answers = strategy.decide_frame(frame)
            wanted = answers["next_check"].to_list()
            if not any(wanted):
                return self._judged(answers, asked)
            asked = [(*a, w) if w else a for a, w in zip(asked, wanted, strict=True)]

    def _at_once(self, strategy: Strategy) -> Brought:
        answers = strategy.decide_frame(self.applications)
        journeys = strategy.content.treatments.journeys
        checks: dict[str | None, tuple[str, ...]] = {each.name: each.checks for each in journeys}
        return self._judged(answers, [checks.get(each, ()) for each in answers["journey"]])

    def _judged(self, answers: pl.DataFrame, asked: Sequence[tuple[str, ...]]) -> Brought:
        given = answers["outcome"].is_in(["approve", "counter_offer"]).to_numpy()
        offer = answers["offers"].list.first().struct
        apr, amount, months = (
            offer.field(name).fill_null(1.0).to_numpy() for name in ("apr", "amount", "months")
        )
        ways = sorted(set(zip(asked, given.tolist(), strict=True)))
        totals = np.zeros(4)
        for way in ways:
            rows = np.array(
                [at for at, each in enumerate(zip(asked, given, strict=True)) if each == way]
            )
            terms = Terms(
                "full" if way[1] else None,
                apr[rows],
                amount[rows],
                months[rows].astype(np.int64),
            )
            result = self.truth.rows(rows).of_steps((FORM, *way[0]), terms)
            totals += [
                result.good_customers_served.sum(),
                result.expected_loss.sum(),
                result.minutes.sum(),
                result.profit.sum(),
            ]
        good, loss, minutes, profit = (totals / len(asked)).tolist()
        return Brought(good, loss, minutes, profit, float(given.mean()))


def run(short: bool = False) -> list[Result]:
    """Gain in good customers and minutes at the same true loss; then how fast it is decided."""
    seeds, applicants = ((7,), 4_000) if short else ((7, 8, 9, 10, 11), 40_000)
    pairs, dearer, at_once = [], [], []
    speed: list[Result] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            ground = _ground(Path(folder) / "demo", applicants, seed)
            base = ground.brought(ground.strategy(EVERYTHING))
            price, matched = _matched(ground, base.expected_loss, STEPS)
            pairs.append((matched, base))
            at_once.append((matched, _matched(ground, base.expected_loss, None)[1]))
            dearer.append(price)
            speed = speed or _speed(ground, short)
    return [*_results(pairs, dearer, applicants), *_besides(at_once), *speed]


def _ground(folder: Path, applicants: int, seed: int) -> Ground:
    workspace = new_demo(folder, applicants, seed)
    fit_workspace(workspace)
    balance_workspace(workspace)
    from_frontier(workspace)
    contract = workspace.contract().value
    frame = workspace.applications(contract)
    wanted = [f.name for f in contract.fields if f.use in ("feature", "identifier", "date")]
    rows = (frame.rows - 1).to_numpy()
    truth = read_truth(folder / "data").rows(rows)
    return Ground(workspace, read_strategy(workspace).value, frame.frame.select(wanted), truth)


def _matched(ground: Ground, loss: float, asking: AskingSection | None) -> tuple[float, Brought]:
    """Every journey open, at the price of loss at which the true expected loss is as given.

    The dearer loss is, the less of it is taken: the price goes up (or down) in doubling steps
    until the loss is passed, then between the last two.
    """
    price, result = 0.0, ground.brought(ground.strategy(STEPWISE, 0.0, asking))
    sign = 1.0 if result.expected_loss > loss else -1.0
    near, far, step = 0.0, None, 1.0
    for _ in range(ROUNDS):
        if abs(result.expected_loss / loss - 1) < CLOSE:
            break
        if (result.expected_loss > loss) == (sign > 0):
            near = price
        else:
            far = price
        price = near + sign * step if far is None else (near + far) / 2
        step *= 2
        result = ground.brought(ground.strategy(STEPWISE, price, asking))
    return price, result


def _results(
    pairs: Sequence[tuple[Brought, Brought]], dearer: Sequence[float], applicants: int
) -> list[Result]:
    good, minutes = _both(pairs, "good_customers"), _both(pairs, "minutes")
    loss, profit = _both(pairs, "expected_loss"), _both(pairs, "profit")
    gain = good[0] / good[1] - 1
    spared = 1 - minutes[0] / minutes[1]
    same = np.abs(loss[0] / loss[1] - 1)
    peer = "full journey"
    prices = ", ".join(f"{each:+.3f}" for each in dearer)
    return [
        Result(
            f"step by step, good customers served per 100, {len(pairs)} x {applicants:,}",
            100 * float(good[0].mean()),
            "",
            100 * float(good[1].mean()),
            peer,
            "more at the same loss",
            bool((gain > 0).all()),
            f"gain {_spread(gain)}",
        ),
        Result(
            "step by step, minutes per applicant",
            float(minutes[0].mean()),
            "min",
            float(minutes[1].mean()),
            peer,
            "fewer at the same loss",
            bool((spared > 0).all()),
            f"spared {_spread(spared)}",
        ),
        Result(
            "step by step, true expected loss per applicant",
            float(loss[0].mean()),
            "",
            float(loss[1].mean()),
            peer,
            f"the same within {CLOSE:.1%}",
            bool((same < CLOSE).all()),
            f"price of loss moved by {prices}",
        ),
        Result(
            "step by step, true profit per applicant",
            float(profit[0].mean()),
            "",
            float(profit[1].mean()),
            peer,
        ),
    ]


def _besides(pairs: Sequence[tuple[Brought, Brought]]) -> list[Result]:
    """What of the gain is due to asking step by step, not to having several journeys."""
    good, minutes = _both(pairs, "good_customers"), _both(pairs, "minutes")
    peer = "a journey at once"
    return [
        Result(
            "step by step, good customers served per 100",
            100 * float(good[0].mean()),
            "",
            100 * float(good[1].mean()),
            peer,
            note=f"gain {_spread(good[0] / good[1] - 1)}",
        ),
        Result(
            "step by step, minutes per applicant",
            float(minutes[0].mean()),
            "min",
            float(minutes[1].mean()),
            peer,
            note=f"spared {_spread(1 - minutes[0] / minutes[1])}",
        ),
    ]


def _both(
    pairs: Sequence[tuple[Brought, Brought]], name: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One figure of ours and of the peer, over the seeds."""
    return tuple(np.array([getattr(pair[at], name) for pair in pairs]) for at in (0, 1))  # type: ignore[return-value]


def _spread(shares: NDArray[np.float64]) -> str:
    return f"{shares.mean():+.1%} ({shares.min():+.1%} to {shares.max():+.1%})"


def _speed(ground: Ground, short: bool) -> list[Result]:
    """One decision with its trace, and a frame, step by step."""
    strategy = ground.strategy(STEPWISE)
    records = list(strategy.records(ground.applications.head(200 if short else 2_000)))
    for each in records[:100]:
        strategy.decide(each)
    times = []
    for each in records:
        begun = time.perf_counter()
        strategy.decide(each)
        times.append((time.perf_counter() - begun) * 1e6)
    begun = time.perf_counter()
    strategy.decide_frame(ground.applications)
    rows = ground.applications.height / (time.perf_counter() - begun)
    p50, p99 = np.percentile(times, [50, 99])
    return [
        Result("decide one step by step, p50", float(p50), "us", note=f"p99 {p99:.0f} us"),
        Result("decide a frame step by step", rows, "rows/s"),
    ]
