"""A plain browser without JavaScript: cookies, forms as the pages give them, and how long each
answer took."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from lxml import html

from equipoise.errors import EquipoiseError
from equipoise.rehearsal.handing_in import MULTIPART, with_files

_PATIENCE = 60.0  # seconds for one answer
_MOST_REDIRECTS = 8
_BUSY, _PAUSE = 503, 0.5  # what a busy service says, having done nothing; seconds between tries
_COOKIE = "csrftoken"
_ONE = re.compile(r"/(?:draft|concern|application|decision|review|work-[a-z]+)-[0-9a-z]+")
_TEXTS = ("text", "email", "tel", "search", "number", "")


class NoAnswer(EquipoiseError):
    """The server did not answer, or not whole."""


class Astray(EquipoiseError):
    """A page is not as somebody who applies needs it."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long an answer took: of which page, by which method, in seconds."""

    page: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a form, by what it sends."""

    name: str
    value: str


@dataclass(frozen=True)
class Form:
    """A form: where it is sent, what stands in it, and what can be filled in. `choices` are the
    options of what is chosen from, by name; `boxes` what is typed into; `ticks` what is ticked; it
    stands at the `place` among the page's forms, from 0."""

    action: str
    values: Mapping[str, str]
    boxes: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]]
    ticks: tuple[str, ...]
    files: tuple[str, ...]
    buttons: tuple[Button, ...]
    place: int = 0

    def button(self, name: str, value: str = "") -> Button | None:
        """The first button of that name, and of that value where one is given."""
        named = (each for each in self.buttons if each.name == name)
        return next((each for each in named if value in ("", each.value)), None)


@dataclass(frozen=True)
class Page:
    """An answer that is a page: where it came from in the end, and what stands there."""

    url: str
    status: int
    document: Any = field(repr=False)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def tail(self) -> str:
        """The last part of its address: the page of a draft."""
        return self.path.rstrip("/").rsplit("/", 1)[-1]

    @property
    def language(self) -> str:
        """The language that it says it speaks: `en`, `zh-Hans`."""
        return str(self.document.get("lang") or "")

    @property
    def forms(self) -> list[Form]:
        """The forms of its main part and of its footer, in order."""
        return [
            _form(each, at, self.url, self.document)
            for at, each in enumerate(self.document.iter("form"))
        ]

    def form_to(self, end: str) -> Form | None:
        """The first form whose address ends like that."""
        return next((each for each in self.forms if urlsplit(each.action).path.endswith(end)), None)

    def form_with(self, name: str, value: str = "") -> Form | None:
        """The first form with such a button."""
        return next((each for each in self.forms if each.button(name, value)), None)

    def said(self, xpath: str) -> str:
        """The text of what an XPath finds first; empty where it finds nothing."""
        elements = self.document.xpath(xpath)
        return " ".join(elements[0].text_content().split()) if elements else ""

    def links(self, xpath: str) -> list[str]:
        """Where the links of an XPath lead, each once, in order."""
        links = (urljoin(self.url, each.get("href", "")) for each in self.document.xpath(xpath))
        return list(dict.fromkeys(links))

    def link(self, xpath: str) -> str:
        """Where the first link of an XPath leads; empty where there is none."""
        elements = self.document.xpath(xpath)
        return urljoin(self.url, elements[0].get("href", "")) if elements else ""


@dataclass(frozen=True, slots=True)
class Handed:
    """What a link hands out to be kept: the file's content, empty where a page came instead."""

    status: int
    content: bytes = field(repr=False)


Watched = Callable[[str, str, bool], None]


def ignored(_method: str, _url: str, _answered: bool) -> None:
    """Nobody watches."""


@dataclass
class Browser:
    """One browser on one machine, which `address` tells from others. `watched` is called before and
    after each request, with its method and address. Where the service is busy it is asked `again`,
    so many times at most."""

    url: str
    address: str
    timings: list[Timing] = field(default_factory=list)
    watched: Watched = ignored
    again: int = 0
    _opener: OpenerDirector = field(init=False, repr=False)
    _jar: CookieJar = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._jar = CookieJar()
        cookies = HTTPCookieProcessor(self._jar)
        self._opener = build_opener(ProxyHandler({}), cookies, _Stay())

    def close(self) -> None:
        """Nothing of it stays open."""

    def get(self, where: str) -> Page:
        """The page at an address or path, wherever it leads on. Raises NoAnswer."""
        return self._go("GET", urljoin(self.url, where), None, "")

    def send(
        self, page: Page, form: Form, filled: Mapping[str, str], button: Button | None = None
    ) -> Page:
        """The page that a form leads to, filled in and sent by a button. Raises NoAnswer."""
        values = {**form.values, **filled}
        if button is not None and button.name:
            values[button.name] = button.value
        if any(values.get(name) for name in form.files):
            body = with_files(values, form.files)
            return self._go("POST", form.action, body, page.url, MULTIPART)
        return self._go("POST", form.action, urlencode(values).encode(), page.url)

    def take(self, where: str) -> Handed:
        """The file that a link hands out. Raises NoAnswer."""
        _, status, headers, content = self._led("GET", urljoin(self.url, where), None, "")
        return handed(status, headers.get("Content-Disposition", ""), content)

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> tuple[int, Any]:
        """What the API answers whoever is logged in here: the status, and what came. Raises
        NoAnswer."""
        headers = {"Accept": "application/json", "X-Forwarded-For": self.address}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method != "GET":
            known = {each.name: each.value or "" for each in self._jar}
            headers["X-CSRFToken"] = known.get(_COOKIE, "")
        content = None if body is None else json.dumps(body).encode()
        url = urljoin(self.url, path)
        self.watched(method, url, False)
        status, _, answer = self._asked(Request(url, content, headers, method=method))  # noqa: S310 - to our own server
        self.watched(method, url, True)
        return status, json.loads(answer or b"null")

    def _go(self, method: str, url: str, body: bytes | None, referer: str, kind: str = "") -> Page:
        where, status, _, content = self._led(method, url, body, referer, kind)
        return Page(where, status, document_of(content))

    def _led(
        self, method: str, url: str, body: bytes | None, referer: str, kind: str = ""
    ) -> tuple[str, int, Message, bytes]:
        for _ in range(_MOST_REDIRECTS):
            status, headers, content = self._once(method, url, body, referer, kind)
            if status not in (301, 302, 303, 307, 308):
                return url, status, headers, content
            method, body, url = "GET", None, urljoin(url, headers.get("Location", ""))
        raise Astray(f"{url} leads round and round")

    def _once(
        self, method: str, url: str, body: bytes | None, referer: str, kind: str
    ) -> tuple[int, Message, bytes]:
        headers = {"Accept": "text/html", "X-Forwarded-For": self.address}
        if body is not None and kind:
            headers["Content-Type"] = kind
        if referer:
            headers["Referer"] = referer
        self.watched(method, url, False)
        begun = time.perf_counter()
        status, answered, content = self._asked(Request(url, body, headers, method=method))  # noqa: S310 - to our own server
        self.timings.append(Timing(page_of(method, url), time.perf_counter() - begun))
        self.watched(method, url, True)
        return status, answered, content

    def _asked(self, request: Request) -> tuple[int, Message, bytes]:
        answer = self._answer(request)
        for _ in range(self.again):
            if answer[0] != _BUSY:
                break
            time.sleep(_PAUSE)
            answer = self._answer(request)
        return answer

    def _answer(self, request: Request) -> tuple[int, Message, bytes]:
        try:
            with self._opener.open(request, timeout=_PATIENCE) as response:
                return response.status, response.headers, response.read()
        except HTTPError as refused:  # an answer like any other
            try:
                with refused:
                    return refused.code, refused.headers, refused.read()
            except (OSError, HTTPException) as error:
                raise NoAnswer(f"{request.full_url}: {error}") from None
        except (OSError, HTTPException) as error:
            raise NoAnswer(f"{request.full_url}: {error}") from None


def handed(status: int, disposition: str, content: bytes) -> Handed:
    """What came, if it is a file to be kept."""
    return Handed(status, content if disposition.startswith("attachment") else b"")


def page_of(method: str, url: str) -> str:
    """Which page an address is one of: the same for every application."""
    return f"{method} {_ONE.sub('/…', urlsplit(url).path)}"


class _Stay(HTTPRedirectHandler):
    """Redirects are followed one by one, so that each answer is timed by itself."""

    def redirect_request(  # noqa: PLR0917 - as it is called
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def document_of(content: bytes) -> Any:
    """A page's text as elements."""
    return html.document_fromstring(content or b"<html></html>", parser=_PARSER)


_PARSER = html.HTMLParser(encoding="utf-8")


def _form(element: Any, place: int, url: str, document: Any) -> Form:
    inside = [each for each in element.iter("input", "textarea", "select", "button")
              if each.get("form") is None]  # fmt: skip
    name = element.get("id")
    outside = document.xpath("//*[@form=$name]", name=name) if name else []
    controls = [
        (_kind(each), str(each.get("name", "")), each)
        for each in (*inside, *outside)
        if each.get("disabled") is None
    ]
    named = [each for each in controls if each[1]]
    choices: dict[str, tuple[str, ...]] = {}
    for kind, name, each in named:
        if kind == "radio":
            choices[name] = (*choices.get(name, ()), each.get("value", ""))
        elif kind == "select":
            choices[name] = tuple(option.get("value", "") for option in each.iter("option"))
    return Form(
        urljoin(url, element.get("action") or url),
        {name: text for kind, name, each in named if (text := _stands(kind, each)) is not None},
        tuple(name for kind, name, _ in named if kind in ("text", "textarea")),
        choices,
        tuple(name for kind, name, _ in named if kind == "checkbox"),
        tuple(name for kind, name, _ in named if kind == "file"),
        tuple(
            Button(name, each.get("value", "")) for kind, name, each in controls if kind == "button"
        ),
        place,
    )


def _stands(kind: str, element: Any) -> str | None:
    """What a browser would send of it as it is; None where it would send nothing."""
    if kind in ("button", "file", "range", "submit"):
        return None
    if kind in ("checkbox", "radio"):
        return element.get("value", "on") if element.get("checked") is not None else None
    if kind in ("textarea", "select"):
        return element.value or ""
    return str(element.get("value", ""))


def _kind(element: Any) -> str:
    if element.tag == "input":
        kind = element.get("type", "text").lower()
        return "text" if kind in _TEXTS else str(kind)
    return str(element.tag)
