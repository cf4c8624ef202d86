"""Programs' decisions, the short way: what waits is looked up and decided together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from equipoise.record.json_text import write_json
from equipoise.service.contexts.decisions.reading import DecisionView
from equipoise.service.contexts.decisions.schemas import DecisionIn
from equipoise.service.contexts.decisions.services import Ask, ask_of, decide_together, tried
from equipoise.service.door.asked import JSON, Caller, Sent, allowed, body_of, failed, warned
from equipoise.service.door.replies import Reply
from equipoise.service.door.threads import look_at_connection
from equipoise.service.platform.accounts.keys import principals_by_tokens
from equipoise.service.platform.operations.deadlines import within
from equipoise.service.platform.operations.requests import seconds_for_a_request

PATH = "/v1/decisions"


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


def _results(sent: Sequence[Sent], callers: Mapping[str, Caller]) -> Sequence[Any]:
    """Of each a decision, an answer as it is, or an error."""
    results = [each.context.run(_ask, each, callers.get(each.token)) for each in sent]
    places = [place for place, ask in enumerate(results) if isinstance(ask, Ask)]
    decided = decide_together([results[place] for place in places])
    for place, result in zip(places, decided, strict=True):
        results[place] = result
    return results


def _ask(each: Sent, caller: Caller | None) -> Any:
    """What is to be decided; to a test key its answer, or the error."""
    try:
        by = allowed(caller)
        body = body_of(each, DecisionIn)
        ask = ask_of(body, by, each.head.headers.get("idempotency-key"))
        return tried(ask) if by.test else ask
    except Exception as error:
        return error


def _reply(each: Sent, result: Any, caller: Caller | None) -> Reply:
    if isinstance(result, DecisionView):
        result = result.answer()
    if isinstance(result, Exception):
        return warned(failed(each.head, result), caller)
    return warned(Reply(201, [JSON], write_json(result)), caller)
