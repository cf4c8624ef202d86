"""Ways back for one applicant: how fast, and how many of them hold when they are decided again."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from benchmarks.recourse_peers import Dice, Optbinning, Shown, declared, reach
from benchmarks.strategies import Ground, prepare
from benchmarks.table import Result
from equipoise.errors import BadInput
from equipoise.review.recourse_audit import audit_recourse
from equipoise.strategy.engine import Strategy, load_strategy
from equipoise.strategy.recourse import find_recourse
from equipoise.workspace.strategies import STRATEGY, seal_workspace

CUTOFF = 0.16  # under it the demo's cut-offs offer a loan
OFFERED = ("approve", "counter_offer")
Record = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """What one library did for the same people."""

    milliseconds: list[float] = field(default_factory=list)
    helped: int = 0
    shown: int = 0
    own: int = 0
    turned: int = 0
    declared: int = 0

    def share(self, count: int) -> float:
        return 100 * count / max(self.shown, 1)


def run(short: bool = False) -> list[Result]:
    """Ours on the balance with 20 rules, then ours and the peers on one cut-off."""
    with tempfile.TemporaryDirectory() as name:
        ground = prepare(Path(name) / "lender", 5_000 if short else 20_000)
        balance = _own(ground.strategy, ground.applications, 60 if short else 300)
        audit = _audit(ground, 60 if short else 500)
        cutoff = _with_cutoff(ground)
        people = _people(cutoff, ground.applications, 3 if short else 20)
        return [*balance, audit, *_beside(cutoff, ground, people)]


def _own(strategy: Strategy, applications: pl.DataFrame, count: int) -> list[Result]:
    people = _turned_down(strategy, applications, count)
    score = _scored(strategy, people, _ours(strategy))
    p50, p95 = np.percentile(score.milliseconds, [50, 95])
    note = f"{count} people, {score.shown} ways, for {score.helped} of them at least one"
    valid = score.share(score.turned)
    return [
        Result("recourse on a balance, p50", p50, "ms", bar="< 50 ms", met=p50 < 50, note=note),
        Result("recourse on a balance, p95", p95, "ms"),
        Result("valid on re-decision", valid, "%", bar="100 %", met=valid == 100),
    ]


def _audit(ground: Ground, sample: int) -> Result:
    begun = time.perf_counter()
    result = audit_recourse(ground.strategy, ground.applications, by=["sex"], sample=sample)
    seconds = time.perf_counter() - begun
    share = result.without
    note = f"no way back for {share.value:.1%} ({share.low:.1%} to {share.high:.1%})"
    return Result(f"audit of {result.sampled} turned down", seconds, "s", note=note)


def _beside(strategy: Strategy, ground: Ground, people: Sequence[Record]) -> list[Result]:
    frame = ground.applications
    makers: dict[str, Callable[[], Any]] = {
        "DiCE random": lambda: Dice(strategy, frame, CUTOFF, "random"),
        "DiCE genetic": lambda: Dice(strategy, frame, CUTOFF, "genetic"),
        "optbinning": lambda: Optbinning(strategy, frame, frame["default_12m"], CUTOFF),
    }
    ours = _scored(strategy, people, _ours(strategy))
    results = []
    for name, make in makers.items():
        try:
            peer = _scored(strategy, people, make().ways)
        except ImportError:
            how = "`make bench` installs it"
            results.append(Result(f"recourse beside {name}", _p50(ours), "ms", note=how))
            continue
        results += _pair(name, ours, peer, len(people))
    return results


def _pair(name: str, ours: Score, peer: Score, people: int) -> list[Result]:
    own = f"by its own model {peer.share(peer.own):.0f} %"
    kept = f"in the declared steps and reach: ours {ours.share(ours.declared):.0f} %"
    kept += f", {name} {peer.share(peer.declared):.0f} %"
    helped = f"at least one way for {ours.helped} and {peer.helped} of {people}"
    return [
        Result("recourse at a cut-off, p50", _p50(ours), "ms", _p50(peer), name, note=helped),
        Result("valid on re-decision", ours.share(ours.turned), "%", peer.share(peer.turned), name,
               note=f"{own}; {kept}"),
    ]  # fmt: skip


def _p50(score: Score) -> float:
    return float(np.median(score.milliseconds))


def _ours(strategy: Strategy) -> Callable[[Record], list[Shown]]:
    def ways(record: Record) -> list[Shown]:
        ways = find_recourse(strategy, record)
        return [Shown({c.field: c.to for c in way.changes}, own=True) for way in ways]

    return ways


def _scored(
    strategy: Strategy, people: Sequence[Record], ways: Callable[[Record], list[Shown]]
) -> Score:
    ways(people[0])
    score = Score()
    for record in people:
        begun = time.perf_counter()
        result = ways(record)
        score.milliseconds.append((time.perf_counter() - begun) * 1e3)
        moves = reach(strategy, record)
        turned = [_turned(strategy, {**record, **each.changes}) for each in result]
        score.helped += any(turned)
        score.shown += len(result)
        score.own += sum(each.own for each in result)
        score.turned += sum(turned)
        score.declared += sum(declared(moves, each.changes) for each in result)
    return score


def _turned(strategy: Strategy, record: Record) -> bool:
    try:
        return strategy.decide(record).outcome in OFFERED
    except BadInput:  # half an enquiry is no application
        return False


def _turned_down(strategy: Strategy, applications: pl.DataFrame, count: int) -> list[Record]:
    outcomes = strategy.decide_frame(applications)["outcome"]
    chosen = applications.filter(outcomes.is_in(["decline", "refer"])).head(count)
    return list(strategy.records(chosen))


def _people(strategy: Strategy, applications: pl.DataFrame, count: int) -> list[Record]:
    """Those whom the score stops: a PD under the cut-off is what a peer can be asked for."""
    answers = strategy.decide_frame(applications)
    stopped = answers["outcome"].is_in(["decline", "refer"]) & (answers["pd"] >= CUTOFF)
    return list(strategy.records(applications.filter(stopped).head(count)))


def _with_cutoff(ground: Ground) -> Strategy:
    """The same rules and model, choosing by cut-offs of the PD."""
    path = ground.workspace.folder / STRATEGY
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    text = yaml.safe_dump({**document, "choose": "cutoff"}, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    _, sealed = seal_workspace(ground.workspace)
    return load_strategy(sealed)
