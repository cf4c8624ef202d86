from pathlib import Path

import pytest

from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.experience import ExperienceDocument

TAKE_UP = "take_up: {reference_apr: 0.12, price: -30}\n"


def fault(tmp_path: Path, text: str) -> str:
    path = tmp_path / "experience.yaml"
    path.write_text(text)
    with pytest.raises(BadInput) as error:
        read_document(path, ExperienceDocument)
    return str(error.value).replace(str(tmp_path) + "/", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("steps:\n  - {name: a, minutes: 5, drop_off: measured}\n" + TAKE_UP,
         "experience.yaml:2:5  'steps.0': step 'a' has a measured drop-off and no activity"),
        ("steps:\n  - {name: a, minutes: 5, drop_off: 1.5}\n" + TAKE_UP, "1.5 is not a share"),
        ("steps:\n  - {name: a, minutes: 5, drop_off: soon}\n" + TAKE_UP, "measured"),
        ("steps:\n  - {name: a, minutes: -5, drop_off: 0.1}\n" + TAKE_UP, "steps.0.minutes"),
        ("steps:\n  - {name: a, minute: 5, drop_off: 0.1}\n" + TAKE_UP, "did you mean 'minutes'"),
        ("steps:\n  - {name: a, minutes: 5, drop_off: 0.1}\n"
         "  - {name: a, minutes: 5, drop_off: 0.1}\n" + TAKE_UP, "'a' is given to more than one"),
        ("checks:\n  - {name: c, drop_off: 0, sensitivity: measured, false_alarm: 0.1}\n" + TAKE_UP,
         "check 'c' is to be measured and has no 'from'"),
        ("waiting: {hazard_per_day: measured}\n" + TAKE_UP, "there is no log"),
        ("waiting: {acceptance_per_day: measured}\n" + TAKE_UP, "names no offer activities"),
        ("take_up: {reference_apr: 0.12, price: measured}\n", "take_up.from has no column 'apr'"),
        ("take_up: {reference_apr: 0.12, price: -30, intercept: measured}\n", "neither log.offer"),
        ("log:\n  path: x\n  start: a\n  ends: {accepted: [b], cancelled: [c]}\n"
         "  calendar: {hours: {mondy: '09:00-17:00'}}\n" + TAKE_UP, "'mondy' is not a weekday"),
        ("log:\n  path: x\n  start: a\n  ends: {accepted: [b], cancelled: [c]}\n"
         "  calendar: {hours: {monday: '9 to 5'}}\n" + TAKE_UP, "not a span of hours"),
        ("log:\n  path: x\n  start: a\n  ends: {accepted: [b], cancelled: [c]}\n"
         "  calendar: {time_zone: Mars/Base}\n" + TAKE_UP, "'Mars/Base' is not a time zone"),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    assert message in fault(tmp_path, text)


def test_what_is_left_out_is_assumed_with_a_source(tmp_path: Path) -> None:
    path = tmp_path / "experience.yaml"
    path.write_text(TAKE_UP)
    document = read_document(path, ExperienceDocument).value
    for quantity in (
        document.waiting.hazard_per_day,
        document.waiting.acceptance_per_day,
        document.take_up.intercept,
        document.take_up.amount,
        document.take_up.risk,
    ):
        assert not isinstance(quantity, str)
        assert quantity.provenance == "assumed"
        assert quantity.low is not None and quantity.high is not None
        assert len(quantity.source) > 20
