"""A field that is called as what the strategy finds itself is told, and refused where it is read
in both meanings."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from corner_lender import CONTRACT, STRATEGY, content
from pydantic import ValidationError

from equipoise.contract import Contract
from equipoise.documents import Loaded
from equipoise.expression import compile as compile_expression
from equipoise.strategy.checks.namesakes import namesake_faults, namesake_notes
from equipoise.strategy.checks.references import Names
from equipoise.strategy.document import StrategyDocument

OUTSIDE = {"name": "pd", "type": "number"}


def contract(*more: dict[str, Any]) -> Contract:
    return Contract.model_validate({**CONTRACT, "fields": [*CONTRACT["fields"], *more]})


def faults(known: Contract, model: dict[str, str], **changes: Any) -> list[str]:
    written = StrategyDocument.model_validate({**STRATEGY, **changes})
    loaded = Loaded(written, Path("strategy.yaml"), {})
    names = Names(loaded, known)
    names.whole()
    types = known.types()
    features = {name: compile_expression(text, types) for name, text in model.items()}
    risk: Any = SimpleNamespace(
        models={"card": SimpleNamespace(features=tuple(features))},
        features=SimpleNamespace(expressions=features),
    )
    return [str(each) for each in namesake_faults(loaded, names, risk, content().treatments)]


def test_a_field_called_as_a_word_is_told_whatever_its_case() -> None:
    assert namesake_notes(contract()) == []
    notes = namesake_notes(contract(OUTSIDE, {"name": "Grade", "type": "string"}))
    assert len(notes) == 2
    assert "`column: pd`" in notes[0]
    assert "'grade' is not this field" in notes[1]


def test_a_word_read_before_and_after_the_model_is_refused() -> None:
    known = contract(OUTSIDE)
    (fault,) = faults(known, {"outside": "pd"})
    assert "'pd' means the contract's field before the model" in fault
    assert "rename the field" in fault
    (fault,) = faults(known, {}, features={**STRATEGY["features"], "outside": "pd"})
    assert faults(known, {"outside": "dti"}) == []
    assert faults(contract(), {"outside": "dti"}) == []


@pytest.mark.parametrize("name", ["pd", "Points", "decided_on"])
def test_a_feature_cannot_be_called_as_a_word(name: str) -> None:
    with pytest.raises(ValidationError, match="give the feature another"):
        StrategyDocument.model_validate({**STRATEGY, "features": {name: "dti"}})
