"""Endpoints about batches."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from ninja import Query as QueryOf
from ninja import Router, Status
from ninja.errors import HttpError
from ninja.params.functions import Header

from equipoise.errors import GateRefused
from equipoise.service.contexts.batches import retention as keeping
from equipoise.service.contexts.batches import services
from equipoise.service.contexts.batches.faults import fault_for
from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.batches.models import Batch, State
from equipoise.service.contexts.batches.schemas import BatchOut, Wanted
from equipoise.service.contexts.batches.uploads import FIELD, KINDS
from equipoise.service.platform.accounts.access import May, caller, reach
from equipoise.service.platform.accounts.permissions import Action, Principal
from equipoise.service.platform.api.paging import Order, Page, Paging, page_of, page_out, read_name
from equipoise.service.platform.operations.catalogue import (
    CONFLICT,
    GONE,
    IN_PROGRESS,
    NO_KEY,
    NO_ROOM,
    NONE_IN_FORCE,
    OTHER_BODY,
    STATE,
    UNUSABLE,
    gives,
)

router = Router(tags=["batches"])
_NEWEST = Order("batches", ("-id",), (read_name,))
_TYPES = {kind: name for name, kind in reversed(KINDS.items())}
_FILE = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"type": "object", "properties": {FIELD: _FILE["schema"]}, "required": [FIELD]}
_BODY = {
    "required": True,
    "description": "A file of applications under the contract of the strategy in force, one to a "
    "row or line, as `equipoise decide` reads it.",
    "content": {**dict.fromkeys(KINDS, _FILE), "multipart/form-data": {"schema": _FORM}},
}
_RESULT = {
    "responses": {
        200: {
            "description": "The answers, in the kind that was asked for.",
            "content": dict.fromkeys(_TYPES.values(), _FILE),
            "headers": {
                "ETag": {"description": "The file's SHA-256.", "schema": {"type": "string"}}
            },
        }
    }
}


@router.post(
    "/batches",
    auth=May(Action.RUN_BATCH),
    response={202: BatchOut},
    openapi_extra={"requestBody": _BODY},
)
@gives(NO_KEY, IN_PROGRESS, CONFLICT, STATE, NO_ROOM, OTHER_BODY, NONE_IN_FORCE, UNUSABLE)
def begin(
    request: HttpRequest,
    wanted: QueryOf[Wanted],
    idempotency_key: str | None = Header(None, alias="Idempotency-Key"),
) -> Any:
    """Take in a file of applications, to be decided by the strategy that is in force now.

    The file is on the disk, and its job on the queue, before the answer is given. Send a new
    Idempotency-Key with each file, and the same one when asking again after a failure.
    """
    by = caller(request)
    return Status(202, _batch_out(services.begin(request, by, idempotency_key, wanted), by))


@router.get("/batches", auth=May(Action.READ_BATCHES), response=Page[BatchOut])
def list_batches(request: HttpRequest, response: HttpResponse, asked: QueryOf[Paging]) -> Any:
    """Batches, the newest first."""
    by = caller(request)
    page = page_of(services.visible(by, reach(request)), _NEWEST, asked)
    return page_out(request, response, page, [_batch_out(batch, by) for batch in page.rows])


@router.get("/batches/{batch_id}", auth=May(Action.READ_BATCHES), response=BatchOut)
def read_batch(request: HttpRequest, batch_id: str) -> Any:
    """How far it is, and what came out so far. What a fault says in words needs the right to read
    its results."""
    return _batch_out(_batch(request, batch_id), caller(request))


@router.get("/batches/{batch_id}/result", auth=May(Action.READ_RESULTS), openapi_extra=_RESULT)
@gives(STATE, GONE)
def read_result(request: HttpRequest, batch_id: str) -> Any:
    """The file of answers, one to an application, in the order of the file given."""
    batch = _batch(request, batch_id)
    if batch.state != State.DONE:
        raise GateRefused(f"there is no result: the batch is {batch.state}")
    path = Files(batch.pk).result(batch.wanted)
    if batch.files_until is None or not path.is_file():
        raise HttpError(410, "the files of this batch are not kept any more")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=path.name,
        content_type=_TYPES[batch.wanted],
        headers={"ETag": f'"{batch.result_sha256}"'},
    )


@router.post("/batches/{batch_id}/cancel", auth=May(Action.RUN_BATCH), response=BatchOut)
@gives(STATE)
def cancel(request: HttpRequest, batch_id: str) -> Any:
    """Stop it. The file given and what is decided of it already are removed."""
    by = caller(request)
    return _batch_out(services.cancel(_batch(request, batch_id), by), by)


@router.delete("/batches/{batch_id}/files", auth=May(Action.ERASE_PERSONAL), response={204: None})
@gives(STATE)
def remove_files(request: HttpRequest, batch_id: str) -> Any:
    """Remove the file given and the answers before their time is over. The record stays."""
    keeping.erase(_batch(request, batch_id), caller(request))
    return Status(204, None)


def _batch(request: HttpRequest, batch_id: str) -> Batch:
    """The batch, over which the caller may do what they ask. Others' are not there."""
    if "\x00" in batch_id:
        raise Http404
    return services.visible(caller(request), reach(request)).get(pk=batch_id)


def _batch_out(batch: Batch, by: Principal) -> dict[str, Any]:
    same = ("id", "state", "rows", "total", "outcomes", "strategy", "digest", "decided_on",
            "sha256", "made_at", "ended_at", "files_until")  # fmt: skip
    answer = {name: getattr(batch, name) for name in same}
    done = batch.state == State.DONE
    result = {"kind": batch.wanted, "size": batch.result_size, "sha256": batch.result_sha256}
    fault = fault_for(by, batch) if batch.state == State.FAILED else None
    return {**answer, "result": result if done else None, "fault": fault}
