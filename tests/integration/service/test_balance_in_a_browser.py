"""The analyst's pages in a real browser: dragged along by pointer and keys, typed into, and open to
everybody. The service runs in a thread of the test's own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import browsers
import pytest
from balanced import POINTS, balancing, work
from django.core.wsgi import get_wsgi_application
from django.db import connections
from people import acting, logged_in, person

from equipoise.service.contexts.balances import reading, services
from equipoise.service.platform.accounts.permissions import Role


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The service at an address of this machine."""
    application = get_wsgi_application()

    def answer(environ: Any, start: Any) -> Any:
        try:
            return application(environ, start)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, answer, _Threads, _Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(sqlite_database: Any, tmp_path: Path) -> Iterator[Any]:
    """A browser in which an analyst is logged in who has solved a balance, and its address."""
    with balancing(tmp_path / "demo"), serving() as address:
        analyst = person(Role.ANALYST, "ada")
        run = services.ask(reading.of_workspace(), acting(analyst))
        work()
        [session] = [each for name, each in logged_in(analyst).cookies.items() if "session" in name]
        with _opened(address, session) as made:  # no database is asked in this thread from here on
            made.run = run
            yield made


@contextmanager
def _opened(address: str, session: Any) -> Iterator[Any]:
    with browsers.chromium() as opened:
        context = opened.new_context(viewport={"width": 1100, "height": 900}, base_url=address)
        context.set_default_timeout(browsers.PATIENCE)
        context.add_cookies([{"name": session.key, "value": session.value, "url": address}])
        made = context.new_page()
        made.complaints = []
        made.on("console", lambda message: made.complaints.append(message.text))
        yield made
        context.close()


def test_a_point_follows_the_pointer_and_the_keys(page: Any) -> None:
    page.goto(f"/balance/{page.run}/?point={POINTS}")
    assert browsers.looked_at(page) == []
    head = page.locator("#point h2").first
    picture = page.locator("#point .wide-chart").first
    picture.scroll_into_view_if_needed()  # the keyboard has gone through the whole page
    chart = picture.bounding_box()
    y = chart["y"] + chart["height"] / 2
    page.mouse.move(chart["x"] + chart["width"] * 0.95, y)
    page.mouse.down()
    for share in (0.7, 0.4, 0.01):  # left of the first point there is none to mix it with
        page.mouse.move(chart["x"] + chart["width"] * share, y)
    page.mouse.up()
    page.wait_for_function(
        "() => document.querySelector('#point h2').textContent.startsWith('Point 1 ')"
    )
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('#point h2').textContent.startsWith('Point 2 ')"
    )
    assert head.text_content() == f"Point 2 of {POINTS}"
    assert [each for each in page.complaints if "Content Security Policy" in each] == []


def test_an_appetite_is_checked_as_it_is_typed(page: Any) -> None:
    page.goto("/balance/new")
    assert browsers.looked_at(page) == []
    page.select_option("#limit-0-kind", "number")
    page.fill("#limit-0-value", "much")
    page.wait_for_function(
        "() => document.querySelector('#checked').textContent.includes('appetite.yaml:')"
    )
    page.fill("#limit-0-value", "5")
    page.wait_for_function(
        "() => document.querySelector('#checked').textContent.includes('is sound')"
    )
    page.goto("/what-if/")
    assert browsers.looked_at(page) == []
    assert [each for each in page.complaints if "Content Security Policy" in each] == []
