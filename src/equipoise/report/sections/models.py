"""Section 7: can the models be trusted."""

from __future__ import annotations

from typing import Literal

from equipoise.report.blocks import (
    Block,
    Callout,
    Column,
    Figure,
    Heading,
    Key,
    Pair,
    Section,
    Table,
    Text,
)
from equipoise.report.charts import models as charts
from equipoise.report.charts import theme
from equipoise.report.charts.balance import comparison
from equipoise.report.story import Record, Story, complete, record, records, thinned
from equipoise.report.trust import (
    STABILITY_RULE,
    is_shift,
    miscalibration,
    shift_bound,
    verdict,
)
from equipoise.texts.numbers import THIN, aligned, count, fixed, percent, plain, real

TITLE = "Can the models be trusted"
_COLOURS = ("blue", "gold", "teal", "violet", "rust")
Tone = Literal["plain", "warn", "bad"]


def models(story: Story) -> Section:
    found = records(story.fit, "models")
    if not found:
        return Section("models", TITLE, "Models", absent="the fit holds no models")
    found = [{**m, "name": str(m.get("name") or f"model {i}")} for i, m in enumerate(found, 1)]
    blocks: list[Block] = [*_answer(story), _scores(found), *_comparison(story)]
    blocks += _discrimination(found)
    blocks += _stability(story, found)
    blocks += _maturity(story)
    blocks += _lgd(story)
    for index, model in enumerate(found):
        blocks += _card(story, index, model)
    return Section("models", TITLE, "Models", blocks)


def _answer(story: Story) -> list[Block]:
    """The title's question, answered in a sentence."""
    said = verdict(story)
    if not said:
        return []
    tone: Tone = "plain" if said.startswith("Yes") else "bad" if said.startswith("No:") else "warn"
    of_the_journey = record(story.fit, "experience").get("notes") or []
    notes = [str(n) for n in story.fit.get("notes") or [] if n not in of_the_journey]
    others = [Text(f"{note[:1].upper()}{note[1:].removesuffix('.')}.") for note in notes]
    return [Callout(tone, "Can they be trusted?", said), *others]


def _scores(found: list[Record]) -> Table:
    labels = (
        "Features",
        "Loans, train",
        "Loans, test",
        "AUC",
        "AUC interval",
        "Gini",
        "KS",
        "H",
        "Brier",
    )
    rows = []
    for m in found:
        low_high = m.get("auc_interval")
        interval = " to ".join(_three(v) for v in low_high) if low_high else plain(None)
        rows.append(
            [
                m["name"] + (" (used for PD)" if m.get("used_for_pd") else ""),
                str(m.get("kind") or "").replace("_", " "),
                f"{m.get('split') or ''} {m.get('window') or ''}".strip(),
                *(count(_size(m.get(k))) for k in ("features", "n_train", "n_test")),
                _three(m.get("auc")),
                interval,
                *(_three(m.get(k)) for k in ("gini", "ks", "h_measure", "brier")),
            ]
        )
    columns = (
        Column("Model"),
        Column("Kind"),
        Column("Split"),
        *(Column(t, numeric=True) for t in labels),
    )
    return Table("scores", "Models on data they have not seen", columns, rows)


def _size(value: object) -> object:
    return len(value) if isinstance(value, list) else value


def _three(value: object) -> str:
    x = real(value)
    return plain(None) if x is None else fixed(x, 3)


def _comparison(story: Story) -> list[Block]:
    found = record(story.fit, "comparison")
    shares = [real(found.get(key)) for key in ("p_a_better", "p_equal", "p_b_better")]
    if any(share is None for share in shares):
        return []
    a, equal, b = (float(share or 0.0) for share in shares)
    first, second = str(found.get("a") or "first"), str(found.get("b") or "second")
    rope = real(found.get("rope"))
    margin = f" within {plain(rope)} of AUC" if rope is not None else ""
    return [
        Figure(
            "comparison",
            comparison(first, second, (a, equal, b)),
            f"{first} better {percent(a)}, equal {percent(equal)}, {second} better {percent(b)}.",
            "Is one model practically better?",
            f"Probability that {first} is better {percent(a)}, that both are equal{margin} "
            f"{percent(equal)}, that {second} is better {percent(b)}.",
            (
                Key("blue", f"{first} better"),
                Key("muted", "practically equal"),
                Key("gold", f"{second} better"),
            ),
        )
    ]


def _discrimination(found: list[Record]) -> list[Block]:
    figures = []
    curves = [(m["name"], _curve(m)) for m in found if len(_curve(m)) > 1]
    if curves:
        legend = (Key(c, n, "line") for c, (n, _) in zip(_COLOURS, curves, strict=False))
        aucs = "; ".join(f"{m['name']} AUC {_three(m.get('auc'))}" for m in found)
        figures.append(
            Figure("roc", charts.roc(curves), f"ROC curves. {aucs}.", "ROC", legend=tuple(legend))
        )
    for index, model in enumerate(found):
        rows = complete(records(model, "calibration"), "predicted", "observed")
        if rows:
            figures.append(_calibration(index, model["name"], rows))
    blocks: list[Block] = [Heading("Discrimination and calibration"), Pair(figures)]
    tables = [t for i, m in enumerate(found) if (t := _calibration_table(i, m))]
    return [*blocks, *tables] if figures else []


def _curve(model: Record) -> list[list[float]]:
    roc = model.get("roc")
    points = (
        [p for p in roc if isinstance(p, list) and len(p) == 2] if isinstance(roc, list) else []
    )
    return thinned([p for p in points if all(real(v) is not None for v in p)])


def _calibration(index: int, name: str, rows: list[Record]) -> Figure:
    colour = _COLOURS[index % len(_COLOURS)]
    spoken = "; ".join(
        f"{r['grade']} {percent(r['predicted'])} predicted, {percent(r['observed'])} observed"
        for r in rows
    )
    return Figure(
        f"calibration-{index}",
        charts.calibration(rows, theme.SERIES[index % len(theme.SERIES)]),
        f"Calibration of {name} per grade: {spoken}.",
        f"Calibration per grade: {name}",
        _off(rows),
        legend=_calibration_keys(colour, rows),
    )


def _off(rows: list[Record]) -> str:
    """The grades whose interval does not hold their PD, each with the side."""
    off = [f"{row.get('grade')}: {said}" for row in rows if (said := miscalibration(row))]
    return f"Outside its interval: {'; '.join(off)}." if off else ""


def _calibration_keys(colour: str, rows: list[Record]) -> tuple[Key, ...]:
    keys = [Key("ink", "PD foretold", "line"), Key(colour, "observed, with interval", "dot")]
    if any(miscalibration(row) for row in rows):
        keys.append(Key("rust", "its interval does not hold the PD", "dot"))
    return tuple(keys)


def _calibration_table(index: int, model: Record) -> Table | None:
    rows = complete(records(model, "calibration"), "predicted", "observed")
    if not rows:
        return None
    labels = ("Loans", "PD foretold", "Observed", "Interval, low", "Interval, high", "p-value")
    keys = ("predicted", "observed", "low", "high")
    shares = [aligned([r.get(key) for r in rows], "share") for key in keys]
    cells = [
        [
            str(r.get("grade")),
            count(r.get("n")),
            *(column[at] for column in shares),
            _three(r.get("p_value")),
            miscalibration(r) or "holds",
        ]
        for at, r in enumerate(rows)
    ]
    columns = (
        Column("Grade"),
        *(Column(text, numeric=True) for text in labels),
        Column("Verdict"),
    )
    caption = f"Calibration per grade: {model['name']}"
    return Table(f"calibration-table-{index}", caption, columns, cells, folded=True)


def _stability(story: Story, found: list[Record]) -> list[Block]:
    figures, tables = [], []
    for index, model in enumerate(found):
        rows = complete(records(model, "psi"), "psi")
        if rows:
            figures.append(_months(index, model["name"], rows))
        if features := complete(records(model, "csi"), "csi"):
            tables.append(_csi(story, index, model["name"], features))
    if not figures and not tables:
        return []
    drawn: list[Block] = [Pair(figures)] if figures else []
    undated = "No month is known, so stability is of the test rows against the training rows."
    rule = STABILITY_RULE if figures else f"{undated} {STABILITY_RULE}"
    return [Heading("Stability over time"), Text(rule), *drawn, *tables]


def _months(index: int, name: str, rows: list[Record]) -> Figure:
    shifted = [str(row.get("month")) for row in rows if is_shift(row, "psi")]
    said = f"shift in {', '.join(shifted)}" if shifted else "no month beyond its bound"
    judged = [{**row, "alert": is_shift(row, "psi"), "bound": shift_bound(row)} for row in rows]
    return Figure(
        f"psi-{index}",
        charts.stability(judged),
        f"PSI of {name} per month: {said}.",
        f"Stability per month: {name}",
        f"{said[0].upper()}{said[1:]}.",
        (
            Key("blue", "within the bound"),
            *((Key("rust", "shift"),) if shifted else ()),
            Key("ink", "bound", "line"),
        ),
    )


def _csi(story: Story, index: int, name: str, rows: list[Record]) -> Table:
    ordered = sorted(rows, key=lambda r: -float(r["csi"]))
    cells = [
        [
            story.field(str(r.get("feature"))),
            _three(r["csi"]),
            _three(shift_bound(r)),
            "shift" if is_shift(r, "csi") else "no shift",
        ]
        for r in ordered
    ]
    columns = (Column("Feature"), Column("CSI", True), Column("Bound", True), Column("Verdict"))
    return Table(f"csi-{index}", f"Stability per feature: {name}", columns, cells, folded=True)


def _percent_to_tenth(value: object) -> str:
    x = real(value)
    return plain(None) if x is None else f"{fixed(x * 100, 1)}{THIN}%"


def _maturity(story: Story) -> list[Block]:
    found = record(story.fit, "maturity")
    rows = complete(records(found, "by_month"), "bad_rate")
    if not rows:
        return []
    note = str(found.get("note") or "Months still young had less time to go bad.")
    spoken = "; ".join(f"{r.get('month')} {percent(r['bad_rate'])}" for r in rows)
    return [
        Figure(
            "maturity",
            charts.maturity(rows),
            f"Bad rate by month of origination: {spoken}.",
            "Bad rate by month of origination",
            note,
            (Key("blue", "mature"), Key("hollow", "still young")),
        )
    ]


def _lgd(story: Story) -> list[Block]:
    lgd = record(story.fit, "lgd")
    if real(lgd.get("value")) is None:
        return []
    spread = ""
    if real(lgd.get("low")) is not None and real(lgd.get("high")) is not None:
        spread = f" ({percent(lgd['low'])} to {percent(lgd['high'])})"
    parts = [f"{percent(lgd['value'])}{spread}", str(lgd.get("provenance") or "")]
    text = ", ".join(part for part in parts if part)
    text += f": {lgd['source']}." if lgd.get("source") else "."
    blocks: list[Block] = [Callout("plain", "Loss given default.", text)]
    if rows := complete(records(lgd, "by_grade"), "lgd"):
        cells = [[str(r.get("grade")), percent(r["lgd"]), count(r.get("n"))] for r in rows]
        columns = (Column("Grade"), Column("LGD", True), Column("Defaults", True))
        blocks.append(Table("lgd", "Loss given default per grade", columns, cells, folded=True))
    return blocks


def _card(story: Story, index: int, model: Record) -> list[Block]:
    blocks: list[Block] = []
    monotone, name = record(model, "monotone"), model["name"]
    if real(_size(monotone.get("features"))):
        n = count(_size(monotone.get("features")))
        said = "certified over every threshold" if monotone.get("certified") else "NOT certified"
        blocks.append(Text(f"{name[:1].upper()}{name[1:]}: monotone in {n} features, {said}."))
    characteristics = records(model, "characteristics")
    rows = [
        [
            story.field(str(c.get("name"))),
            _three(c.get("iv")),
            str(b.get("label")),
            _percent_to_tenth(b.get("share")),
            _percent_to_tenth(b.get("bad_rate")),
            _three(b.get("woe")),
        ]
        for c in characteristics
        for b in records(c, "bins")
    ]
    points = aligned([b.get("points") for c in characteristics for b in records(c, "bins")])
    rows = [[*row, shown] for row, shown in zip(rows, points, strict=True)]
    if rows:
        labels = ("Share", "Bad rate", "WoE", "Points")
        columns = (
            Column("Characteristic"),
            Column("IV", numeric=True),
            Column("Attribute"),
            *(Column(text, numeric=True) for text in labels),
        )
        caption = f"Scorecard points: {model['name']}"
        blocks.append(Table(f"card-{index}", caption, columns, rows, folded=True))
    return blocks
