"""How a decision came about, from the case and its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.strategy.compiled import Compiled
from equipoise.strategy.decision import Trace
from equipoise.strategy.runtimes.record.case import Case, Choice, Verdict
from equipoise.value.measures import MEASURES

_NAME = len("its ")


class Tracing:
    """Writes traces of one strategy's decisions."""

    def __init__(self, compiled: Compiled) -> None:
        self._inputs, self._features = tuple(compiled.program.inputs), compiled.document.features
        self._model, self._document = compiled.content.model, compiled.document
        self._weights = compiled.weights
        self._menu = tuple(each.name for each in compiled.program.menu)

    def trace(self, case: Case, verdict: Verdict) -> Trace:
        """The trace of one decision."""
        values, model = case.values, self._model
        choice = verdict.choice
        return Trace(
            used={name: values[name] for name in self._inputs},
            decided_on=case.day,
            doubt=case.doubt,
            features={name: values[name] for name in self._features},
            model=model.name,
            model_digest=model.digest,
            points=case.points,
            pd=case.pd,
            rules=case.rules,
            fired=case.fired,
            tier=case.tier,
            way=self._document.choose,
            treatment=verdict.treatment,
            terms={name[_NAME:]: value for name, value in case.figures.items()},
            checks=case.checks,
            next_check=verdict.next_check,
            **(self._lacking(case) if choice is None else self._chosen(choice)),
        )

    @staticmethod
    def _lacking(case: Case) -> Mapping[str, Any]:
        """The facts that are asked for before anything can be chosen."""
        return {"asking": {"lacking": list(case.lacking)}} if case.lacking else {}

    def _chosen(self, choice: Choice) -> Mapping[str, Any]:
        """What the treatment was worth and what it won against."""
        chosen = choice.chosen
        runner_up = chosen.runner_up
        return {
            "net": chosen.net,
            "runner_up": self._menu[runner_up] if runner_up >= 0 else None,
            "runner_up_net": chosen.runner_up_net if runner_up >= 0 else None,
            "measures": dict(zip(MEASURES, chosen.measures.tolist(), strict=True)),
            "prices": self._weights.charged(self._document, chosen.measures, choice.held),
            "propensity": choice.propensity,
            "explored": choice.explored,
            "asking": None if choice.weighing is None else choice.weighing.as_dict(),
        }
