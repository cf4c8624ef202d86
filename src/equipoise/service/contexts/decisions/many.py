"""Many applications in one request: each has a key of its own, and gets an answer of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from equipoise.record.json_text import write_json
from equipoise.service.contexts.decisions.asking import ask_of, tried
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.schemas import ApplicationOfMany
from equipoise.service.contexts.decisions.together import Ask, decide_together
from equipoise.service.platform.accounts.permissions import Principal

_TOGETHER = 250  # in one commit, so that nobody else waits long for theirs
Tell = Callable[[Exception], tuple[int, bytes]]
# How the API tells an error: it stands above this room, and puts that here.
TELLER: list[Callable[[HttpRequest, Exception], HttpResponse]] = []


def answer_many(sent: Sequence[Any], by: Principal, tell: Tell) -> bytes:
    """The answer to all, as JSON: of each, in order, what it would be answered alone.

    `tell` has the status and the problem of an error, as the API tells it.
    """
    results: list[Ask | DecisionView | Mapping[str, Any] | Exception] = [
        _read(number, each, by) for number, each in enumerate(sent)
    ]
    for start in range(0, len(results), _TOGETHER):
        piece = results[start : start + _TOGETHER]
        places = [start + place for place, each in enumerate(piece) if isinstance(each, Ask)]
        decided = decide_together([each for each in piece if isinstance(each, Ask)])
        for place, answer in zip(places, decided, strict=True):
            results[place] = answer
    return b'{"answers":[%b]}' % b",".join(_json_of(each, tell) for each in results)


def _read(number: int, sent: Any, by: Principal) -> Ask | dict[str, Any] | Exception:
    """What is to be decided; to a test key its answer; or the error."""
    try:
        read = ApplicationOfMany.model_validate(sent)
    except pydantic.ValidationError as error:
        place = ("applications", number)
        faults = [{"loc": (*place, *each["loc"]), "msg": each["msg"]} for each in error.errors()]
        return ValidationError(faults)
    try:
        ask = ask_of(read, by, read.idempotency_key)
        return tried(ask) if by.test else ask
    except Exception as error:
        return error


def _json_of(result: Ask | DecisionView | Mapping[str, Any] | Exception, tell: Tell) -> bytes:
    if isinstance(result, Exception):
        return b'{"status":%d,"problem":%b}' % tell(result)
    answer = result.answer() if isinstance(result, DecisionView) else result
    return b'{"status":201,"decision":%b}' % write_json(answer)
