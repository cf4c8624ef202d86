"""The endpoint about the journey."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router

from equipoise.service.contexts.process import reading
from equipoise.service.contexts.process.schemas import ProcessOut
from equipoise.service.platform.accounts.access import May
from equipoise.service.platform.accounts.permissions import Action

router = Router(tags=["process"])
Source = Annotated[
    Literal["record", "log"], Query(description="The record's own events, or the workspace's log.")
]


@router.get("/process", auth=May(Action.READ_PROCESS), response=ProcessOut)
def read_process(request: HttpRequest, source: Source = "record") -> Any:
    """Who came to each step, who left, how long it took, and what a change would gain: as drawn
    last. Nobody is named."""
    kept = reading.kept(source)
    return ProcessOut.of(kept)
