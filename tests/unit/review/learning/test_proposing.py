"""A measured value as it would stand in experience.yaml, held against the example's own."""

from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest
import yaml

from equipoise.documents import Quantity, read_document
from equipoise.errors import BadInput
from equipoise.experience.document import ExperienceDocument
from equipoise.review.learning.proposing import Measurement, digest_of, proposal

TEXT = files("equipoise").joinpath("examples", "demo", "experience.yaml").read_text("utf-8")
FOUND = Measurement(
    input="steps.application_form.drop_off",
    value=0.123456789,
    low=0.11,
    high=0.14,
    outcomes=2310,
    on=date(2026, 11, 30),
    by="trial 'spring'",
)


def test_a_measured_value_takes_the_place_of_what_stood_there_with_all_that_it_is_known_by(
    tmp_path,
):
    made = proposal(TEXT, FOUND)
    (tmp_path / "experience.yaml").write_text(made.text, encoding="utf-8")
    read = read_document(tmp_path / "experience.yaml", ExperienceDocument).value
    quantity = read.steps[0].drop_off
    assert (quantity.value, quantity.low, quantity.high) == (0.123457, 0.11, 0.14)
    assert quantity.provenance == "measured"
    assert quantity.source == "trial 'spring', 2,310 outcomes, known on 2026-11-30"
    assert quantity.unit == "share of those who reach the step"
    assert made.was.value == 0.1399
    assert "# measured 2026-11-30; was measured, 0.1399" in made.text
    assert made.digest == digest_of(TEXT)


def test_every_comment_and_every_other_value_stays():
    made = proposal(TEXT, FOUND)
    before, after = yaml.safe_load(TEXT), yaml.safe_load(made.text)
    del before["steps"][0]["drop_off"], after["steps"][0]["drop_off"]
    assert before == after
    comments = [line for line in TEXT.splitlines() if line.lstrip().startswith("#")]
    assert all(line in made.text.splitlines() for line in comments)


@pytest.mark.parametrize(
    "name",
    [
        "checks.bank_statements.sensitivity",
        "checks.underwriter_review.drop_off",
        "waiting.hazard_per_day",
        "take_up.price",
    ],
)
def test_what_was_fitted_or_assumed_can_be_replaced_wherever_it_stands(name):
    value, low, high = (-30.0, -31.0, -29.0) if name == "take_up.price" else (0.12, 0.1, 0.14)
    made = proposal(TEXT, replace(FOUND, input=name, value=value, low=low, high=high))
    assert isinstance(made.becomes, Quantity)
    document = ExperienceDocument.model_validate(yaml.safe_load(made.text))
    assert str(value) in str(document.model_dump())


def test_a_part_that_the_document_leaves_out_is_written_into_it():
    data = yaml.safe_load(TEXT)
    del data["waiting"]
    found = replace(FOUND, input="waiting.hazard_per_day", value=0.02, low=0.01, high=0.03)
    made = proposal(yaml.safe_dump(data), found)
    assert made.was is None
    read = ExperienceDocument.model_validate(yaml.safe_load(made.text))
    assert read.waiting.hazard_per_day.value == 0.02


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"input": "steps.aplication_form.drop_off"}, "has no 'steps.aplication_form.drop_off'"),
        ({"input": "lgd_scale"}, "does not stand in experience.yaml"),
        ({"value": 1.2, "high": 1.3}, "cannot be 1.2"),
        ({"value": 0.5}, "outside its interval"),
    ],
)
def test_what_cannot_be_written_is_refused(changes, said):
    with pytest.raises(BadInput, match=said):
        proposal(TEXT, replace(FOUND, **changes))
