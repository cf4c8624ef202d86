"""What is wrong with a batch's file, told to each reader as far as they may know what is in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.service.contexts.batches.files import Files
from equipoise.service.contexts.batches.models import Batch
from equipoise.service.contexts.decisions.reading import may_read
from equipoise.service.platform.accounts.permissions import Action, Principal

# Numbers and our own words. Not `field`: in a file without a header it is what an applicant gave.
_PLACE = ("error", "file", "line", "column", "row")
_WITHHELD = "the file cannot be used; what is wrong with it is told to whoever may read its results"


def fault_for(by: Principal, batch: Batch) -> dict[str, Any] | None:
    """What is wrong; only the kind and the place to readers without the right to its results, as
    the words may repeat what the file says of people."""
    fault = Files(batch.pk).fault()
    if fault is None or may_read(by, batch, Action.READ_RESULTS):
        return fault
    return _place(fault)


def _place(fault: Mapping[str, Any]) -> dict[str, Any]:
    place = {name: fault[name] for name in _PLACE if fault.get(name) is not None}
    return {**place, "message": _WITHHELD, "faults": [_place(e) for e in fault.get("faults", ())]}
