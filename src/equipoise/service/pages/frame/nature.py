"""What every page says of a service in which nobody is real."""

from __future__ import annotations

from django.http import HttpRequest

from equipoise.service.platform.record.nature import Nature, nature


def shown(_request: HttpRequest) -> dict[str, str]:
    """For templates: `nature`, empty in a lender's own service."""
    kind = nature()
    return {"nature": "" if kind is Nature.REAL else kind.value}
