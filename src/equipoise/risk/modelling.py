"""One section of risk.yaml to one fitted model, at the level that the lender declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from equipoise.documents import Quantity
from equipoise.numeric.arrays import Array, BoolArray, IntArray
from equipoise.risk.assessment import characteristics_table
from equipoise.risk.boosted import Boosted
from equipoise.risk.boosted_fit import BoostedOptions, fit_boosted, refit_boosted
from equipoise.risk.document import (
    BoostedSection,
    ExternalSection,
    ModelSection,
    OwnSection,
    RiskDocument,
    ScorecardSection,
)
from equipoise.risk.drawn import drawn, drawn_note
from equipoise.risk.external.binding import External
from equipoise.risk.external.fitting import fit_external, refit_external
from equipoise.risk.features import FeatureSet
from equipoise.risk.level import at_level, brought_to
from equipoise.risk.model import RiskModel
from equipoise.risk.outcome import KnownOutcomes
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.scorecard_fit import ScorecardOptions, fit_scorecard_on
from equipoise.risk.split import TrainTest, inner_folds
from equipoise.risk.table import FeatureTable, FrameTable

Advance = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class ModelData:
    """What every model is fitted and judged on; arrays are (n,), `table` holds the features."""

    features: FeatureSet
    table: FeatureTable
    outcomes: KnownOutcomes
    split: TrainTest
    customers: IntArray | None = None  # row of the customer's first application

    @property
    def train(self) -> BoolArray:
        """Rows a model learns from."""
        return np.asarray(self.split.train & self.outcomes.known)

    @property
    def test(self) -> BoolArray:
        """Rows a model is judged on."""
        return np.asarray(self.split.test & self.outcomes.judged)

    def subset(self, rows: Array, names: Sequence[str]) -> ModelData:
        """The same for some rows, given by number, with the features of these names."""
        split, outcomes = self.split, self.outcomes
        months = None if split.months is None else split.months[rows]
        return ModelData(
            self.features,
            FrameTable(self.table.some(rows, names)),
            replace(
                outcomes,
                bad=outcomes.bad[rows],
                known=outcomes.known[rows],
                judged=outcomes.judged[rows],
                weight=outcomes.weight[rows],
                sample=None if outcomes.sample is None else outcomes.sample[rows],
            ),
            replace(split, train=split.train[rows], test=split.test[rows], months=months),
            None if self.customers is None else self.customers[rows],
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model as fitted, the same at the declared level, and what to say about it."""

    raw: RiskModel
    model: RiskModel
    entry: dict[str, Any]


def fit_model(
    section: ModelSection,
    document: RiskDocument,
    data: ModelData,
    tendency: Quantity | None,
    *,
    externals: Mapping[str, External],
    threads: int,
    advance: Advance,
) -> Fitted:
    """Fit one model on the training rows and bring its mean PD to the central tendency.

    `externals` are the lender's own, by name, as delivered: they are calibrated if asked.
    """
    rows = np.flatnonzero(data.train)
    if isinstance(section, ScorecardSection):
        return _fit_card(section, document, data, tendency, rows=rows, advance=advance)
    months = None if data.split.months is None else data.split.months[rows]
    seed = section.seed if isinstance(section, BoostedSection) else 0
    taken = drawn(rows, data.outcomes.bad[rows], months, data.table.most_whole, seed)
    if isinstance(section, ExternalSection):
        external = externals[section.name]
        fitted = _fit_external(section, data, tendency, rows=taken, external=external)
    else:
        fitted = _fit_trees(
            section,
            document,
            data,
            tendency,
            rows=rows,
            taken=taken,
            options=boosted_options(section, data.features.directions, threads),
            advance=advance,
        )
    notes = [*fitted.entry["notes"], *drawn_note(taken.size, rows.size)]
    return replace(fitted, entry={**fitted.entry, "n_train": int(rows.size), "notes": notes})


def _fit_external(
    section: ExternalSection,
    data: ModelData,
    tendency: Quantity | None,
    *,
    rows: Array,
    external: External,
) -> Fitted:
    raw, final, said = fit_external(
        section,
        external,
        data.table.some(rows, list(dict.fromkeys(external.model.features))),
        data.outcomes.bad[rows],
        data.outcomes.weight[rows],
        directions=data.features.directions,
        tendency=tendency,
    )
    return Fitted(raw, final, said)


def _fit_card(
    section: ScorecardSection,
    document: RiskDocument,
    data: ModelData,
    tendency: Quantity | None,
    *,
    rows: Array,
    advance: Advance,
) -> Fitted:
    names = own_features(section, document, data.table.columns)
    weight = data.outcomes.weight[rows]
    card = fit_scorecard_on(
        data.table.learning(rows, names, data.outcomes.bad[rows], weight),
        scorecard_options(section, document, data.features.directions),
        name=section.name,
        window_months=data.outcomes.window_months,
        advance=advance,
    )
    entry: dict[str, Any] = {
        "dropped": card.dropped,
        "notes": card.notes,
        "characteristics": characteristics_table(card.card),
        "n_train": int(rows.size),
    }
    return Fitted(card.card, at_level(card.card, data.table, rows, weight, tendency), entry)


def _fit_trees(
    section: BoostedSection,
    document: RiskDocument,
    data: ModelData,
    tendency: Quantity | None,
    *,
    rows: Array,
    taken: Array,
    options: BoostedOptions,
    advance: Advance,
) -> Fitted:
    """Trees on the rows `taken`, at the level of all `rows`."""
    bad, weight = data.outcomes.bad, data.outcomes.weight
    months = None if data.split.months is None else data.split.months[taken]
    customers = None if data.customers is None else data.customers[taken]
    trees = fit_boosted(
        data.table.some(taken, own_features(section, document, data.table.columns)),
        bad[taken],
        inner_folds(taken.size, months, section.seed, customers),
        options,
        name=section.name,
        weight=weight[taken],
        window_months=data.outcomes.window_months,
        advance=advance,
    )
    raw: RiskModel = trees.model
    if taken.size < rows.size:
        rate = float(np.average(bad[rows], weights=weight[rows]))
        raw = brought_to(raw, data.table.pd(raw, rows), weight[rows], rate)
    entry = {
        "dropped": trees.dropped,
        "notes": trees.notes,
        "rounds": trees.rounds,
        "leaves": trees.leaves,
        "learning_rate": trees.learning_rate,
        "fold_auc": trees.fold_auc if np.isfinite(trees.fold_auc) else None,
        "monotone": trees.certificate.as_dict(),
        "importance": trees.model.importance(),
    }
    return Fitted(raw, at_level(raw, data.table, rows, weight[rows], tendency), entry)


def own_features(section: OwnSection, document: RiskDocument, features: Sequence[str]) -> list[str]:
    """What a model of ours may choose from: its list, else all but the lender's own scores."""
    if section.features is not None:
        return list(section.features)
    scores = {each.column for each in document.models if isinstance(each, ExternalSection)}
    return [name for name in features if name not in scores]


def scorecard_options(
    section: ScorecardSection, document: RiskDocument, directions: Mapping[str, int]
) -> ScorecardOptions:
    """What risk.yaml says of a scorecard, as the fit takes it."""
    scaling = section.scaling
    return ScorecardOptions(
        max_characteristics=section.max_characteristics,
        min_information_value=section.min_information_value,
        max_correlation=section.max_correlation,
        max_p_value=section.max_p_value,
        max_bins=section.max_bins,
        min_bin_size=section.min_bin_size,
        directions=directions,
        special=document.special,
        unseen=section.unseen_category,
        scaling=Scaling(scaling.pdo, scaling.base_odds, scaling.base_score),
    )


def boosted_options(
    section: BoostedSection, directions: Mapping[str, int], threads: int
) -> BoostedOptions:
    """What risk.yaml says of boosted trees, as the fit takes it."""
    return BoostedOptions(
        max_rounds=section.max_rounds,
        learning_rate=section.learning_rate,
        leaves=section.leaves,
        directions=directions,
        auto_directions=section.auto_directions,
        seed=section.seed,
        threads=threads,
    )


def _card_level(card: Scorecard) -> tuple[float, float]:
    return float(card.calibration.get("slope", 1.0)), float(card.calibration.get("shift", 0.0))


def refit(
    model: RiskModel,
    table: FeatureTable,
    rows: Array,
    bad: Array,
    weight: Array,
    *,
    months: Array | None,
    section: ModelSection,
    document: RiskDocument,
    entry: Mapping[str, Any],
    tendency: Quantity | None = None,
    threads: int = 1,
) -> RiskModel:
    """The same model on other rows: same features and settings, level as `model` has it.

    `rows` are numbers in `table`; `bad`, `weight` and `months` are theirs. A lender's own is never
    refitted: only its calibration is, where it has one.
    """
    names = list(dict.fromkeys(model.features))
    if isinstance(model, Scorecard) and isinstance(section, ScorecardSection):
        options = replace(scorecard_options(section, document, {}), min_information_value=0.0)
        learning = table.learning(rows, names, bad, weight)
        card = fit_scorecard_on(learning, options, name=model.name).card
        slope, shift = _card_level(model)
        return card.recalibrated(slope=slope, shift=shift, method="as the whole fit")
    taken = drawn(rows, bad, months, table.most_whole, 0)
    frame, at = table.some(taken, names), np.searchsorted(rows, taken)
    if isinstance(section, ExternalSection):
        return refit_external(section, model, frame, bad[at], weight[at], tendency=tendency)
    assert isinstance(model, Boosted) and isinstance(section, BoostedSection)  # noqa: S101
    trees = boosted_options(section, model.directions, threads)
    return refit_boosted(
        model,
        frame,
        bad[at],
        leaves=int(entry["leaves"]),
        rounds=int(entry["rounds"]),
        weight=weight[at],
        options=replace(trees, learning_rate=float(entry["learning_rate"])),
    )
