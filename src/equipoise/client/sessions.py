"""A person's log-in, as a browser has it: what people do is theirs, and no API key does it."""

from __future__ import annotations

import base64
import hmac
import ssl
import struct
import threading
import time
from collections.abc import Callable
from html.parser import HTMLParser
from http.client import HTTPResponse
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit

from .problems import NotAllowed, problem
from .retries import Retries
from .transport import Answer, Sender

_LOGIN = "/accounts/login/"
_MOST_REDIRECTS = 8
_PERIOD, _DIGITS, _TO_SEND = 30, 6, 3  # of a code; seconds that it has to be good for
_LED = frozenset({301, 302, 303, 307, 308})


class Session(Sender):
    """Sends as a person who is logged in. `code` gives what their second factor shows now, where
    they have one: `authenticator` makes it from its secret.

    It logs in when something is first asked, and again where the service has ended the session.
    """

    def __init__(  # noqa: PLR0917 - who logs in, and how the connection is kept
        self,
        url: str,
        name: str,
        password: str,
        code: Callable[[], str] | None,
        timeout: float,
        retries: Retries,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(url, timeout, retries, context)
        parts = urlsplit(url)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._name, self._password, self._code = name, password, code
        self._cookies: dict[str, str] = {}
        self._entered = threading.RLock()

    def identity(self) -> dict[str, str]:
        """Cookies, and against forgery the token that stands in one of them."""
        headers = {"Referer": f"{self._origin}/"}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        token = next((v for n, v in self._cookies.items() if n.endswith("csrftoken")), "")
        return {**headers, "X-CSRFToken": token} if token else headers

    def heard(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies.pop(name, None)
                else:
                    self._cookies[name] = morsel.value

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """As `Sender.ask`, logged in. Raises NotAllowed where the log-in is refused."""
        before = self._session()
        if not before:
            self.log_in()
        try:
            return super().ask(method, path, body, **more)
        except NotAllowed as refused:
            if refused.status != 401 or not before:
                raise
        self.log_in()  # it had ended, and nothing was done
        return super().ask(method, path, body, **more)

    def log_in(self) -> None:
        """Log in by password, and by the code where one is asked for. Raises NotAllowed."""
        with self._entered:
            self._cookies.clear()
            where, page = self._led(_LOGIN, self.page(_LOGIN))
            typed = {"login": self._name, "password": self._password}
            where, page = self._filled(where, page, "login", typed)
            if "code" in _boxes(page) and "login" not in _boxes(page):
                if self._code is None:
                    raise _refused("the account has a second factor; give `code`")
                where, page = self._filled(where, page, "code", {"code": self._code()})
            if not self._session() or {"login", "code"} & {*_boxes(page)}:
                raise _refused("the name, the password or the code was not taken")

    def log_out(self) -> None:
        """End the session, here and at the service."""
        if self._session():
            super().page("/accounts/logout/", {"csrfmiddlewaretoken": self._token()})
        self._cookies.clear()
        self.close()

    def _session(self) -> str:
        return next((v for n, v in self._cookies.items() if n.endswith("sessionid")), "")

    def _token(self) -> str:
        return next((v for n, v in self._cookies.items() if n.endswith("csrftoken")), "")

    def _filled(
        self, where: str, page: Answer, box: str, typed: dict[str, str]
    ) -> tuple[str, Answer]:
        """The page that the form leads to. Raises Problem where there is no such form."""
        hidden = _boxes(page)
        if box not in hidden:
            body = page.json if isinstance(page.json, dict) else {}
            why = body or {"detail": f"{where} ({page.status}) asks for no {box}"}
            raise problem(page.status, why, retry_after=page.retry_after)
        token = hidden.get("csrfmiddlewaretoken") or self._token()
        sent = {**typed, "csrfmiddlewaretoken": token}
        if hidden.get("next"):
            sent["next"] = hidden["next"]
        return self._led(where, self.page(where, sent))

    def _led(self, where: str, answer: Answer) -> tuple[str, Answer]:
        """Where the answer leads on to, on this service alone."""
        for _ in range(_MOST_REDIRECTS):
            if answer.status not in _LED:
                return where, answer
            to = urlsplit(urljoin(self._origin + where, answer.headers.get("location", "")))
            if f"{to.scheme}://{to.netloc}" != self._origin:
                raise _refused("the log-in leads to another service")
            where = to.path + (f"?{to.query}" if to.query else "")
            answer = self.page(where)
        raise _refused("the log-in leads round and round")


def authenticator(secret: str) -> Callable[[], str]:
    """What an app shows that holds this secret (base32): RFC 6238 with SHA-1 and six digits.

    A code is good once: asked again within its thirty seconds it waits for the next one.
    """
    key = base64.b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret) % 8))
    last = [-1]

    def code() -> str:
        while True:
            now = time.time()
            period, left = int(now // _PERIOD), _PERIOD - now % _PERIOD
            if period != last[0] and left >= _TO_SEND:
                last[0] = period
                return code_at(key, now)
            time.sleep(left)

    return code


def code_at(key: bytes, seconds: float) -> str:
    """The code of that moment, in seconds since 1970."""
    digest = hmac.digest(key, struct.pack(">Q", int(seconds // _PERIOD)), "sha1")
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


class _Boxes(HTMLParser):
    """The inputs of the page's forms, by name, with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "input" and attributes.get("name"):
            self.named[str(attributes["name"])] = attributes.get("value") or ""


def _boxes(page: Answer) -> dict[str, str]:
    parser = _Boxes()
    parser.feed(page.body.decode("utf-8", "replace"))
    return parser.named


def _refused(why: str) -> NotAllowed:
    return NotAllowed(401, {"detail": why})
