"""Whether the models can be trusted, in a sentence, by rules that are stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from equipoise.risk.fit_result import FitResult, FittedModel, GradeCalibration
from equipoise.texts.numbers import count, percent, plain
from equipoise.texts.saying import joined, marked, say

# A shift is beyond both: what practice calls small, and what sampling alone explains.
MINOR_SHIFT = 0.1
STABILITY_RULE = marked(
    "A shift is an index above 0.1, where practice begins to speak of one, and "
    "above what sampling alone reaches in 95 of 100 cases. The mark is the "
    "higher of the two."
)


def shift_bound(bound: float) -> float:
    """The index above which a month or a feature counts as shifted."""
    return max(MINOR_SHIFT, bound)


def is_shift(index: float, bound: float) -> bool:
    """Whether a stability index is beyond its bound: the one rule of months and features."""
    return index > shift_bound(bound)


def miscalibration(row: GradeCalibration) -> str:
    """`PD too low`, `PD too high`, or nothing where the interval of the observed rate holds it."""
    if row.low <= row.predicted <= row.high:
        return ""
    return say("PD too low") if row.predicted < row.low else say("PD too high")


def does_not_discriminate(fit: FitResult) -> list[str]:
    """Names of models in use whose AUC may be 0.5."""
    model = fit.used_model
    return [model.name] if model.auc_interval[0] <= 0.5 else []


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model can be trusted: how gravely not, and the sentence that says so."""

    tone: Literal["plain", "warn", "bad"]
    text: str


def verdict(fit: FitResult) -> Verdict:
    """One sentence on the model in use: how it ranks, whether its level holds, whether it lasts."""
    model = fit.used_model
    parts = [part for part in (_ranks(model), _level(model), _lasts(model)) if part]
    tone, opening = _opening(fit)
    text = say(
        "{opening}: {model} {parts}.",
        opening=opening,
        model=model.name,
        parts=joined(parts, "; "),
    )
    return Verdict(tone, text)


def _opening(fit: FitResult) -> tuple[Literal["plain", "warn", "bad"], str]:
    if does_not_discriminate(fit):
        return "bad", say("No")
    if any(miscalibration(row) for row in fit.used_model.calibration):
        return "warn", say("With care")
    return "plain", say("Yes, on loans it had not seen")


def _ranks(model: FittedModel) -> str:
    low, high = model.auc_interval
    auc = f"{model.auc:.3f}"
    spread = say(" ({low} to {high})", low=f"{low:.3f}", high=f"{high:.3f}")
    on = say(" on {loans} loans", loans=count(model.n_test)) if model.n_test else ""
    if high < 0.5:
        return say(
            "ranks the wrong way round, with an AUC of {auc}{spread}{on}",
            auc=auc,
            spread=spread,
            on=on,
        )
    if low <= 0.5:
        return say(
            "may not rank at all, with an AUC of {auc}{spread}{on}", auc=auc, spread=spread, on=on
        )
    return say("ranks with an AUC of {auc}{spread}{on}", auc=auc, spread=spread, on=on)


def _level(model: FittedModel) -> str:
    rows = model.calibration
    if not rows:
        return ""
    off = [(row, side) for row in rows if (side := miscalibration(row))]
    if not off:
        return say(
            "the observed bad rate's interval holds the PD in all {rows} grades",
            rows=count(len(rows)),
        )
    named = joined(
        (
            say(
                "{grade} ({said}: {predicted} foretold, {observed} came)",
                grade=row.grade,
                said=side,
                predicted=percent(row.predicted),
                observed=percent(row.observed),
            )
            for row, side in off
        ),
        ", ",
    )
    return say(
        "{off} of {rows} grades leave their interval: {named}",
        off=count(len(off)),
        rows=count(len(rows)),
        named=named,
    )


def _lasts(model: FittedModel) -> str:
    months = model.psi
    shifted = [month.month for month in months if is_shift(month.psi, month.bound)]
    if shifted:
        return say("its scores shifted in {shifted}", shifted=joined(shifted, ", "))
    if months:
        return say("its scores shifted in none of {months} months", months=count(len(months)))
    overall = model.psi_overall
    if is_shift(overall.index, overall.bound):
        return say(
            "scores differ between training and test (PSI {index})", index=plain(overall.index)
        )
    return say(
        "scores do not differ between training and test (PSI {index})", index=plain(overall.index)
    )
