"""One-time codes: what holds, what does not, and how often they can be guessed at."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from conftest import Database
from equipoise.service.platform.messages import codes
from equipoise.service.platform.messages.models import Code
from equipoise.service.platform.messages.services import TooSoon, check_code, issue_code

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)


def other(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_a_code_is_six_digits_and_holds_once(database: Database) -> None:
    code = issue_code("draft 1", NOON)
    assert len(code) == 6
    assert code.isdecimal()
    assert not check_code("draft 2", code, NOON)
    assert check_code("draft 1", code, NOON)
    assert not check_code("draft 1", code, NOON)


@pytest.mark.parametrize("written", ["{0} {1}", "{0}-{1}", " {0}{1}\n", "{0}　{1}"])
def test_a_code_may_be_typed_with_what_stands_between(
    sqlite_database: Database, written: str
) -> None:
    code = issue_code("draft", NOON)
    assert check_code("draft", written.format(code[:3], code[3:]), NOON)


def test_a_code_may_be_typed_in_full_width(sqlite_database: Database) -> None:
    code = issue_code("draft", NOON)
    assert check_code("draft", "".join(chr(ord(each) + 0xFEE0) for each in code), NOON)


@pytest.mark.parametrize(("minutes", "holds"), [(9.99, True), (10, False), (-1, False)])
def test_a_code_holds_for_ten_minutes(
    sqlite_database: Database, minutes: float, holds: bool
) -> None:
    code = issue_code("draft", NOON)
    assert check_code("draft", code, later(minutes=minutes)) is holds


def test_the_fifth_guess_may_be_right_and_the_sixth_may_not(sqlite_database: Database) -> None:
    for guesses, holds in ((4, True), (5, False)):
        code = issue_code(f"draft {guesses}", NOON)
        assert not any(check_code(f"draft {guesses}", other(code), NOON) for _ in range(guesses))
        assert check_code(f"draft {guesses}", code, NOON) is holds


def test_only_the_newest_code_counts(sqlite_database: Database) -> None:
    first = issue_code("draft", NOON)
    second = issue_code("draft", later(seconds=30))
    assert not check_code("draft", first, later(seconds=31)) or first == second
    assert check_code("draft", second, later(seconds=31))


def test_a_new_code_has_five_guesses_of_its_own(sqlite_database: Database) -> None:
    first = issue_code("draft", NOON)
    for _ in range(5):
        check_code("draft", other(first), NOON)
    assert check_code("draft", issue_code("draft", later(minutes=1)), later(minutes=1))


def test_the_next_code_is_sent_after_half_a_minute(sqlite_database: Database) -> None:
    issue_code("draft", NOON)
    with pytest.raises(TooSoon) as caught:
        issue_code("draft", later(seconds=10))
    assert caught.value.wait == timedelta(seconds=20)
    issue_code("another", later(seconds=10))
    issue_code("draft", later(seconds=30))


def test_an_hour_has_five_codes(sqlite_database: Database) -> None:
    for minute in range(5):
        issue_code("draft", later(minutes=minute))
    with pytest.raises(TooSoon) as caught:
        issue_code("draft", later(minutes=5))
    assert caught.value.wait == timedelta(minutes=55)
    issue_code("draft", later(minutes=60))


def test_whoever_guesses_on_and_on_has_25_guesses_in_an_hour(sqlite_database: Database) -> None:
    looked, right = 0, "none yet"
    for second in range(0, 3600, 5):
        with contextlib.suppress(TooSoon):
            right = issue_code("draft", later(seconds=second))
        row = Code.objects.get()
        before = row.tries
        check_code("draft", other(right), later(seconds=second))
        looked += before < 5
    assert looked == 25


def test_codes_that_are_rolled_back_with_what_sends_them_were_never_made(
    database: Database,
) -> None:
    with pytest.raises(RuntimeError, match="no transport"), transaction.atomic():
        issue_code("draft", NOON)
        raise RuntimeError("no transport")
    issue_code("draft", NOON)


def test_a_guess_cannot_be_rolled_back(database: Database) -> None:
    issue_code("draft", NOON)
    with pytest.raises(RuntimeError, match="atomic"), transaction.atomic():
        check_code("draft", "123456", NOON)


def test_many_at_once_have_five_guesses_together(
    database: Database, in_threads: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    code = issue_code("draft", NOON)
    assert not any(in_threads(5, lambda _: check_code("draft", other(code), NOON)))
    assert not check_code("draft", code, NOON)


def test_of_many_who_type_the_right_code_at_once_one_gets_in(
    database: Database, in_threads: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    code = issue_code("draft", NOON)
    assert sum(in_threads(4, lambda _: check_code("draft", code, NOON))) == 1


def test_of_many_who_ask_at_once_one_gets_a_code(
    database: Database, in_threads: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    def ask(_: int) -> bool:
        try:
            return bool(issue_code("draft", NOON))
        except TooSoon:
            return False

    assert sum(in_threads(4, ask)) == 1


def test_the_database_knows_neither_codes_nor_what_they_are_for(
    sqlite_database: Database,
) -> None:
    code = issue_code("draft-of-ada@example.com", NOON)
    stored = " ".join(map(str, Code.objects.values_list().get()))
    for part in ("draft", "@", "example"):  # no part is all hex digits: a digest may spell "ada"
        assert part not in stored
    assert code not in stored.replace(Code.objects.get().key, "").replace(
        Code.objects.get().digest, ""
    )


def test_an_unknown_purpose_is_dealt_with_as_a_known_one(sqlite_database: Database) -> None:
    """The same statements: nothing that could take another time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    issue_code("known", NOON)
    asked = []
    for purpose in ("known", "unknown"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert not check_code(purpose, "no code", NOON)
        asked.append([each["sql"].split(" ")[0] for each in queries])
    assert asked[0] == asked[1]


def test_codes_are_forgotten_once_nobody_can_use_them(sqlite_database: Database) -> None:
    issue_code("draft", NOON)
    assert codes.forget_over(later(minutes=30)) == 0
    assert codes.forget_over(later(hours=2)) == 1
    assert not Code.objects.exists()
