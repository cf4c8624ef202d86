"""A person's log-in for a program: password, second factor, cookies; anew when it has ended."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from equipoise.client import Conflict, Desk, NotAllowed
from equipoise.client import sessions as module
from equipoise.client.sessions import Session, authenticator, code_at
from equipoise.client.transport import Answer

PASSWORD_PAGE = (b'<form><input name="login"><input name="password">'
            b'<input name="csrfmiddlewaretoken" value="masked"></form>')  # fmt: skip
CODE_PAGE = b'<form><input name="code"><input name="csrfmiddlewaretoken" value="masked2"></form>'
HOME = b"<h1>Home</h1>"
COUNTS = {"shown": 3, "kinds": {"referred": 3}, "mine": 0, "free": 3, "overdue": 0, "held": 0,
          "snoozed": 0}  # fmt: skip


class Service:
    """A service of two pages and one question, told by what it is asked. Only what identifies the
    caller lets them in, so what the client sends is what is tested."""

    def __init__(self, *, factor: bool = True) -> None:
        self.factor, self.sessions, self.typed = factor, 0, []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.inside: str | None = None

    def answer(self, session: Session, request: Any) -> Answer:
        headers = dict(request.headers)
        self.asked.append((request.method, request.where, headers))
        form = {}
        if request.data and b"csrfmiddlewaretoken" in request.data:
            form = {name: values[0] for name, values in parse_qs(request.data.decode()).items()}
            self.typed.append(form)
        pages = {"/accounts/login/": self._password, "/accounts/2fa/authenticate/": self._code}
        if request.where in pages:
            return pages[request.where](session, form)
        return (
            Answer(200, {}, HOME) if request.where == "/" else self._asked(request.method, headers)
        )

    def _password(self, session: Session, form: dict[str, str]) -> Answer:
        session._cookies["csrftoken"] = "secret"
        if form.get("password") != "right":
            return Answer(200, {}, PASSWORD_PAGE)
        if not self.factor:
            return self._in(session)
        return Answer(302, {"location": "/accounts/2fa/authenticate/"}, b"")

    def _code(self, session: Session, form: dict[str, str]) -> Answer:
        return self._in(session) if form.get("code") == "287082" else Answer(200, {}, CODE_PAGE)

    def _asked(self, method: str, headers: dict[str, str]) -> Answer:
        if f"sessionid={self.inside}" not in headers.get("Cookie", ""):
            return Answer(401, {}, b'{"detail": "log in"}')
        if method == "POST" and headers.get("X-CSRFToken") != "secret":
            return Answer(403, {}, b'{"detail": "the CSRF token is missing"}')
        return Answer(200, {}, json.dumps(COUNTS).encode())

    def _in(self, session: Session) -> Answer:
        self.sessions += 1
        self.inside = f"s{self.sessions}"
        session._cookies["sessionid"] = self.inside
        return Answer(302, {"location": "/"}, b"")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service()
    monkeypatch.setattr(Session, "_until", lambda self, request, _by: made.answer(self, request))
    return made


def desk(password: str = "right", **more: Any) -> Desk:  # noqa: S107 - of the service above
    return Desk("https://decisions.example.com", "olga", password, **more)


def test_it_logs_in_when_something_is_first_asked_and_goes_nowhere_before(service: Service) -> None:
    person = desk(code=lambda: "287082")
    assert service.asked == []
    assert person.counts().kinds == {"referred": 3}
    assert service.typed[0] == {
        "login": "olga", "password": "right", "csrfmiddlewaretoken": "masked",
    }  # fmt: skip
    assert service.typed[1] == {"code": "287082", "csrfmiddlewaretoken": "masked2"}
    person.counts()
    assert service.sessions == 1, "one log-in for all that follows"
    assert service.asked[-1][2]["Referer"] == "https://decisions.example.com/"


def test_where_the_session_has_ended_it_logs_in_again_and_asks_again(service: Service) -> None:
    person = desk(code=lambda: "287082")
    person.counts()
    service.inside = "another"
    assert person.counts().shown == 3
    assert service.sessions == 2


@pytest.mark.parametrize(
    ("password", "code", "said"),
    [
        ("wrong", None, "was not taken"),
        ("right", None, "has a second factor"),
        ("right", lambda: "000000", "was not taken"),
    ],
)
def test_a_log_in_that_is_refused_says_why(
    service: Service, password: str, code: Any, said: str
) -> None:
    with pytest.raises(NotAllowed, match=said):
        desk(password, code=code).counts()
    assert service.sessions == 0


def test_a_log_in_that_leads_to_another_service_goes_no_further(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Answer(302, {"location": "https://evil.example.com/"}, b"")
    monkeypatch.setattr(service, "_in", lambda _session: away)
    with pytest.raises(NotAllowed, match="leads to another service"):
        desk(code=lambda: "287082").counts()


def test_an_account_without_a_second_factor_needs_no_code(service: Service) -> None:
    service.factor = False
    assert desk().counts().free == 3


def test_nothing_is_signed_where_nothing_waits(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = {"decision": "d", "left": True, "last": True, "level": "senior", "signatures": 2,
            "able": [], "refusal": "", "limits": None, "reasons": [], "overrides": {},
            "waits": None, "said": [], "owed": {}}  # fmt: skip
    inside = lambda *_: Answer(200, {}, json.dumps(result).encode())  # noqa: E731
    person = desk(code=lambda: "287082")
    person.counts()
    monkeypatch.setattr(service, "answer", inside)
    with pytest.raises(Conflict, match="nothing waits for a signature"):
        person.sign("d", "as said")


# RFC 6238, appendix B, of SHA-1: the last six of the eight digits printed there
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(b"12345678901234567890", seconds) == code


def test_a_code_is_given_once_and_not_in_its_last_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [29.0]  # one second is left of the first period
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    monkeypatch.setattr(module.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    code = authenticator("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert code() == code_at(b"12345678901234567890", 30)
    assert code() == code_at(b"12345678901234567890", 60)
