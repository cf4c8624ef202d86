"""Going over the desks of the lender's people as they do: from home, by whatever links stand on the
pages, each address once, so that a new page is come to without anybody naming it here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from at_the_desk import referred, underwriter, waiting
from django.urls import Resolver404, resolve
from lender import AUTHORITY, anew, publish
from one_of_each import one_of_each
from own_folder import own_folder
from people import acting, logged_in, person, with_key
from test_anything_sent import on_trial
from through_door import Client
from work_done import work_done

from equipoise.service.contexts.process.tasks import draw_process
from equipoise.service.platform.accounts.permissions import Role, key_scopes
from equipoise.workspace import new_demo

ROLES = tuple(role for role in Role if role not in (Role.NONE, Role.API_CLIENT))
NORTH = {"branch": "north"}
# Not of the desks: how people log in, who applies, what programs read.
_ELSEWHERE = ("/accounts/", "/apply/", "/docs", "/problems/", "/v1/", "/static/", "/invitation/")
_APPLICANTS = 300
_DESKS = ("/accounts/sessions/",)


@dataclass
class Desk:
    """Somebody's browser, and where their forms led: no link does again."""

    client: Client
    led_to: list[str] = field(default_factory=list)


def _workspace(folder: str) -> Path:
    """The synthetic lender's documents, with a little data; nothing is fitted."""
    there = Path(folder) / "demo"
    new_demo(there, _APPLICANTS, 7)
    return there


@contextmanager
def a_working_lender() -> Iterator[Mapping[Role, Desk]]:
    """A lender at work, with one of everything that pages show: each role's browser."""
    with TemporaryDirectory() as folder, anew(), own_folder(_workspace(folder)):
        publish(authority=AUTHORITY)
        scopes = [each.value for each in key_scopes()]
        program, _ = with_key(person(Role.ADMINISTRATOR), *scopes, rate=1e4, burst=10_000, **NORTH)
        one_of_each(program)
        on_trial(acting(person(Role.ANALYST)))
        referred(NORTH["branch"])
        waiting()
        draw_process.func()
        people = {role: person(role) for role in ROLES if role is not Role.UNDERWRITER}
        people[Role.UNDERWRITER] = underwriter("senior", **NORTH)
        desks = {role: Desk(logged_in(user)) for role, user in people.items()}
        for role, led_to in work_done({role: desk.client for role, desk in desks.items()}).items():
            desks[role].led_to += led_to
        yield desks


def links(page: Any, address: str) -> Iterator[str]:
    """The addresses that a page leads to, or asks for by itself, as paths."""
    named_there = [each.get("href", "") for each in page.iter("a")]
    named_there += [each.get("hx-get") for each in page.xpath("//*[@hx-get]")]
    named_there += [each.get("action", "") for each in page.xpath("//form[@role='search']")]
    for each in named_there:
        there = urlsplit(urljoin(f"http://here{address}", each))
        if there.netloc == "here":
            yield f"{there.path}?{there.query}" if there.query else there.path


def named(path: str) -> str:
    """What the address is called; empty where it is none of the desks'."""
    plain = urlsplit(path).path
    if plain.startswith(_ELSEWHERE) and not plain.startswith(_DESKS):
        return ""
    try:
        return resolve(plain).view_name
    except Resolver404:
        return f"nothing at {plain}"


class Way:
    """From home on, by links: each address once."""

    def __init__(self, *besides: str) -> None:
        self._seen, self._waiting = {""}, ["/", *besides]

    def __iter__(self) -> Iterator[str]:
        while self._waiting:
            path = self._waiting.pop(0)
            if named(path) not in self._seen:
                self._seen.add(named(path))
                yield path

    def leads_to(self, paths: Iterable[str]) -> None:
        """There are links to these."""
        self._waiting += paths


def pages(desk: Desk, language: str) -> Iterator[tuple[str, Any, Any]]:
    """Every page that is come to from home: its path, the answer, and what stands on it; None there
    for a file."""
    way, client = Way(*desk.led_to), desk.client
    for path in way:
        answer = client.get(path, headers={"Accept-Language": language})
        if answer.status_code == 302:  # there is nothing on it yet
            answer = client.get(answer["Location"], headers={"Accept-Language": language})
        is_page = answer.get("Content-Type", "").startswith("text/html")
        page = lxml.html.fromstring(answer.getvalue().decode()) if is_page else None
        yield path, answer, page
        way.leads_to([] if page is None else links(page, path))
