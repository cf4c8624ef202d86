"""How often may be guessed: reckoned by a clock of the test's own, and tried at the doors."""

from __future__ import annotations

import math
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from authenticator import code
from django.core.cache import cache
from django.test import Client, override_settings
from processes import Server, workspace

from equipoise.service.platform.accounts.models import User
from equipoise.service.platform.accounts.permissions import Role
from equipoise.service.platform.accounts.services import make_user
from equipoise.service.platform.login import guesses
from equipoise.service.platform.login.guesses import (
    CODE,
    PASSWORD,
    Pace,
    TooManyGuesses,
    take,
    take_alone,
)
from equipoise.service.platform.login.models import Guesses, Remembered
from equipoise.service.platform.login.tasks import forget_what_is_over

RIGHT, WRONG = "four plain words here", "horse battery staple"
HOUR = 3600


@pytest.fixture(autouse=True)
def _passwords_are_looked_at_quickly() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


class Clock:
    """The time that guesses are reckoned by."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(guesses, "_now", made.now)
    return made


def wait(guess: Callable[[], Any]) -> float:
    """Seconds the guess must wait; 0: it was looked at."""
    try:
        guess()
    except TooManyGuesses as error:
        return error.wait.total_seconds()
    return 0.0


def looked_at(clock: Clock, hours: int, guess: Callable[[], Any]) -> list[int]:
    """How many guesses were looked at in each hour, by somebody who tries whenever they may."""
    counts = []
    for _ in range(hours):
        end, count = clock.at + timedelta(hours=1), 0
        while clock.at < end:
            left = wait(guess)
            count += not left
            clock.pass_by(left)
        counts.append(count)
    return counts


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    ("pace", "counts"), [(PASSWORD, [70, 60, 60]), (CODE, [18, 4, 4])], ids=["password", "code"]
)
def test_so_many_guesses_an_hour_are_looked_at(clock: Clock, pace: Pace, counts: list[int]) -> None:
    alone = looked_at(clock, 3, lambda: take_alone(pace, "maria's"))
    assert all(abs(a - b) <= 1 for a, b in zip(alone, counts, strict=True)), alone
    alike = looked_at(clock, 3, lambda: take(pace, "eve's", "192.0.2.1"))
    assert all(abs(a - b) <= 1 for a, b in zip(alike, counts, strict=True)), alike


@pytest.mark.usefixtures("sqlite_database")
def test_many_addresses_get_no_more_guesses_at_one_name(clock: Clock) -> None:
    count, end = 0, clock.at + timedelta(hours=1)
    free = {f"192.0.2.{n}": clock.at for n in range(40)}
    while clock.at < end:
        for address, moment in free.items():
            if moment <= clock.at:
                left = wait(lambda: take(PASSWORD, "maria's", address))  # noqa: B023
                count += not left
                free[address] = clock.at + timedelta(seconds=left)
        clock.pass_by(1)
    assert count <= 75


@pytest.mark.usefixtures("sqlite_database")
def test_who_guesses_without_end_does_not_keep_the_right_person_out(clock: Clock) -> None:
    for _ in range(400):
        wait(lambda: take(PASSWORD, "maria's", "192.0.2.66"))
        clock.pass_by(1)
    left = wait(lambda: take(PASSWORD, "maria's", "198.51.100.7"))
    assert 0 < left <= 120
    for _ in range(int(left) + 1):
        wait(lambda: take(PASSWORD, "maria's", "192.0.2.66"))
        clock.pass_by(1)
    assert wait(lambda: take(PASSWORD, "maria's", "198.51.100.7")) == 0


@pytest.mark.usefixtures("sqlite_database")
def test_one_address_is_slowed_at_whatever_names(clock: Clock) -> None:
    n = iter(range(10_000))
    counts = looked_at(clock, 2, lambda: take(PASSWORD, f"{next(n)}'s", "192.0.2.1"))
    assert counts[0] <= 96
    assert counts[1] <= 61


@pytest.mark.usefixtures("sqlite_database")
def test_to_hammer_makes_the_wait_no_longer_and_writes_nothing(clock: Clock) -> None:
    for _ in range(9):
        clock.pass_by(wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")))
    first = wait(lambda: take(PASSWORD, "maria's", "192.0.2.1"))
    before = list(Guesses.objects.order_by("key").values())
    assert [wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")) for _ in range(50)] == [first] * 50
    assert list(Guesses.objects.order_by("key").values()) == before


@pytest.mark.usefixtures("sqlite_database")
def test_a_right_guess_gives_back_no_more_than_it_took(clock: Clock) -> None:
    for _ in range(100):  # somebody who has an account of their own here
        take(PASSWORD, "eve's", "192.0.2.1").right()
    for _ in range(30):
        clock.pass_by(wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")))
        take(PASSWORD, "eve's", "203.0.113.9").right()
    waits = [wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")) for _ in range(2)]
    assert max(waits) > 10


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_that_is_set_shuts_nobody_out(clock: Clock, years: int) -> None:
    for _ in range(30):
        clock.pass_by(wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")))
    clock.pass_by(years * 365 * 24 * HOUR)
    assert wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")) <= 60
    assert wait(lambda: take(PASSWORD, "maria's", "198.51.100.7")) <= 120


@pytest.mark.usefixtures("database", "clock")
def test_of_many_at_once_no_more_are_looked_at(in_threads: Any) -> None:
    waits = in_threads(16, lambda _: wait(lambda: take(PASSWORD, "maria's", "192.0.2.1")))
    assert waits.count(0) == PASSWORD.free
    alone = in_threads(16, lambda _: wait(lambda: take_alone(PASSWORD, "eve's")))
    assert alone.count(0) == PASSWORD.free


@pytest.mark.usefixtures("database")
def test_what_is_remembered_is_added_by_one_alone_and_under_no_readable_key(
    in_threads: Any,
) -> None:
    assert sum(in_threads(8, lambda _: cache.add("user=1&code=123456", "y", timeout=30))) == 1
    assert cache.get("user=1&code=123456") == "y"
    assert not re.search(r"\b(user|code|123456)\b", str(list(Remembered.objects.values())))
    cache.set("user=1&code=123456", [1, 2], timeout=-1)
    assert cache.get("user=1&code=123456") is None
    assert cache.add("user=1&code=123456", "z", timeout=None)
    assert cache.touch("user=1&code=123456", 0)
    forget_what_is_over.func()
    assert not Remembered.objects.exists()


# At the doors.


def maria() -> User:
    return make_user("maria", RIGHT, Role.ANALYST, by="user.1")


def tried(client: Client, password: str, name: str = "maria", **headers: str) -> Any:
    asked = {"login": name, "password": password}
    return client.post("/accounts/login/", asked, headers={"Accept": "text/html", **headers})


@pytest.mark.usefixtures("sqlite_database", "clock")
@pytest.mark.parametrize("name", ["maria", "nobody"])
def test_after_some_tries_a_page_says_how_long_to_wait(name: str) -> None:
    maria()
    answers = [tried(Client(), f"{WRONG} {n}", name) for n in range(8)]
    assert [each.status_code for each in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert "Please wait" in answers[-1].content.decode()


@pytest.mark.usefixtures("sqlite_database", "clock")
def test_however_the_name_is_written_it_is_the_same_one() -> None:
    maria()
    names = ["maria", "MARIA", " maria ", "\uff4daria", "Maria", "mariA"]
    assert [tried(Client(), WRONG, name).status_code for name in names] == [200] * 5 + [429]


@pytest.mark.usefixtures("sqlite_database")
def test_a_browser_that_is_known_does_not_wait_for_what_others_try(clock: Clock) -> None:
    maria()
    known = Client()
    assert tried(known, RIGHT).status_code == 302
    known.post("/accounts/logout/")
    for n in range(40):
        tried(Client(), f"{WRONG} {n}")
        clock.pass_by(1)
    assert tried(Client(), RIGHT).status_code == 429
    assert tried(known, RIGHT).status_code == 302
    known.post("/accounts/logout/")
    said = [tried(known, f"{WRONG} {n}").status_code for n in range(7)]
    assert said == [200] * 5 + [429] * 2  # it has a pace too


@pytest.mark.usefixtures("sqlite_database")
def test_the_right_person_gets_in_from_elsewhere_when_their_turn_has_come(clock: Clock) -> None:
    maria()
    for n in range(150):
        tried(Client(), f"{WRONG} {n}")
        clock.pass_by(1)
    at_home = {"REMOTE_ADDR": "198.51.100.7"}
    asked = {"login": "maria", "password": RIGHT}
    answer = Client().post("/accounts/login/", asked, **at_home)
    assert answer.status_code == 429
    for n in range(int(answer["Retry-After"]) + 1):
        tried(Client(), f"{WRONG} {n}")
        clock.pass_by(1)
    assert Client().post("/accounts/login/", asked, **at_home).status_code == 302


@pytest.mark.usefixtures("sqlite_database", "clock")
def test_codes_and_the_password_of_now_are_guessed_no_faster() -> None:
    secret = generate_totp_secret()
    TOTP.activate(maria(), secret)
    client = Client()
    tried(client, RIGHT)
    code_at = "/accounts/2fa/authenticate/"
    said = [client.post(code_at, {"code": f"{n:06d}"}).status_code for n in range(7)]
    assert said == [200] * 5 + [429] * 2
    Guesses.objects.all().delete()
    assert client.post(code_at, {"code": code(secret)}).status_code == 302
    for path, field in [
        ("/accounts/reauthenticate/", "password"),
        ("/accounts/password/change/", "oldpassword"),
        ("/accounts/2fa/reauthenticate/", "code"),
    ]:
        Guesses.objects.all().delete()
        said = [client.post(path, {field: f"{WRONG} {n}"}).status_code for n in range(7)]
        assert said == [200] * 5 + [429] * 2, path


# Over processes.


class Browser:
    """A browser that has never been here: cookies of its own, at a real server."""

    def __init__(self, server: Server) -> None:
        self.url = server.said["url"]
        self.jar = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.jar)
        self._opener = urllib.request.build_opener(cookies)

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Load the page and send its form; the status and where it led."""
        self._opener.open(f"{self.url}{path}").read()
        [token] = [each.value for each in self.jar if each.name == "csrftoken"]
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token or ""})
        try:
            with self._opener.open(f"{self.url}{path}", body.encode()) as answer:
                return answer.status, answer.url.removeprefix(self.url)
        except urllib.error.HTTPError as error:
            return error.code, path


def may_have_been_looked_at(seconds: float) -> int:
    """The most guesses that are looked at in so long a time."""
    return PASSWORD.free + int(math.log2(seconds + 1)) + 1 + int(seconds / 60)


def test_three_processes_and_a_restart_look_at_no_more_guesses(
    _empty_postgresql: Any, tmp_path: Path
) -> None:
    with _empty_postgresql() as url:
        server = Server(workspace(tmp_path / "lender"), url, 3, background=False).start()
        try:
            begun = time.monotonic()
            said = guessed(server, 12)
            assert server.stop() == 0
            server.start()
            said += guessed(server, 12)
            assert said.count(200) <= may_have_been_looked_at(time.monotonic() - begun)
            assert set(said) == {200, 429}
        finally:
            server.stop()


def guessed(server: Server, times: int) -> list[int]:
    """The statuses of so many wrong passwords, each from a browser that was never here."""
    form = {"login": "eve", "password": WRONG}
    return [Browser(server).send("/accounts/login/", **form)[0] for _ in range(times)]
