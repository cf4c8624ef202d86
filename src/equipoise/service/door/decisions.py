"""Programs' decisions, the short way: what waits is looked up and decided together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from ninja.errors import HttpError, ValidationErrorContext
from ninja.operation import Operation
from pydantic import ValidationError

from equipoise.service.accounts.key_ends import warning_of
from equipoise.service.accounts.keys import Limit, principals_by_tokens
from equipoise.service.accounts.permissions import Action, Principal
from equipoise.service.api import api
from equipoise.service.bodies import read_json
from equipoise.service.decisions.api import router
from equipoise.service.decisions.asking import ask_of, tried
from equipoise.service.decisions.reading import Found
from equipoise.service.decisions.schemas import DecisionIn
from equipoise.service.decisions.together import Ask, decide_together
from equipoise.service.door.heads import Head
from equipoise.service.door.replies import Reply, refused, reply_of, stand_in
from equipoise.service.door.threads import look_at_connection
from equipoise.service.operations.catalogue import INTERNAL
from equipoise.service.operations.deadlines import within
from equipoise.service.operations.logs import log
from equipoise.service.operations.requests import seconds_for_a_request

PATH = "/v1/decisions"
_JSON = ("Content-Type", "application/json; charset=utf-8")
_log = log("door")


@dataclass(frozen=True, slots=True)
class Sent:
    """A program's request as it came; `context` is its own, for what is logged and traced."""

    head: Head
    token: str
    body: bytes
    context: Context


def answers(sent: Sequence[Sent]) -> Sequence[Reply]:
    """What each is answered, durable where it decides. Blocks on the database."""
    look_at_connection()
    with within(seconds_for_a_request()):
        try:
            callers = principals_by_tokens({each.token for each in sent})
        except Exception as error:
            connection.close()
            return [each.context.run(_reply, each, error, None) for each in sent]
        results = _results(sent, callers)
    return [
        each.context.run(_reply, each, result, callers.get(each.token))
        for each, result in zip(sent, results, strict=True)
    ]


def _results(sent: Sequence[Sent], callers: Mapping[str, tuple[Principal, Limit]]) -> Sequence[Any]:
    """Of each a decision, an answer as it is, or an error."""
    results = [each.context.run(_ask, each, callers.get(each.token)) for each in sent]
    places = [place for place, ask in enumerate(results) if isinstance(ask, Ask)]
    decided = decide_together([results[place] for place in places])
    for place, result in zip(places, decided, strict=True):
        results[place] = result
    return results


def _ask(each: Sent, caller: tuple[Principal, Any] | None) -> Any:
    """What is to be decided; to a test key its answer, or the error."""
    try:
        if caller is None:
            raise HttpError(401, "log in, or send a key as `Authorization: Bearer`")
        by, _ = caller
        if by.reach(Action.DECIDE) is None:
            raise HttpError(403, f"this needs the right '{Action.DECIDE.value}'")
        ask = ask_of(_body(each), by, each.head.headers.get("idempotency-key"))
        return tried(ask) if by.test else ask
    except Exception as error:
        return error


def _body(each: Sent) -> DecisionIn:
    if not each.head.query:
        try:
            return DecisionIn.model_validate(read_json(each.body))
        except (ValueError, RecursionError):  # pydantic's is a ValueError
            pass
    return _told_by_the_endpoint(each)


def _told_by_the_endpoint(each: Sent) -> DecisionIn:
    """The body as the endpoint reads it; raises what it raises, word by word."""
    request = stand_in(each.head)
    request.GET = QueryDict(each.head.query)
    request._body = each.body
    values: dict[str, Any] = {}
    faults: list[ValidationErrorContext[Any]] = []
    for model in _endpoint().models:
        try:
            values.update(model.resolve(request, api, {}))
        except ValidationError as error:
            faults.append(ValidationErrorContext(error, model))
    if faults:
        raise api.validation_error_from_error_contexts(faults)
    body: DecisionIn = values["body"]
    return body


@cache
def _endpoint() -> Operation:
    view = router.path_operations["/decisions"]
    return next(each for each in view.operations if "POST" in each.methods)


def _reply(each: Sent, result: Any, caller: tuple[Principal, Limit] | None) -> Reply:
    if isinstance(result, Found):
        result = result.answer()
    if isinstance(result, Exception):
        reply = failed(each.head, result)
    else:
        reply = Reply(201, [_JSON], json.dumps(result, ensure_ascii=False).encode())
    if caller is not None:
        reply.headers = [*reply.headers, *warning_of(caller[1].ends, timezone.now()).items()]
    return reply


def failed(head: Head, error: Exception) -> Reply:
    """An error as the API tells it."""
    request: HttpRequest = stand_in(head)
    try:
        return reply_of(api.on_exception(request, error))
    except Exception as unknown:
        _log.error("request failed", exc_info=unknown)
        return refused(head, INTERNAL)
