"""A lender's model as one of ours: read, bound to our features, with the PD its file says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from equipoise.contract import Contract
from equipoise.errors import BadInput, Faults, GateRefused, Span, did_you_mean
from equipoise.risk.document import ExternalSection
from equipoise.risk.ensemble import Ensemble
from equipoise.risk.external.card import over_feature, scaling_of
from equipoise.risk.external.naming import Naming
from equipoise.risk.features import FeatureSet
from equipoise.risk.foreign import (
    MAX_BYTES,
    Card,
    ForeignFeature,
    ForeignModel,
    Linear,
    Output,
    Term,
    TreeSum,
    read_model,
)
from equipoise.risk.foreign.recognising import format_of
from equipoise.risk.linear import LinearModel
from equipoise.risk.link import Kind, Link
from equipoise.risk.model import RiskModel
from equipoise.risk.pd_table import PdTable
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.trees import CATEGORICAL

OUTPUT: dict[str, Output] = {"pd": "probability", "log_odds": "log_odds", "score": "points"}
MEANS = {output: means for means, output in OUTPUT.items()}
EVEN = Scaling(20.0, 50.0, 600.0)  # stands in until a calibration has found what points mean


@dataclass(frozen=True, slots=True)
class External:
    """The model as delivered. `scaled` says whether its output means a PD without calibration."""

    model: RiskModel
    format: str
    scaled: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Binder:
    """Binds one section of risk.yaml; `place` gives where its entries stand."""

    section: ExternalSection
    contract: Contract
    features: FeatureSet
    folder: Path
    place: Callable[..., Span]
    window_months: int | None

    def bound(self) -> External:
        """The model. Raises BadInput or Faults with the place in risk.yaml, or GateRefused."""
        key = "file" if self.section.column is None else "column"
        try:
            external = self._column() if self.section.column is not None else self._file()
        except (Faults, GateRefused):
            raise
        except BadInput as error:
            if error.where is not None:
                raise
            raise BadInput(
                error.message, where=self.place(key), field=error.field, mend=error.mend
            ) from error
        if not external.scaled and self.section.calibration not in {"platt", "isotonic"}:
            raise BadInput(
                f"the points of '{self.section.name}' mean no PD yet",
                where=self.place(key),
                field="scaling",
                mend="give `scaling: {pdo: ..., base_odds: ..., base_score: ...}` as the lender "
                "has it, or let the outcomes find it with `calibration: platt`",
            )
        return external

    def _column(self) -> External:
        section = self.section
        name, means = str(section.column), str(section.means)
        read = ForeignFeature(name)
        ours = self._naming().ours([read])[name]
        scale = 100.0 if means == "pd" and section.unit == "percent" else 1.0
        terms = (Term(ours, 1.0, 0.0, scale),)
        source = {"column": name, "means": means}
        foreign = ForeignModel(f"column '{name}'", Linear(0.0, terms), (read,), OUTPUT[means])
        link, scaled = self._link(foreign.output, "logistic", 1.0, None)
        return External(
            LinearModel(section.name, 0.0, terms, link, link, source, self.window_months),
            foreign.format,
            scaled,
            self._freshness(ours),
        )

    def _freshness(self, ours: str) -> tuple[str, ...]:
        read = self.features.expressions[ours].names
        fields = [each for each in self.contract.fields if each.name in read]
        if any(each.fresh_days is not None for each in fields):
            return ()
        return (
            f"contract.yaml does not say how long '{ours}' stays fresh (`as_of`, `fresh_days`): a "
            "decision takes it however old it is",
        )

    def _file(self) -> External:
        section = self.section
        raw = self._raw()
        name = Path(str(section.file)).name
        try:
            foreign = read_model(raw, section.format or format_of(raw, "it"))
        except BadInput as error:
            raise BadInput(
                f"{name}: {error.message}",
                where=self.place("file"),
                field=error.field,
                mend=error.mend,
            ) from error
        self._check_meaning(foreign)
        source = {
            "file": name,
            "format": foreign.format,
            "sha256": hashlib.sha256(raw).hexdigest(),
        }
        model: RiskModel
        if isinstance(foreign.model, Card):
            model, scaled = self._card(foreign, foreign.model, source)
        elif isinstance(foreign.model, Linear):
            model, scaled = self._linear(foreign, foreign.model, source)
        else:
            model, scaled = self._trees(foreign, foreign.model, source)
        return External(model, foreign.format, scaled, (*self._event(foreign), *foreign.notes))

    def _event(self, foreign: ForeignModel) -> tuple[str, ...]:
        if foreign.event is None or foreign.output == "points":
            return ()
        side = self.section.predicts
        return (f"its probability is of '{foreign.event}', taken for the {side} outcome",)

    def _raw(self) -> bytes:
        path = self.folder / str(self.section.file)
        if not path.is_file():
            beside = path.parent.iterdir() if path.parent.is_dir() else ()
            raise BadInput(
                f"there is no model file {self.section.file}",
                where=self.place("file"),
                field="file",
                mend=did_you_mean(path.name, (each.name for each in beside if each.is_file())),
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise BadInput(
                f"{path.name} has {size:,} bytes, more than a model file's {MAX_BYTES:,}",
                where=self.place("file"),
                field="file",
            )
        return path.read_bytes()

    def _check_meaning(self, foreign: ForeignModel) -> None:
        section = self.section
        if section.means is not None and OUTPUT[section.means] != foreign.output:
            raise BadInput(
                f"by its file the model gives {MEANS[foreign.output]}, not {section.means}",
                where=self.place("means"),
                field="means",
                mend="take `means` out",
            )
        if foreign.output == "points" and section.predicts == "good":
            raise BadInput(
                "points say which way is safer by `higher_is`; `predicts` is of probabilities",
                where=self.place("predicts"),
                field="predicts",
                mend="take it out",
            )
        if foreign.output != "points" and section.scaling is not None:
            raise BadInput(
                f"the model gives {MEANS[foreign.output]}, which needs no scaling of points",
                where=self.place("scaling"),
                field="scaling",
                mend="take it out",
            )

    def _naming(self) -> Naming:
        def where(name: str) -> Span:
            key = "file" if self.section.column is None else "column"
            return self.place("names", name) if name in self.section.names else self.place(key)

        return Naming(self.section.names, self.features, self.contract, where)

    def _scaling(self, own: Scaling | None) -> tuple[Scaling, bool]:
        written, side = self.section.scaling, self.section.higher_is
        if written is not None:
            return scaling_of(written.pdo, written.base_odds, written.base_score, side), True
        if own is not None:
            return own, True
        return scaling_of(EVEN.pdo, EVEN.base_odds, EVEN.base_score, side), False

    def _link(
        self, output: Output, logistic: Kind, slope: float, own: Scaling | None
    ) -> tuple[Link, bool]:
        """From `slope` x the sum to the PD, and whether that is more than a stand-in."""
        good = self.section.predicts == "good"
        if output == "points":
            scaling, scaled = self._scaling(own)
            factor = scaling.factor
            return Link(logistic, -slope / factor, scaling.offset / factor), scaled
        if output == "log_odds":
            return Link(logistic, -slope if good else slope), True
        return Link("identity", -slope if good else slope, 1.0 if good else 0.0), True

    def _card(
        self, foreign: ForeignModel, card: Card, source: Mapping[str, Any]
    ) -> tuple[Scorecard, bool]:
        ours = self._naming().ours(foreign.features)
        _refuse_twice(ours)
        scaling, scaled = self._scaling(card.scaling)
        characteristics = tuple(
            over_feature(each, ours[each.name], self.features.expressions[ours[each.name]].type)
            for each in card.characteristics
        )
        model = Scorecard(
            name=self.section.name,
            characteristics=characteristics,
            base_points=card.base_points,
            intercept=0.0,
            scaling=scaling,
            pd_table=PdTable(0.0, 1.0, (0.5, 0.5)),
            window_months=self.window_months,
            calibration={"source": dict(source)},
        )
        return model.recalibrated(slope=1.0, shift=0.0), scaled

    def _linear(
        self, foreign: ForeignModel, linear: Linear, source: Mapping[str, Any]
    ) -> tuple[LinearModel, bool]:
        ours = self._naming().ours(foreign.features)
        for each in linear.terms:
            kind = self.features.expressions[ours[each.name]].type
            if each.coefficients is not None and kind != "string":
                raise BadInput(
                    f"the model has coefficients of texts in '{each.name}', and "
                    f"'{ours[each.name]}' is a {kind}",
                    field=each.name,
                    mend="write a feature in risk.yaml that gives such texts, and map to it",
                )
        terms = tuple(replace(each, name=ours[each.name]) for each in linear.terms)
        link, scaled = self._link(foreign.output, "logistic", 1.0, None)
        return (
            LinearModel(
                self.section.name, linear.intercept, terms, link, link, source, self.window_months
            ),
            scaled,
        )

    def _trees(
        self, foreign: ForeignModel, grown: TreeSum, source: Mapping[str, Any]
    ) -> tuple[Ensemble, bool]:
        used = np.unique(grown.trees.features)
        read = [foreign.features[at] for at in used.tolist()]
        known = {each.name for each in read}
        unread = {each.name for each in foreign.features} - known
        names = {n: o for n, o in self.section.names.items() if n not in unread}
        naming = replace(self._naming(), names=names)
        ours = naming.ours(read)
        _refuse_twice(ours)
        trees = replace(grown.trees, features=np.searchsorted(used, grown.trees.features))
        categories = {ours[each.name]: each.categories for each in read if each.kind == "category"}
        self._check_codes(trees, [ours[each.name] for each in read], categories)
        kind: Kind = "sigmoid32" if grown.precision == "float32" else "sigmoid"
        link, scaled = self._link(foreign.output, kind, grown.slope, None)
        model = Ensemble(
            name=self.section.name,
            features=tuple(ours[each.name] for each in read),
            categories=categories,
            sum=replace(grown, trees=trees),
            link=link,
            delivered=link,
            source=source,
            window_months=self.window_months,
        )
        return model, scaled

    def _check_codes(
        self, trees: Any, names: list[str], categories: Mapping[str, tuple[str, ...]]
    ) -> None:
        """A text has its codes from the file; a number may be split as codes it holds itself."""
        for name in categories:
            if self.features.expressions[name].type != "string":
                raise BadInput(
                    f"the model reads texts in '{name}', which is a "
                    f"{self.features.expressions[name].type}",
                    field=name,
                    mend="write a feature in risk.yaml that gives such texts, and map to it",
                )
        for at in np.unique(trees.features[(trees.kinds & CATEGORICAL) != 0]).tolist():
            kind = self.features.expressions[names[at]].type
            if kind == "string" and names[at] not in categories:
                raise BadInput(
                    f"the file does not say which text each code of '{names[at]}' stands for",
                    field=names[at],
                    mend="save the model from a frame with a category column, or code the field "
                    "in a feature of risk.yaml",
                )


def _refuse_twice(ours: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for foreign, name in ours.items():
        if name in seen:
            raise BadInput(
                f"'{seen[name]}' and '{foreign}' of the model are both '{name}' here",
                field=foreign,
                mend="map one of them to another feature",
            )
        seen[name] = foreign
