"""Section 7: can the models be trusted."""

from __future__ import annotations

from collections.abc import Sequence

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
from equipoise.report.story import Story, thinned
from equipoise.report.trust import miscalibration, verdict
from equipoise.risk.fit_result import (
    FitResult,
    FittedModel,
    GradeCalibration,
    LossGivenDefault,
    ModelComparison,
)
from equipoise.texts.numbers import (
    aligned,
    count,
    fixed,
    percent,
    plain,
    span,
    three_decimals,
    written,
)
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("Can the models be trusted")
_COLOURS = ("blue", "gold", "teal", "violet", "rust")


def models(story: Story) -> Section:
    fit = story.fit
    if fit is None:
        return Section("models", say(TITLE), say("Models"), absent=say("the fit holds no models"))
    blocks: list[Block] = [*_answer(fit), _scores(fit.models)]
    if fit.comparison:
        blocks.append(_comparison(fit.comparison))
    blocks += _discrimination(fit.models)
    blocks += stability(story, fit.models)
    blocks += maturity(fit.maturity)
    blocks += _lgd(fit.lgd)
    for index, model in enumerate(fit.models):
        blocks += _card(story, index, model)
    return Section("models", say(TITLE), say("Models"), blocks)


def _answer(fit: FitResult) -> list[Block]:
    """The title's question, answered in a sentence."""
    trust = verdict(fit)
    notes = [note for note in fit.notes if note not in fit.experience.notes]
    others = [
        Text(say("{sentence}.", sentence=first_up(note.removesuffix(".").removesuffix("。"))))
        for note in notes
    ]
    return [Callout(trust.tone, say("Can they be trusted?"), trust.text), *others]


def _scores(fitted: Sequence[FittedModel]) -> Table:
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
    rows = [
        [
            model.name + (say(" (used for PD)") if model.used_for_pd else ""),
            say(model.kind.replace("_", " ")),
            model.split,
            *(count(size) for size in (len(model.features), model.n_train, model.n_test)),
            three_decimals(model.auc),
            span(*(three_decimals(end) for end in model.auc_interval)),
            *(three_decimals(x) for x in (model.gini, model.ks, model.h_measure, model.brier)),
        ]
        for model in fitted
    ]
    columns = (
        Column(say("Model")),
        Column(say("Kind")),
        Column(say("Split")),
        *(Column(t, numeric=True) for t in labels),
    )
    return Table("scores", say("Models on data they have not seen"), columns, rows)


def _comparison(compared: ModelComparison) -> Figure:
    a, equal, b = compared.p_a_better, compared.p_equal, compared.p_b_better
    first, second = compared.a, compared.b
    margin = say(" within {rope} of AUC", rope=plain(compared.rope))
    return Figure(
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


def _discrimination(fitted: Sequence[FittedModel]) -> list[Block]:
    figures = []
    curves = [(model.name, thinned(model.roc)) for model in fitted if len(model.roc) > 1]
    if curves:
        legend = (Key(c, n, "line") for c, (n, _) in zip(_COLOURS, curves, strict=False))
        aucs = joined(
            (say("{name} AUC {auc}", name=m.name, auc=three_decimals(m.auc)) for m in fitted),
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
        if model.calibration:
            figures.append(_calibration(index, model.name, model.calibration))
    blocks: list[Block] = [Heading(say("Discrimination and calibration")), Pair(figures)]
    tables = [t for i, m in enumerate(fitted) if (t := _calibration_table(i, m))]
    return [*blocks, *tables] if figures else []


def _calibration(index: int, name: str, rows: Sequence[GradeCalibration]) -> Figure:
    colour = _COLOURS[index % len(_COLOURS)]
    spoken = joined(
        (
            say(
                "{grade} {predicted} predicted, {observed} observed",
                grade=r.grade,
                predicted=percent(r.predicted),
                observed=percent(r.observed),
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


def _off(rows: Sequence[GradeCalibration]) -> str:
    """The grades whose interval does not hold their PD, each with the side."""
    off = [
        say("{name}: {what}", name=row.grade, what=side)
        for row in rows
        if (side := miscalibration(row))
    ]
    return say("Outside its interval: {off}.", off=joined(off, "; ")) if off else ""


def _calibration_keys(colour: str, rows: Sequence[GradeCalibration]) -> tuple[Key, ...]:
    keys = [
        Key("ink", say("PD foretold"), "line"),
        Key(colour, say("observed, with interval"), "dot"),
    ]
    if any(miscalibration(row) for row in rows):
        keys.append(Key("rust", say("its interval does not hold the PD"), "dot"))
    return tuple(keys)


def _calibration_table(index: int, model: FittedModel) -> Table | None:
    rows = model.calibration
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
    shares = [
        aligned([row.predicted for row in rows], "share"),
        aligned([row.observed for row in rows], "share"),
        aligned([row.low for row in rows], "share"),
        aligned([row.high for row in rows], "share"),
    ]
    cells = [
        [
            row.grade,
            count(row.n),
            *(column[at] for column in shares),
            three_decimals(row.p_value),
            miscalibration(row) or say("holds"),
        ]
        for at, row in enumerate(rows)
    ]
    columns = (
        Column(say("Grade")),
        *(Column(text, numeric=True) for text in labels),
        Column(say("Verdict")),
    )
    caption = say("Calibration per grade: {name}", name=model.name)
    return Table(f"calibration-table-{index}", caption, columns, cells, folded=True)


def _percent_to_tenth(share: float | None) -> str:
    return plain(None) if share is None else f"{fixed(share * 100, 1)}{written().percent}"


def _lgd(lgd: LossGivenDefault) -> list[Block]:
    text = percent(lgd.value)
    if lgd.low is not None and lgd.high is not None:
        text += say(" ({low} to {high})", low=percent(lgd.low), high=percent(lgd.high))
    if lgd.provenance:
        text = say("{value}, {how}", value=text, how=say(lgd.provenance))
    if lgd.source:
        text = say("{name}: {what}", name=text, what=lgd.source)
    text = say("{sentence}.", sentence=text)
    blocks: list[Block] = [Callout("plain", say("Loss given default."), text)]
    if lgd.by_grade:
        cells = [[row.grade, percent(row.lgd), count(row.n)] for row in lgd.by_grade]
        columns = (Column(say("Grade")), Column("LGD", True), Column(say("Defaults"), True))
        blocks.append(
            Table("lgd", say("Loss given default per grade"), columns, cells, folded=True)
        )
    return blocks


def _card(story: Story, index: int, model: FittedModel) -> list[Block]:
    blocks: list[Block] = []
    if model.monotone and model.monotone.features:
        finding = (
            say("certified over every threshold")
            if model.monotone.certified
            else say("NOT certified")
        )
        blocks.append(
            Text(
                say(
                    "{model}: monotone in {n} features, {said}.",
                    model=first_up(model.name),
                    n=count(model.monotone.features),
                    said=finding,
                )
            )
        )
    attributes = [(c, bin_) for c in model.characteristics for bin_ in c.bins]
    points = aligned([bin_.points for _, bin_ in attributes])
    rows = [
        [
            story.field(characteristic.name),
            three_decimals(characteristic.iv),
            bin_.label,
            _percent_to_tenth(bin_.share),
            _percent_to_tenth(bin_.bad_rate),
            three_decimals(bin_.woe),
            shown,
        ]
        for (characteristic, bin_), shown in zip(attributes, points, strict=True)
    ]
    if rows:
        labels = (say("Share"), say("Bad rate"), say("WoE"), say("Points"))
        columns = (
            Column(say("Characteristic")),
            Column("IV", numeric=True),
            Column(say("Attribute")),
            *(Column(text, numeric=True) for text in labels),
        )
        caption = say("Scorecard points: {name}", name=model.name)
        blocks.append(Table(f"card-{index}", caption, columns, rows, folded=True))
    return blocks
