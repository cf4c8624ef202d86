"""Section 7: can the models be trusted."""

from __future__ import annotations

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
from equipoise.report.sections.stability import maturity, stability
from equipoise.report.story import Record, Story, complete, record, records, thinned
from equipoise.report.trust import (
    miscalibration,
    verdict,
)
from equipoise.texts.numbers import (
    aligned,
    count,
    fixed,
    percent,
    plain,
    real,
    span,
    three_decimals,
    written,
)
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("Can the models be trusted")
_COLOURS = ("blue", "gold", "teal", "violet", "rust")


def models(story: Story) -> Section:
    fitted = records(story.fit, "models")
    if not fitted:
        return Section("models", say(TITLE), say("Models"), absent=say("the fit holds no models"))
    fitted = [
        {**m, "name": str(m.get("name") or say("model {i}", i=i))} for i, m in enumerate(fitted, 1)
    ]
    blocks: list[Block] = [*_answer(story), _scores(fitted), *_comparison(story)]
    blocks += _discrimination(fitted)
    blocks += stability(story, fitted)
    blocks += maturity(story)
    blocks += _lgd(story)
    for index, model in enumerate(fitted):
        blocks += _card(story, index, model)
    return Section("models", say(TITLE), say("Models"), blocks)


def _answer(story: Story) -> list[Block]:
    """The title's question, answered in a sentence."""
    trust = verdict(story)
    if trust is None:
        return []
    of_the_journey = record(story.fit, "experience").get("notes") or []
    notes = [str(n) for n in story.fit.get("notes") or [] if n not in of_the_journey]
    others = [
        Text(say("{sentence}.", sentence=first_up(note.removesuffix(".").removesuffix("。"))))
        for note in notes
    ]
    return [Callout(trust.tone, say("Can they be trusted?"), trust.text), *others]


def _scores(fitted: list[Record]) -> Table:
    labels = (
        say("Features"),
        say("Loans, train"),
        say("Loans, test"),
        "AUC",
        say("AUC interval"),
        say("Gini"),
        "KS",
        "H",
        say("Brier"),
    )
    rows = []
    for m in fitted:
        low_high = m.get("auc_interval")
        interval = span(*(three_decimals(v) for v in low_high)) if low_high else plain(None)
        rows.append(
            [
                m["name"] + (say(" (used for PD)") if m.get("used_for_pd") else ""),
                say(str(m.get("kind") or "").replace("_", " ")),
                f"{m.get('split') or ''} {m.get('window') or ''}".strip(),
                *(count(_size(m.get(k))) for k in ("features", "n_train", "n_test")),
                three_decimals(m.get("auc")),
                interval,
                *(three_decimals(m.get(k)) for k in ("gini", "ks", "h_measure", "brier")),
            ]
        )
    columns = (
        Column(say("Model")),
        Column(say("Kind")),
        Column(say("Split")),
        *(Column(t, numeric=True) for t in labels),
    )
    return Table("scores", say("Models on data they have not seen"), columns, rows)


def _size(value: object) -> object:
    return len(value) if isinstance(value, list) else value


def _comparison(story: Story) -> list[Block]:
    compared = record(story.fit, "comparison")
    shares = [real(compared.get(key)) for key in ("p_a_better", "p_equal", "p_b_better")]
    if any(share is None for share in shares):
        return []
    a, equal, b = (float(share or 0.0) for share in shares)
    first, second = str(compared.get("a") or say("first")), str(compared.get("b") or say("second"))
    rope = real(compared.get("rope"))
    margin = say(" within {rope} of AUC", rope=plain(rope)) if rope is not None else ""
    return [
        Figure(
            "comparison",
            comparison(first, second, (a, equal, b)),
            say(
                "{first} better {a}, equal {equal}, {second} better {b}.",
                first=first,
                a=percent(a),
                equal=percent(equal),
                second=second,
                b=percent(b),
            ),
            say("Is one model practically better?"),
            say(
                "Probability that {first} is better {a}, that both are equal{margin} "
                "{equal}, that {second} is better {b}.",
                first=first,
                a=percent(a),
                margin=margin,
                equal=percent(equal),
                second=second,
                b=percent(b),
            ),
            (
                Key("blue", say("{model} better", model=first)),
                Key("muted", say("practically equal")),
                Key("gold", say("{model} better", model=second)),
            ),
        )
    ]


def _discrimination(fitted: list[Record]) -> list[Block]:
    figures = []
    curves = [(m["name"], _curve(m)) for m in fitted if len(_curve(m)) > 1]
    if curves:
        legend = (Key(c, n, "line") for c, (n, _) in zip(_COLOURS, curves, strict=False))
        aucs = joined(
            (
                say("{name} AUC {auc}", name=m["name"], auc=three_decimals(m.get("auc")))
                for m in fitted
            ),
            "; ",
        )
        figures.append(
            Figure(
                "roc",
                charts.roc(curves),
                say("ROC curves. {aucs}.", aucs=aucs),
                "ROC",
                legend=tuple(legend),
            )
        )
    for index, model in enumerate(fitted):
        rows = complete(records(model, "calibration"), "predicted", "observed")
        if rows:
            figures.append(_calibration(index, model["name"], rows))
    blocks: list[Block] = [Heading(say("Discrimination and calibration")), Pair(figures)]
    tables = [t for i, m in enumerate(fitted) if (t := _calibration_table(i, m))]
    return [*blocks, *tables] if figures else []


def _curve(model: Record) -> list[list[float]]:
    roc = model.get("roc")
    points = (
        [p for p in roc if isinstance(p, list) and len(p) == 2] if isinstance(roc, list) else []
    )
    return thinned([p for p in points if all(real(v) is not None for v in p)])


def _calibration(index: int, name: str, rows: list[Record]) -> Figure:
    colour = _COLOURS[index % len(_COLOURS)]
    spoken = joined(
        (
            say(
                "{grade} {predicted} predicted, {observed} observed",
                grade=r["grade"],
                predicted=percent(r["predicted"]),
                observed=percent(r["observed"]),
            )
            for r in rows
        ),
        "; ",
    )
    return Figure(
        f"calibration-{index}",
        charts.calibration(rows, theme.SERIES[index % len(theme.SERIES)]),
        say("Calibration of {name} per grade: {spoken}.", name=name, spoken=spoken),
        say("Calibration per grade: {name}", name=name),
        _off(rows),
        legend=_calibration_keys(colour, rows),
    )


def _off(rows: list[Record]) -> str:
    """The grades whose interval does not hold their PD, each with the side."""
    off = [
        say("{name}: {what}", name=row.get("grade"), what=said)
        for row in rows
        if (said := miscalibration(row))
    ]
    return say("Outside its interval: {off}.", off=joined(off, "; ")) if off else ""


def _calibration_keys(colour: str, rows: list[Record]) -> tuple[Key, ...]:
    keys = [
        Key("ink", say("PD foretold"), "line"),
        Key(colour, say("observed, with interval"), "dot"),
    ]
    if any(miscalibration(row) for row in rows):
        keys.append(Key("rust", say("its interval does not hold the PD"), "dot"))
    return tuple(keys)


def _calibration_table(index: int, model: Record) -> Table | None:
    rows = complete(records(model, "calibration"), "predicted", "observed")
    if not rows:
        return None
    labels = (
        say("Loans"),
        say("PD foretold"),
        say("Observed"),
        say("Interval, low"),
        say("Interval, high"),
        say("p-value"),
    )
    keys = ("predicted", "observed", "low", "high")
    shares = [aligned([r.get(key) for r in rows], "share") for key in keys]
    cells = [
        [
            str(r.get("grade")),
            count(r.get("n")),
            *(column[at] for column in shares),
            three_decimals(r.get("p_value")),
            miscalibration(r) or say("holds"),
        ]
        for at, r in enumerate(rows)
    ]
    columns = (
        Column(say("Grade")),
        *(Column(text, numeric=True) for text in labels),
        Column(say("Verdict")),
    )
    caption = say("Calibration per grade: {name}", name=model["name"])
    return Table(f"calibration-table-{index}", caption, columns, cells, folded=True)


def _percent_to_tenth(value: object) -> str:
    x = real(value)
    return plain(None) if x is None else f"{fixed(x * 100, 1)}{written().percent}"


def _lgd(story: Story) -> list[Block]:
    lgd = record(story.fit, "lgd")
    if real(lgd.get("value")) is None:
        return []
    spread = ""
    if real(lgd.get("low")) is not None and real(lgd.get("high")) is not None:
        spread = say(" ({low} to {high})", low=percent(lgd["low"]), high=percent(lgd["high"]))
    text = percent(lgd["value"]) + spread
    if lgd.get("provenance"):
        text = say("{value}, {how}", value=text, how=say(str(lgd["provenance"])))
    if lgd.get("source"):
        text = say("{name}: {what}", name=text, what=lgd["source"])
    text = say("{sentence}.", sentence=text)
    blocks: list[Block] = [Callout("plain", say("Loss given default."), text)]
    if rows := complete(records(lgd, "by_grade"), "lgd"):
        cells = [[str(r.get("grade")), percent(r["lgd"]), count(r.get("n"))] for r in rows]
        columns = (Column(say("Grade")), Column("LGD", True), Column(say("Defaults"), True))
        blocks.append(
            Table("lgd", say("Loss given default per grade"), columns, cells, folded=True)
        )
    return blocks


def _card(story: Story, index: int, model: Record) -> list[Block]:
    blocks: list[Block] = []
    monotone, name = record(model, "monotone"), model["name"]
    if real(_size(monotone.get("features"))):
        n = count(_size(monotone.get("features")))
        said = (
            say("certified over every threshold")
            if monotone.get("certified")
            else say("NOT certified")
        )
        blocks.append(
            Text(
                say(
                    "{model}: monotone in {n} features, {said}.",
                    model=first_up(name),
                    n=n,
                    said=said,
                )
            )
        )
    characteristics = records(model, "characteristics")
    rows = [
        [
            story.field(str(c.get("name"))),
            three_decimals(c.get("iv")),
            str(b.get("label")),
            _percent_to_tenth(b.get("share")),
            _percent_to_tenth(b.get("bad_rate")),
            three_decimals(b.get("woe")),
        ]
        for c in characteristics
        for b in records(c, "bins")
    ]
    points = aligned([b.get("points") for c in characteristics for b in records(c, "bins")])
    rows = [[*row, shown] for row, shown in zip(rows, points, strict=True)]
    if rows:
        labels = (say("Share"), say("Bad rate"), say("WoE"), say("Points"))
        columns = (
            Column(say("Characteristic")),
            Column("IV", numeric=True),
            Column(say("Attribute")),
            *(Column(text, numeric=True) for text in labels),
        )
        caption = say("Scorecard points: {name}", name=model["name"])
        blocks.append(Table(f"card-{index}", caption, columns, rows, folded=True))
    return blocks
