"""What the commands of a trial end with: tables for a person, or one JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from equipoise.cli.printing import document, line, table
from equipoise.review.trials.planning import Plan
from equipoise.review.trials.trial_result import MeasureResult, TrialResult
from equipoise.strategy.exploring.split import CHAMPION, Split

GOALS = {"differs": "differs by", "no_worse": "no worse by"}
FOUND = {
    "harm": "✗ worse than tolerated",
    "worse": "✗ worse",
    "safe": "✓ within what is tolerated",
    "better": "✓ better",
    "open": "? open",
    "too_few": "? too few outcomes",
}
ANSWERS = {
    "stop_for_harm": "✗ stop: it does harm",
    "ship": "✓ ship",
    "go_on": "? go on",
    "not_enough_evidence": "? not enough evidence, though the plan has ended",
}


def planned(plan: Plan, *, as_json: bool) -> None:
    """Outcomes and days, and what another share would take."""
    if as_json:
        document(plan.as_dict())
        return
    parts = [
        {
            "champion's rate": f"{size.question.base:.2%}",
            "to find": f"{GOALS[size.question.goal]} {size.question.difference:.2%}",
            "outcomes, looked at once": f"{size.once:,}",
            "outcomes, watched": f"{size.watched:,}",
            "the champion's by then": f"{size.champion:,}",
            "days of applicants": f"{size.recruiting:,.0f}",
            "days until known": f"{size.days:,.0f}",
        }
        for size in plan.sizes
    ]
    _upright("The challenger's outcomes", [size.question.name for size in plan.sizes], parts)
    line(
        f"{plan.confidence:.0%} confidence for all together, {plan.power:.0%} power for each, "
        f"watched at any time; most trials end sooner."
    )
    line(
        f"Split applicants for {plan.recruiting:,.0f} days; all is known after {plan.days:,.0f}. "
        f"Monitor with --planned {max(size.watched for size in plan.sizes)}."
    )
    table(
        "Days by the challenger's share",
        ("", *(f"{share:.0%}" for share in plan.by_share)),
        [["days", *(f"{days:,.0f}" for days in plan.by_share.values())]],
    )


def assigned(split: Split, frame: pl.DataFrame, output: Path | None, *, as_json: bool) -> None:
    """How many go where, and who moves when shares grow."""
    counts = _counts(frame, "arm")
    moves = _moves(frame) if "then" in frame.columns else []
    if as_json:
        document(
            {
                "experiment": split.experiment,
                "applicants": frame.height,
                "shares": split.shares(),
                "counts": counts,
                "without_id": frame["id"].null_count(),
                "moves": moves,
                "output": str(output) if output else None,
            }
        )
        return
    rows = []
    for arm, share in split.shares().items():
        people = counts.get(arm, 0)
        part = people / max(frame.height, 1)
        rows.append([arm, f"{share:.2%}", f"{people:,}", f"{part:.2%}"])
    table(
        f"{split.experiment}: {frame.height:,} applicants",
        ("", "share", "applicants", "of all"),
        rows,
    )
    if moves:
        table(
            "Who moves",
            ("from", "to", "applicants"),
            [[each["from"], each["to"], f"{each['applicants']:,}"] for each in moves],
        )
    if frame["id"].null_count():
        line(f"{frame['id'].null_count():,} have no id: the champion serves them.")
    if output is not None:
        line(f"Written to {output}")


def monitored(trial: TrialResult, page: Path | None, *, as_json: bool) -> None:
    """An answer per challenger, and what each measure says."""
    if as_json:
        document({**trial.as_dict(), "html": str(page) if page else None})
        return
    for each in trial.challengers:
        _upright(
            f"{each.challenger} against the champion, until {trial.until}",
            [measure.name for measure in each.measures],
            [_measure(m, each.challenger, trial.confidence) for m in each.measures],
        )
        line(f"Answer for {each.challenger}: {ANSWERS[each.answer]}")
    ratio = trial.sample_ratio
    counts = ", ".join(f"{arm} {count:,}" for arm, count in sorted(trial.applicants.items()))
    if ratio.broken:
        line(f"✗ The arms are not filled by their shares ({counts}): find out why before reading.")
    elif ratio.evidence is None:
        line(
            f"Whether the arms are filled by their shares was not checked ({counts}): add --share."
        )
    else:
        line(f"✓ The arms are filled by their shares ({counts}).")
    if page is not None:
        line(f"Page: {page}")


def _upright(title: str, names: Sequence[str], parts: Sequence[Mapping[str, str]]) -> None:
    """A table with a column to each name, so that it stays narrow."""
    rows = [[label, *(part[label] for part in parts)] for label in parts[0]]
    table(title, ("", *names), rows)


def _measure(measure: MeasureResult, name: str, confidence: float) -> dict[str, str]:
    def said(value: float | None, sign: str = "") -> str:
        return "–" if value is None else f"{value:{sign}.3g}"

    worse = "at least -" if measure.higher_is_better else "at most +"
    goal = "must rise" if measure.higher_is_better else "must fall"
    spread = f"{said(measure.low, '+')} to {said(measure.high, '+')}"
    return {
        "outcomes": f"{measure.challenger.outcomes:,}",
        CHAMPION: said(measure.champion.mean),
        name: said(measure.challenger.mean),
        "difference": said(measure.difference, "+"),
        f"{confidence:.0%}, every look": "–" if measure.low is None else spread,
        "limit": goal if measure.tolerated is None else f"{worse}{measure.tolerated:g}",
        "found": FOUND[measure.found],
        "since": measure.since or "–",
    }


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return {str(arm): int(n) for arm, n in frame[column].value_counts().iter_rows()}


def _moves(frame: pl.DataFrame) -> list[dict[str, Any]]:
    moved = frame.filter(pl.col("arm") != pl.col("then"))
    counted = moved.group_by("arm", "then").len().sort("arm", "then")
    return [
        {"from": one, "to": two, "applicants": count} for one, two, count in counted.iter_rows()
    ]
