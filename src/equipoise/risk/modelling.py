"""One section of risk.yaml to one fitted model, at the level that the lender declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

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
from equipoise.risk.external.binding import External
from equipoise.risk.external.fitting import fit_external, refit_external
from equipoise.risk.features import FeatureSet
from equipoise.risk.level import at_level
from equipoise.risk.model import RiskModel
from equipoise.risk.outcome import KnownOutcomes
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.scorecard_fit import ScorecardOptions, fit_scorecard
from equipoise.risk.split import TrainTest, inner_folds

Advance = Callable[[float, float], None]


@dataclass(frozen=True, slots=True)
class ModelData:
    """What every model is fitted and judged on; arrays are (n,), `frame` holds the features."""

    features: FeatureSet
    frame: pl.DataFrame
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

    def subset(self, rows: Array) -> ModelData:
        """The same for some rows, given by number."""
        split, outcomes = self.split, self.outcomes
        months = None if split.months is None else split.months[rows]
        return ModelData(
            self.features,
            self.frame[rows],
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
    frame = data.frame[rows]
    bad, weight = data.outcomes.bad[rows], data.outcomes.weight[rows]
    if isinstance(section, ExternalSection):
        raw, final, said = fit_external(
            section,
            externals[section.name],
            frame,
            bad,
            weight,
            directions=data.features.directions,
            tendency=tendency,
        )
        return Fitted(raw, final, said)
    return _fit_own(section, document, data, tendency, rows=rows, threads=threads, advance=advance)


def _fit_own(
    section: OwnSection,
    document: RiskDocument,
    data: ModelData,
    tendency: Quantity | None,
    *,
    rows: Array,
    threads: int,
    advance: Advance,
) -> Fitted:
    frame = data.frame[rows].select(own_features(section, document, data.frame.columns))
    bad, weight = data.outcomes.bad[rows], data.outcomes.weight[rows]
    common: dict[str, Any] = {
        "name": section.name,
        "weight": weight,
        "window_months": data.outcomes.window_months,
        "advance": advance,
    }
    raw: RiskModel
    if isinstance(section, ScorecardSection):
        options = scorecard_options(section, document, data.features.directions)
        card = fit_scorecard(frame, bad, options, **common)
        raw = card.card
        entry: dict[str, Any] = {"dropped": card.dropped, "notes": card.notes}
        entry["characteristics"] = characteristics_table(card.card)
    else:
        months = None if data.split.months is None else data.split.months[rows]
        customers = None if data.customers is None else data.customers[rows]
        trees = fit_boosted(
            frame,
            bad,
            inner_folds(rows.size, months, section.seed, customers),
            boosted_options(section, data.features.directions, threads),
            **common,
        )
        raw = trees.model
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
    entry["n_train"] = int(rows.size)
    return Fitted(raw, at_level(raw, frame, weight, tendency), entry)


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
    frame: pl.DataFrame,
    bad: Array,
    weight: Array,
    *,
    section: ModelSection,
    document: RiskDocument,
    entry: Mapping[str, Any],
    tendency: Quantity | None = None,
    threads: int = 1,
) -> RiskModel:
    """The same model on other rows: same features and settings, level as `model` has it.

    A lender's own is never refitted: only its calibration is, where it has one.
    """
    rows = frame.select(model.features)
    if isinstance(section, ExternalSection):
        return refit_external(section, model, rows, bad, weight, tendency=tendency)
    if isinstance(model, Boosted) and isinstance(section, BoostedSection):
        trees = boosted_options(section, model.directions, threads)
        return refit_boosted(
            model,
            rows,
            bad,
            leaves=int(entry["leaves"]),
            rounds=int(entry["rounds"]),
            weight=weight,
            options=replace(trees, learning_rate=float(entry["learning_rate"])),
        )
    assert isinstance(model, Scorecard) and isinstance(section, ScorecardSection)  # noqa: S101
    options = replace(scorecard_options(section, document, {}), min_information_value=0.0)
    card = fit_scorecard(rows, bad, options, name=model.name, weight=weight).card
    slope, shift = _card_level(model)
    return card.recalibrated(slope=slope, shift=shift, method="as the whole fit")
