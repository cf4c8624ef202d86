"""A sealed strategy takes another document, told by the lines of its text; the models stay."""

from __future__ import annotations

import pytest
from corner_lender import content

from equipoise.errors import BadInput, Faults
from equipoise.strategy.rewriting import document_text, read_text, resealed


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.parametrize("choose", ["table", "cutoff", "balance"])
def test_the_text_of_a_sealed_strategy_seals_to_the_same(choose: str) -> None:
    before = content(choose=choose)
    text = document_text(before)
    assert read_text(text).value == before.strategy
    assert resealed(before, text).content == before


def test_a_threshold_is_changed_in_the_text_and_comments_mean_nothing() -> None:
    before = content()
    text = document_text(before).replace("dti > 0.6", "dti > 0.55") + "# why: the review of May\n"
    after = resealed(before, text).content
    assert after.strategy.rules[0].when == "dti > 0.55"
    assert after.model == before.model


def test_what_is_wrong_is_told_by_the_line_of_the_text() -> None:
    before = content()
    text = document_text(before).replace("dti > 0.6", "dtii > 0.6")
    with pytest.raises(BadInput) as refused:
        resealed(before, text)
    error = refused.value.faults[0] if isinstance(refused.value, Faults) else refused.value
    assert error.where is not None
    assert (error.where.file, error.where.line) == ("strategy.yaml", line_of(text, "dtii > 0.6"))
    assert "dti" in error.mend
    broken = document_text(before).replace("outcome: decline", "outcome: maybe", 1)
    with pytest.raises(Faults) as faults:
        resealed(before, broken)
    (fault,) = faults.value.faults
    assert fault.where is not None
    assert fault.where.line == line_of(broken, "outcome: maybe")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("name: corner\n", "name: other\n", "its name"),
        ("model: card", "model: tree", "its model"),
        ("choose: ", "checks_shift: 0.4\nchoose: ", "checks_shift"),
    ],
)
def test_what_takes_the_fitted_models_is_refused(old: str, new: str, what: str) -> None:
    before = content()
    text = document_text(before)
    assert old in text
    with pytest.raises(BadInput, match=f"{what} cannot be changed"):
        resealed(before, text.replace(old, new, 1))
