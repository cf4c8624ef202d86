"""What was in the way of a job, as people read it: without where the lender's files lie here."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from equipoise.errors import EquipoiseError, Faults


def fault_of(error: EquipoiseError) -> dict[str, Any]:
    """As plain data: a file by its name alone."""
    return _by_name(error.as_dict())


def sentence_of(error: EquipoiseError) -> str:
    """In a sentence; of several faults in a line each."""
    if isinstance(error, Faults):
        text = str(error)
    else:
        text = f"{error.message}; {error.mend}" if error.mend else error.message
    return text.replace(str(settings.CONFIGURATION.workspace), "DIR")


def _by_name(fault: dict[str, Any]) -> dict[str, Any]:
    if fault.get("file"):
        fault["file"] = str(fault["file"]).rsplit("/", 1)[-1]
    fault["faults"] = [_by_name(each) for each in fault.get("faults", ())]
    return fault
