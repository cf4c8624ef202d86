"""A bureau that is made up, for services in which nobody is real.

It knows of simulated people what whoever simulates them laid down for it, by the application's
reference; of anybody else it makes up the same each time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from equipoise.contract import Contract, day_of
from equipoise.files import write_text
from equipoise.service.platform import clock
from equipoise.service.platform.record.nature import Nature, nature

_FOLDER = "simulated"


def simulated(contract: Contract, _product: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the bureau says; nothing in a lender's own service."""
    if nature() is Nature.REAL:
        return {}
    reference = str(known.get(contract.id or "", ""))
    if not reference:
        return {}
    file = _file(reference)
    if file.is_file():
        laid_down: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return laid_down
    from equipoise.rehearsal import imagined  # the whole simulation: only where nobody is real

    return imagined(contract, reference, known, day_of(clock.now(), contract.time_zone))


def lay_down(reference: str, facts: Mapping[str, Any]) -> None:
    """Have the bureau know these facts of whoever has that reference."""
    file = _file(reference)
    file.parent.mkdir(exist_ok=True)
    write_text(file, json.dumps(facts))


def _file(reference: str) -> Path:
    folder: Path = settings.CONFIGURATION.folder
    return folder / _FOLDER / f"{reference}.json"
