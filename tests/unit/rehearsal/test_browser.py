"""A browser without JavaScript reads a page's forms as a real one would send them; and a real one
is worked by hand to the same end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from equipoise.rehearsal.browser import Browser, NoAnswer
from equipoise.rehearsal.chromium import Chromium, missing_for_browsers
from equipoise.rehearsal.handing_in import DOCUMENT, PICTURE, content_of

PAGE = """<html lang="zh-Hans"><body><main>
<form method="post" id="page"><input type="hidden" name="csrfmiddlewaretoken" value="secret">
<input name="answer" value="12,000" maxlength="5"><textarea name="words">as
it stands</textarea>
<input type="radio" name="way" value="a"><input type="radio" name="way" value="b" checked>
<input type="checkbox" name="agreed"><input type="checkbox" name="kept" checked>
<input type="range" min="1" data-box="answer"><input name="off" disabled value="x">
<input type="file" name="paper"><button name="go" value="on">On</button></form>
<form action="/other"><select name="s"><option value="1"><option value="2" selected></select>
<button>Go</button></form>
</main><footer><button form="page" name="go" value="language-en">English</button></footer>
</body></html>"""


class _Handler(BaseHTTPRequestHandler):
    sent: bytes = b""
    busy: int = 0

    def do_GET(self) -> None:
        if self.path == "/busy" and type(self).busy:
            type(self).busy -= 1
            self._page("{}", 503)
            return
        if self.path == "/gone":
            self.close_connection = True
            return
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/here")
            self.send_header("Set-Cookie", "draft=secret; Path=/here")
            self.end_headers()
            return
        self._page(PAGE if self.path == "/form" else f"<p>{self.headers.get('Cookie')}</p>")

    def do_POST(self) -> None:
        type(self).sent = self.rfile.read(int(self.headers["Content-Length"]))
        self._page("<p>taken</p>", 422)

    def _page(self, text: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def browser(url: str) -> Browser:
    return Browser(url, "10.0.0.1")


def test_a_form_is_what_a_browser_would_send_of_it(browser: Browser) -> None:
    form = browser.get("/form").forms[0]
    assert form.values == {
        "csrfmiddlewaretoken": "secret",
        "answer": "12,000",
        "words": "as\nit stands",
        "way": "b",
        "kept": "on",
    }
    assert form.boxes == ("answer", "words")
    assert form.choices == {"way": ("a", "b")}
    assert (form.ticks, form.files) == (("agreed", "kept"), ("paper",))
    assert [each.value for each in form.buttons] == ["on", "language-en"]


def test_what_is_chosen_from_a_list_is_what_stands_there(browser: Browser) -> None:
    form = browser.get("/form").form_to("/other")
    assert form is not None
    assert (form.values, form.choices) == ({"s": "2"}, {"s": ("1", "2")})


def test_a_refused_form_is_a_page_like_any_other(browser: Browser) -> None:
    page = browser.get("/form")
    answer = browser.send(page, page.forms[0], {"answer": "１万", "go": "on"})
    assert (answer.status, answer.said("//p")) == (422, "taken")
    assert b"answer=%EF%BC%91%E4%B8%87" in _Handler.sent
    assert b"go=on" in _Handler.sent


@pytest.mark.parametrize(("name", "begins"), [(DOCUMENT, b"%PDF"), (PICTURE, b"\xff\xd8\xff")])
def test_a_document_is_sent_after_the_words(browser: Browser, name: str, begins: bytes) -> None:
    page = browser.get("/form")
    browser.send(page, page.forms[0], {"paper": name, "words": "为什么"})
    head, _, file = _Handler.sent.partition(f'name="paper"; filename="{name}"\r\n\r\n'.encode())
    assert 'name="words"\r\n\r\n为什么\r\n'.encode() in head
    assert file.startswith(begins)
    assert content_of(name) in file


def test_redirects_are_followed_with_their_cookies_and_each_answer_is_timed(
    browser: Browser,
) -> None:
    page = browser.get("/moved")
    assert (page.path, page.said("//p")) == ("/here", "draft=secret")
    assert [each.page for each in browser.timings] == ["GET /moved", "GET /here"]


@pytest.mark.parametrize(("again", "status", "left"), [(0, 503, 1), (2, 200, 0), (9, 200, 0)])
def test_who_is_told_that_they_are_busy_asks_again(
    url: str, monkeypatch: pytest.MonkeyPatch, again: int, status: int, left: int
) -> None:
    monkeypatch.setattr("equipoise.rehearsal.browser._PAUSE", 0.0)
    monkeypatch.setattr(_Handler, "busy", 2)
    assert Browser(url, "10.0.0.1", again=again).get("/busy").status == status
    assert _Handler.busy == left


def test_no_answer_is_said_to_be_none(browser: Browser) -> None:
    with pytest.raises(NoAnswer):
        browser.get("/gone")


def test_in_a_real_browser_the_same_is_filled_in_by_hand_and_pressed(url: str) -> None:
    if missing_for_browsers():
        pytest.skip("chromium not present: install it or set EQUIPOISE_CHROMIUM to its path")
    browser = Chromium(url, "10.0.0.1")
    try:
        page = browser.get("/form")
        filled = {"answer": "1万", "way": "a", "agreed": "on", "go": "on"}
        answer = browser.send(page, page.forms[0], filled)
        assert (answer.status, answer.said("//p")) == (422, "taken")
        assert dict(parse_qsl(_Handler.sent.decode(), keep_blank_values=True)) == {
            "csrfmiddlewaretoken": "secret",
            "answer": "1万",
            "words": "as\r\nit stands",
            "way": "a",
            "agreed": "on",
            "kept": "on",
            "go": "on",
            "paper": "",
        }
        other = browser.send(page, page.forms[1], {"s": "1"})
        assert other.path == "/other"
        assert [each.page for each in browser.timings][:2] == [
            "GET /form in a browser",
            "POST /form in a browser",
        ]
        with pytest.raises(NoAnswer):
            browser.get("/gone")
    finally:
        browser.close()
