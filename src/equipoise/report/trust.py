"""Whether the models can be trusted, in a sentence, by rules that are stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from equipoise.report.story import Record, Story, complete, record, records
from equipoise.texts.numbers import count, percent, plain, real
from equipoise.texts.saying import joined, marked, say

# A shift is beyond both: what practice calls small, and what sampling alone explains.
MINOR_SHIFT = 0.1
STABILITY_RULE = marked(
    "A shift is an index above 0.1, where practice begins to speak of one, and "
    "above what sampling alone reaches in 95 of 100 cases. The mark is the "
    "higher of the two."
)


def shift_bound(row: Record) -> float:
    """The index above which a month or a feature counts as shifted."""
    return max(MINOR_SHIFT, real(row.get("bound")) or 0.0)


def is_shift(row: Record, key: str) -> bool:
    """Whether a stability index is beyond its bound: the one rule of months and features."""
    index = real(row.get(key))
    return index is not None and index > shift_bound(row)


def miscalibration(row: Record) -> str:
    """`PD too low`, `PD too high`, or nothing where the interval of the observed rate holds it."""
    predicted, low, high = (real(row.get(key)) for key in ("predicted", "low", "high"))
    if predicted is None or low is None or high is None:
        return ""
    if low <= predicted <= high:
        return ""
    return say("PD too low") if predicted < low else say("PD too high")


def used_model(story: Story) -> Record:
    """The model that gives the PD; the first where none says so."""
    models = records(story.fit, "models")
    return next((m for m in models if m.get("used_for_pd")), models[0] if models else {})


def does_not_discriminate(story: Story) -> list[str]:
    """Names of models in use whose AUC may be 0.5."""
    model = used_model(story)
    low = _lower_end(model)
    return [str(model.get("name") or say("the model"))] if low is not None and low <= 0.5 else []


def _lower_end(model: Record) -> float | None:
    interval = model.get("auc_interval")
    return real(interval[0]) if isinstance(interval, list) and len(interval) == 2 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a model can be trusted: how gravely not, and the sentence that says so."""

    tone: Literal["plain", "warn", "bad"]
    text: str


def verdict(story: Story) -> Verdict | None:
    """One sentence on the model in use: how it ranks, whether its level holds, whether it lasts.

    None where no model says anything of itself.
    """
    model = used_model(story)
    parts = [part for part in (_ranks(model), _level(model), _lasts(model)) if part]
    if not parts:
        return None
    tone, opening = _opening(story, model)
    name = str(model.get("name") or say("the model"))
    text = say(
        "{opening}: {model} {parts}.", opening=opening, model=name, parts=joined(parts, "; ")
    )
    return Verdict(tone, text)


def _opening(story: Story, model: Record) -> tuple[Literal["plain", "warn", "bad"], str]:
    if does_not_discriminate(story):
        return "bad", say("No")
    if any(miscalibration(row) for row in records(model, "calibration")):
        return "warn", say("With care")
    return "plain", say("Yes, on loans it had not seen")


def _ranks(model: Record) -> str:
    auc, low = real(model.get("auc")), _lower_end(model)
    if auc is None:
        return ""
    interval = model.get("auc_interval")
    spread = (
        say(
            " ({low} to {high})",
            low=f"{interval[0]:.3f}",
            high=f"{interval[1]:.3f}",
        )
        if low is not None and interval
        else ""
    )
    loans = real(model.get("n_test"))
    on = say(" on {loans} loans", loans=count(loans)) if loans else ""
    if low is not None and interval and (real(interval[1]) or 1.0) < 0.5:
        return say(
            "ranks the wrong way round, with an AUC of {auc}{spread}{on}",
            auc=f"{auc:.3f}",
            spread=spread,
            on=on,
        )
    if low is not None and low <= 0.5:
        return say(
            "may not rank at all, with an AUC of {auc}{spread}{on}",
            auc=f"{auc:.3f}",
            spread=spread,
            on=on,
        )
    return say("ranks with an AUC of {auc}{spread}{on}", auc=f"{auc:.3f}", spread=spread, on=on)


def _level(model: Record) -> str:
    rows = complete(records(model, "calibration"), "predicted", "observed")
    if not rows:
        return ""
    off = [(row, said) for row in rows if (said := miscalibration(row))]
    if not off:
        return say(
            "the observed bad rate's interval holds the PD in all {rows} grades",
            rows=count(len(rows)),
        )
    named = joined(
        (
            say(
                "{grade} ({said}: {predicted} foretold, {observed} came)",
                grade=row.get("grade"),
                said=said,
                predicted=percent(row["predicted"]),
                observed=percent(row["observed"]),
            )
            for row, said in off
        ),
        ", ",
    )
    return say(
        "{off} of {rows} grades leave their interval: {named}",
        off=count(len(off)),
        rows=count(len(rows)),
        named=named,
    )


def _lasts(model: Record) -> str:
    months = complete(records(model, "psi"), "psi")
    shifted = [str(row.get("month")) for row in months if is_shift(row, "psi")]
    if shifted:
        return say("its scores shifted in {shifted}", shifted=joined(shifted, ", "))
    if months:
        return say("its scores shifted in none of {months} months", months=count(len(months)))
    overall = record(model, "psi_overall")
    index = real(overall.get("index"))
    if index is None:
        return ""
    moved = is_shift({**overall, "psi": index}, "psi")
    if moved:
        return say("scores differ between training and test (PSI {index})", index=plain(index))
    return say("scores do not differ between training and test (PSI {index})", index=plain(index))
