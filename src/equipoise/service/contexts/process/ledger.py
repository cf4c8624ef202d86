"""The friction ledger of the workspace, reckoned by a job and kept after every change found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.experience.tables import plain
from equipoise.service.contexts.process.models import Picture
from equipoise.service.platform import clock
from equipoise.service.platform.jobs.registering import Again, stopping
from equipoise.workspace.folder import Workspace
from equipoise.workspace.frictions import frictions

FRICTION = "friction"


def reckon(now: datetime) -> int:
    """Reckon the ledger and every change; how many changes. Raises Again where the worker stops:
    it begins anew then."""
    try:
        workspace = Workspace.open(settings.CONFIGURATION.workspace)
        for known in frictions(workspace):
            table: dict[str, Any] = asdict(known) | {"rows": []}
            table["rows"] = [each.model_dump() for each in known.rows]
            _keep(now, msgspec.json.encode(plain(table)).decode(), "")
            if stopping():
                raise Again
    except EquipoiseError as error:
        _keep(clock.now(), "", str(error))
        return 0
    return len(known.changes)


def _keep(now: datetime, text: str, fault: str) -> None:
    values = {"at": now, "told": text, "fault": fault}
    Picture.objects.update_or_create(pk=FRICTION, defaults=values)
