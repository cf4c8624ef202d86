"""The parameters file is whole, and mistakes in it are named."""

from pathlib import Path

import pytest

from equipoise.errors import Faults
from equipoise.simulation import read_parameters
from equipoise.simulation.parameters import default_text


def test_every_check_of_the_review_journey_can_stop_an_application() -> None:
    parameters = read_parameters()
    assert parameters.checks == (
        "identity_check",
        "income_proof",
        "bank_statements",
        "underwriter_review",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("female: {share: 0.49", "female: {share: 0.59", "sum to 1.1"),
        ("first_date: 2023-01-02", "first_date: 2023-01-03", "Monday"),
        ("fraud_share: 0.007", "fraud_share: 7", "less than or equal to 1"),
        ("refer_journey: review", "refer_journey: revue", "revue"),
        ("opens_at: 9.0", "opens: 9.0", "opens"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = default_text()
    assert old in text
    file = tmp_path / "parameters.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Faults) as caught:
        read_parameters(file)
    assert said in str(caught.value)
    assert f"{file}:" in str(caught.value)
