"""Programs' many applications in one request, the short way."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.db import connection

from equipoise.service.contexts.decisions.schemas import ManyIn
from equipoise.service.contexts.decisions.services import answer_many
from equipoise.service.door.asked import JSON, Caller, Sent, allowed, body_of, failed, warned
from equipoise.service.door.replies import Reply
from equipoise.service.door.threads import look_at_connection
from equipoise.service.platform.accounts.access import count
from equipoise.service.platform.accounts.keys import principals_by_tokens
from equipoise.service.platform.operations.deadlines import within
from equipoise.service.platform.operations.requests import seconds_for_a_request

PATH = "/v1/decisions/many"


def answers(sent: Sequence[Sent]) -> Sequence[Reply]:
    """What each is answered, one after the other. Blocks on the database."""
    look_at_connection()
    return [each.context.run(_answer, each) for each in sent]


def _answer(each: Sent) -> Reply:
    try:
        callers = principals_by_tokens({each.token})
    except Exception as error:
        connection.close()
        return failed(each.head, error)
    caller = callers.get(each.token)
    try:
        with within(seconds_for_a_request()):
            return warned(Reply(200, [JSON], _text(each, caller)), caller)
    except Exception as error:
        return warned(failed(each.head, error), caller)


def _text(each: Sent, caller: Caller | None) -> bytes:
    by = allowed(caller)
    applications = body_of(each, ManyIn).applications
    if caller is not None and len(applications) > 1:
        count(caller[1], len(applications) - 1)
    return answer_many(applications, by, partial(_problem, each))


def _problem(each: Sent, error: Exception) -> tuple[int, bytes]:
    reply = failed(each.head, error)
    return reply.status, reply.body
