"""From an application's facts to its grade."""

from __future__ import annotations

from equipoise.expression import compile_many
from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import Reason
from equipoise.strategy.fact_checks import DAY, code_and_field
from equipoise.strategy.program import GRADE, PD, POINTS
from equipoise.strategy.runtimes.record.case import Case
from equipoise.texts import codes


class Scoring:
    """Features, doubts, points, PD and grade of one application."""

    def __init__(self, compiled: Compiled) -> None:
        program = compiled.program
        first, *later = map(compile_many, program.facts)
        self._first, self._later, self._doubts = first, tuple(later), program.doubts
        self._model_features = compile_many(program.model_features)
        self._model = compiled.model
        self._grade = program.grade.python

    def unfit(self, case: Case) -> Reason | None:
        """Take the case as far as its grade; why a person must decide where that cannot be."""
        facts = case.values
        facts[DAY] = case.day
        case.values = values = {**facts, **self._first(facts)}
        for stage in self._later:
            values.update(stage(values))
        for name in self._doubts:
            case.doubt = case.doubt or values[name]
        if case.doubt is not None:
            code, field = code_and_field(case.doubt)
            return Reason(code, feature=field)
        self._score(case)
        return Reason(codes.NO_SCORE) if case.pd is None else None

    def _score(self, case: Case) -> None:
        values = case.values
        features = self._model_features(values)
        for name, value in features.items():
            if value is True or value is False:
                features[name] = float(value)
        case.features = features
        case.points, case.pd = values[POINTS], values[PD] = self._model.score(features)
        case.grade = values[GRADE] = self._grade(values)  # type: ignore[assignment]
