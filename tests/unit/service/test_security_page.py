"""The page that goes through the ASVS names every requirement once, and only tests that
exist; so does the run-book."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/explanation/security.md").read_text()
RUN_BOOK = (ROOT / "docs/howto/operate.md").read_text()
SERVICE = "tests/integration/service/"
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; those of level 3 follow
# them in number. Counted in the standard's own table, not in our page.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2},
    **{"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2},
    **{"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3},
    **{"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2},
    **{"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1},
    **{"9.1": 3, "9.2": 4},
    **{"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3},
    **{"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1},
    **{"12.1": 3, "12.2": 2, "12.3": 4},
    **{"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5},
    **{"14.1": 2, "14.2": 4, "14.3": 3},
    **{"15.1": 3, "15.2": 3, "15.3": 7},
    **{"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3},
    **{"17.1": 1, "17.2": 4, "17.3": 2},
}
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]*) \| (.*) \|$", re.M)
_TEST = re.compile(r"`((?:tests/[\w/]+/)?test_\w+\.py)(?:::(\w+))?`")


def test_every_requirement_of_level_2_has_its_row() -> None:
    expected = [f"{name}.{n + 1}" for name, count in SECTIONS.items() for n in range(count)]
    assert len(expected) == 253  # 70 of level 1, 183 of level 2
    assert [number for number, _, _ in _ROW.findall(PAGE)] == expected


def test_every_row_says_its_state_and_how() -> None:
    for number, state, how in _ROW.findall(PAGE):
        assert state in {"met", "n/a", "open"}, number
        assert len(how) > 5, number


@pytest.mark.parametrize(("page", "least"), [(PAGE, 50), (RUN_BOOK, 10)])
def test_every_test_it_names_is_there(page: str, least: int) -> None:
    named = _TEST.findall(page)
    assert len(named) > least
    for file, function in named:
        path = ROOT / (file if "/" in file else SERVICE + file)
        assert path.is_file(), file
        assert not function or re.search(rf"def {function}\b", path.read_text()), function
