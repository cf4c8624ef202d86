"""Whether the models can be trusted, in a sentence, by rules that are stated."""

from __future__ import annotations

from equipoise.report.story import Record, Story, complete, record, records
from equipoise.texts.numbers import count, percent, plain, real

# A shift is beyond both: what practice calls small, and what sampling alone explains.
MINOR_SHIFT = 0.1
STABILITY_RULE = (
    "A shift is an index above 0.1, where practice begins to speak of one, and above what "
    "sampling alone reaches in 95 of 100 cases. The mark is the higher of the two."
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
    return "PD too low" if predicted < low else "PD too high" if predicted > high else ""


def used_model(story: Story) -> Record:
    """The model that gives the PD; the first where none says so."""
    found = records(story.fit, "models")
    return next((m for m in found if m.get("used_for_pd")), found[0] if found else {})


def does_not_discriminate(story: Story) -> list[str]:
    """Names of models in use whose AUC may be 0.5."""
    model = used_model(story)
    low = _lower_end(model)
    return [str(model.get("name") or "the model")] if low is not None and low <= 0.5 else []


def _lower_end(model: Record) -> float | None:
    interval = model.get("auc_interval")
    return real(interval[0]) if isinstance(interval, list) and len(interval) == 2 else None


def verdict(story: Story) -> str:
    """One sentence on the model in use: how it ranks, whether its level holds, whether it lasts."""
    model = used_model(story)
    if not model:
        return ""
    parts = [part for part in (_ranks(model), _level(model), _lasts(model)) if part]
    bad = does_not_discriminate(story) or any(
        miscalibration(row) for row in records(model, "calibration")
    )
    opening = "With care" if bad else "Yes, on loans it had not seen"
    name = str(model.get("name") or "the model")
    if does_not_discriminate(story):
        opening = "No"
    return f"{opening}: {name} {'; '.join(parts)}." if parts else ""


def _ranks(model: Record) -> str:
    auc, low = real(model.get("auc")), _lower_end(model)
    if auc is None:
        return ""
    interval = model.get("auc_interval")
    spread = f" ({interval[0]:.3f} to {interval[1]:.3f})" if low is not None and interval else ""
    loans = real(model.get("n_test"))
    on = f" on {count(loans)} loans" if loans else ""
    if low is not None and interval and (real(interval[1]) or 1.0) < 0.5:
        return f"ranks the wrong way round, with an AUC of {auc:.3f}{spread}{on}"
    if low is not None and low <= 0.5:
        return f"may not rank at all, with an AUC of {auc:.3f}{spread}{on}"
    return f"ranks with an AUC of {auc:.3f}{spread}{on}"


def _level(model: Record) -> str:
    rows = complete(records(model, "calibration"), "predicted", "observed")
    if not rows:
        return ""
    off = [(row, said) for row in rows if (said := miscalibration(row))]
    if not off:
        return f"the observed bad rate's interval holds the PD in all {count(len(rows))} grades"
    named = ", ".join(
        f"{row.get('grade')} ({said}: {percent(row['predicted'])} foretold, "
        f"{percent(row['observed'])} came)"
        for row, said in off
    )
    return f"{count(len(off))} of {count(len(rows))} grades leave their interval: {named}"


def _lasts(model: Record) -> str:
    months = complete(records(model, "psi"), "psi")
    shifted = [str(row.get("month")) for row in months if is_shift(row, "psi")]
    if shifted:
        return f"its scores shifted in {', '.join(shifted)}"
    if months:
        return f"its scores shifted in none of {count(len(months))} months"
    overall = record(model, "psi_overall")
    index = real(overall.get("index"))
    if index is None:
        return ""
    moved = is_shift({**overall, "psi": index}, "psi")
    said = "differ" if moved else "do not differ"
    return f"scores {said} between training and test (PSI {plain(index)})"
