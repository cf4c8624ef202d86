"""What every page says of a service in which nobody is real."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from equipoise.service.platform import clock
from equipoise.service.platform.record.nature import Nature, nature


def shown(_request: HttpRequest) -> dict[str, Any]:
    """For templates: `nature`, empty in a lender's own service; where its time runs faster than the
    system's, `speed`, how many times as fast, and `day`, which day it is there (UTC)."""
    kind, pace = nature(), clock.pace()
    values = {"nature": "" if kind is Nature.REAL else kind.value}
    return values if pace is None else {**values, "speed": pace.speed, "day": clock.now().date()}
