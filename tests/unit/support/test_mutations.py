"""The mutations of `make mutate`: what is changed, what is left alone, and that its rooms stand."""

from __future__ import annotations

import ast

import pytest
from mutations import mutations
from rooms import ROOMS

MODULE = '''"""A module."""

LIMIT: Literal[3] = 3


def kept(rows: list[int], upto: int) -> int:
    """Two lines
    of words."""
    total = 0
    for at in range(upto):
        if rows[at] < LIMIT and not rows[at] == 1:
            total += rows[at] * 2
    if total > 9:
        raise ValueError(f"{total + 1} is too much")
    note(rows[:upto], "ü" + "b")
    return total
'''


@pytest.mark.parametrize(
    ("kind", "line", "written"),
    [
        ("constant", 3, "LIMIT: Literal[3] = 4"),
        ("constant", 9, "    total = 1"),
        ("off by one", 10, "    for at in (range(upto - 1)):"),
        ("comparison", 11, "        if (rows[at] <= LIMIT) and not rows[at] == 1:"),
        ("comparison", 11, "        if rows[at] < LIMIT and not (rows[at] != 1):"),
        ("boolean", 11, "        if (rows[at] < LIMIT or not rows[at] == 1):"),
        ("boolean", 11, "        if rows[at] < LIMIT and (rows[at] == 1):"),
        ("dropped statement", 12, "            pass"),
        ("arithmetic", 12, "            total += (rows[at] / 2)"),
        ("comparison", 13, "    if (total >= 9):"),
        ("dropped statement", 14, "        pass"),
        ("dropped statement", 15, "    pass"),
        ("off by one", 15, '    note((rows[:upto - 1]), "ü" + "b")'),
    ],
)
def test_each_kind_changes_its_line_and_nothing_else(kind: str, line: int, written: str) -> None:
    texts = [each.applied(MODULE) for each in mutations(MODULE) if each.kind == kind]
    before = MODULE.splitlines()
    assert [*before[: line - 1], written, *before[line:]] in [text.splitlines() for text in texts]


def test_types_texts_and_docstrings_are_left_alone_and_every_mutant_can_be_read() -> None:
    made = mutations(MODULE)
    assert {each.line for each in made} == {3, 9, 10, 11, 12, 13, 14, 15}
    assert all(each.within == ("kept" if each.line > 5 else "") for each in made)
    for each in made:
        assert ast.dump(ast.parse(each.applied(MODULE))) != ast.dump(ast.parse(MODULE))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_modules_and_tests_of_its_own(room) -> None:
    assert room.modules()
    assert room.suite()
