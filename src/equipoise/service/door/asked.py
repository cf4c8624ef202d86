"""What a program asks the short way: its request read as the endpoint reads it, and answered as the
API answers."""

from __future__ import annotations

from contextvars import Context
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from ninja.errors import HttpError, ValidationErrorContext
from pydantic import BaseModel, ValidationError

from equipoise.service.door.heads import API, Head
from equipoise.service.door.replies import Reply, refused, reply_of, stand_in
from equipoise.service.platform.accounts.key_ends import warning_of
from equipoise.service.platform.accounts.keys import Limit
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.api.bodies import read_json
from equipoise.service.platform.operations.catalogue import INTERNAL
from equipoise.service.platform.operations.logs import log

if TYPE_CHECKING:
    from ninja.operation import Operation

# The rest of the API is large, and there a moment after the first answer.
JSON = ("Content-Type", "application/json; charset=utf-8")
Caller = tuple[Principal, Limit]
Body = TypeVar("Body", bound=BaseModel)
_log = log("door")


@dataclass(frozen=True, slots=True)
class Sent:
    """A program's request as it came; `context` is its own, for what is logged and traced."""

    head: Head
    token: str
    body: bytes
    context: Context


def allowed(caller: Caller | None) -> Principal:
    """Who asks, if they may decide. Raises HttpError 401 or 403."""
    if caller is None:
        raise HttpError(401, "log in, or send a key as `Authorization: Bearer`")
    by, _ = caller
    if by.reach(Action.DECIDE) is None:
        raise HttpError(403, f"this needs the right '{Action.DECIDE.value}'")
    return by


def body_of(sent: Sent, shape: type[Body]) -> Body:
    """The body as the endpoint of its path reads it; raises what that raises, word by word."""
    if not sent.head.query:
        try:
            return shape.model_validate(read_json(sent.body))
        except (ValueError, RecursionError):  # pydantic's is a ValueError
            pass
    from equipoise.service.project.api import api

    request = stand_in(sent.head)
    request.GET = QueryDict(sent.head.query)
    request._body = sent.body
    values: dict[str, Any] = {}
    faults: list[ValidationErrorContext[Any]] = []
    for model in _endpoint(sent.head.path).models:
        try:
            values.update(model.resolve(request, api, {}))
        except ValidationError as error:
            faults.append(ValidationErrorContext(error, model))
    if faults:
        raise api.validation_error_from_error_contexts(faults)
    body: Body = values["body"]
    return body


@cache
def _endpoint(path: str) -> Operation:
    from equipoise.service.contexts.decisions.api import router

    view = router.path_operations[path.removeprefix(API.rstrip("/"))]
    return next(each for each in view.operations if "POST" in each.methods)


def warned(reply: Reply, caller: Caller | None) -> Reply:
    """The answer, with a warning where the caller's key ends soon."""
    if caller is not None:
        reply.headers = [*reply.headers, *warning_of(caller[1].ends, timezone.now()).items()]
    return reply


def failed(head: Head, error: Exception) -> Reply:
    """An error as the API tells it."""
    from equipoise.service.project.api import api

    request: HttpRequest = stand_in(head)
    try:
        return reply_of(api.on_exception(request, error))
    except Exception as unknown:
        _log.error("request failed", exc_info=unknown)
        return refused(head, INTERNAL)
