"""A lender's language model, behind a real server: it chooses or rewords, and adds nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from equipoise.errors import BadInput
from equipoise.helper import Answer, Endpoint, LanguageModel, Menu, open_helper

TITLES = {"fees": "Fees", "payout": "When the money arrives"}


class _Server(ThreadingHTTPServer):
    """Answers as OpenAI's address does, with what a test puts into `says`."""

    daemon_threads = True
    says: Any = ""
    status = 200
    slowly = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.over = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        says = self.server.says
        content = says if isinstance(says, bytes) else _completion(says)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.server.slowly:
            self._drip(content)
        else:
            self.wfile.write(content)

    def _drip(self, content: bytes) -> None:
        try:
            for each in content:
                self.wfile.write(bytes([each]))
                self.wfile.flush()
                if self.server.over.wait(0.2):
                    return
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        return


def _completion(says: Any) -> bytes:
    content = says if isinstance(says, str) else json.dumps(says)
    return json.dumps({"choices": [{"message": {"content": content}}]}).encode()


@pytest.fixture
def server() -> Iterator[_Server]:
    made = _Server()
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()


def _model(server: _Server, key: str = "", seconds: float = 60.0) -> LanguageModel:
    """Waited for longer than in the service: a loaded machine is no language model's fault."""
    address = f"http://127.0.0.1:{server.server_port}/v1/"
    return LanguageModel(Endpoint(address, "small", key=key, seconds=seconds))


def test_it_may_choose_one_of_the_texts_it_was_shown(server: _Server) -> None:
    server.says = {"id": "fees"}
    name, choosing = _model(server, key="k").choose("any charge?", TITLES, [])
    assert name == "fees"
    assert (choosing.model, json.loads(choosing.answer)) == ("small", {"id": "fees"})
    path, headers, body = server.asked[0]
    assert (path, headers["Authorization"]) == ("/v1/chat/completions", "Bearer k")
    assert (body["model"], body["temperature"]) == ("small", 0)
    form = body["response_format"]["json_schema"]["schema"]["properties"]["id"]
    assert form["enum"] == ["fees", "payout", "none"]
    assert "tools" not in body


def test_who_asks_is_masked_before_anything_is_sent(server: _Server) -> None:
    server.says = {"id": "none"}
    question = "I am Ann Hill, card 4111 1111 1111 1111, born 1990-03-12, ann@hill.example. Fees?"
    assert _model(server).choose(question, TITLES, ["Ann Hill"]) is None
    sent = json.dumps(server.asked[0][2])
    assert "[known], card [card], born [date], [e-mail]" in sent
    assert not any(each in sent for each in ("Ann", "4111", "1990", "hill"))


@pytest.mark.parametrize(
    "says",
    [{"id": "documents"}, {"id": 7}, {"id": ["fees"]}, {"name": "fees"}, "fees", "", [], b"no json",
     b"[]", b'{"choices": []}', b"x" * 200_000, b'{"choices": [{"message": {"content": null}}]}'],
)  # fmt: skip
def test_whatever_else_it_says_is_no_choice(server: _Server, says: Any) -> None:
    server.says = says
    assert _model(server).choose("any charge?", TITLES, []) is None


@pytest.mark.parametrize("status", [302, 401, 429, 500])
def test_where_it_fails_the_plain_way_is_taken(server: _Server, status: int) -> None:
    server.says, server.status = {"id": "fees"}, status
    helper = open_helper(by="characters", chooser=_model(server))
    assert isinstance(helper.reply("something about the money and the days", {}, "en"), Menu)


def test_nobody_at_the_address_is_no_choice(server: _Server) -> None:
    model = _model(server)
    server.shutdown()
    server.server_close()
    assert model.choose("any charge?", TITLES, []) is None


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(server: _Server) -> None:
    server.says, server.slowly = {"id": "fees"}, True  # the whole would be a choice
    assert _model(server, seconds=0.5).choose("any charge?", TITLES, []) is None


def test_it_may_say_a_text_in_other_words(server: _Server) -> None:
    server.says = {
        "text": "It costs nothing to apply. Anything a loan costs is in the APR and in the offer; "
        "what a late instalment costs is in the agreement."
    }
    helper = open_helper(by="characters", reworder=_model(server))
    reply = helper.chosen("fees", {}, "en")
    assert isinstance(reply, Answer)
    assert reply.text.startswith("It costs nothing to apply.")
    assert reply.original.startswith("Applying costs nothing.")
    assert reply.reworded_by is not None


@pytest.mark.parametrize(
    ("text", "reworded"),
    [
        ("You have 14 days.", "You have 15 days."),
        ("You have 14 days.", "You have two weeks."),
        ("Call before 1 May 2027.", "Call before 1 June 2027."),
        ("Ask Mr Hill for it.", "Ask Mr Mill for it."),
        ("We do not sell it.", "We sell it."),
        ("It costs 5 %.", "It costs 5 €."),
        ("Choose “About you”.", "Choose “About me”."),
        ("We pay within two days.", "We pay within days."),
        ("不收违约金。", "收违约金。"),
        ("三天内到账。", "五天内到账。"),
        ("You have 14 days.", ""),
        ("You have 14 days.", "You have 14 days, ask Bob Marley."),
    ],
)
def test_words_that_say_something_else_are_not_shown(
    server: _Server, text: str, reworded: str
) -> None:
    server.says = {"text": reworded}
    assert _model(server).reword(text) is None


def test_what_was_filled_from_a_record_is_never_sent(server: _Server) -> None:
    server.says = {"text": "Other words."}
    helper = open_helper(by="characters", reworder=_model(server))
    record = dict.fromkeys(helper.approved.fields(), "secret")
    assert isinstance(helper.chosen("my_cost", record, "en"), Answer)
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "key"), [("ftp://x", ""), ("nothing", ""), ("http://model.example/v1", "k")]
)
def test_an_address_that_will_not_do_is_refused(url: str, key: str) -> None:
    with pytest.raises(BadInput):
        Endpoint(url, "small", key)


def test_a_key_is_not_shown() -> None:
    assert "hidden" not in repr(Endpoint("https://model.example/v1", "small", "hidden"))
