"""plans.yaml: as it lies in the workspace, and as a version holds it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.documents import parse_document
from equipoise.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Collection

    from equipoise.watch.plans import PlansDocument

MOST_LETTERS = 400_000
_PLANS, _WATCH = "plans.yaml", "watch.yaml"


def of_workspace() -> str:
    """The text as it lies there. Raises BadInput where there is none that can be read."""
    path = Path(settings.CONFIGURATION.workspace) / _PLANS
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadInput(
            "the workspace has no plans.yaml that can be read",
            mend="write the plans into the folder that is served",
        ) from None
    if len(text) > MOST_LETTERS:
        raise BadInput("plans.yaml is too long", mend="leave out what is no plan")
    return text


def digest_of(text: str) -> str:
    """Its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def check(text: str, strategies: Collection[str]) -> None:
    """Hold the text against the strategies in force and, where the workspace has a watch.yaml,
    against its indicators. Raises BadInput or Faults, with line and mend."""
    from equipoise.watch import read_watch
    from equipoise.watch.plans import PlansDocument, check_plans

    loaded = parse_document(text, PlansDocument, Path(_PLANS))
    folder = Path(settings.CONFIGURATION.workspace)
    indicators = None
    if (folder / _WATCH).is_file():
        watch = read_watch(folder / _WATCH)
        indicators = [each.name for each in watch.document.indicators]
    check_plans(loaded, indicators=indicators, strategies=sorted(strategies))


@lru_cache(maxsize=16)
def parsed(text: str) -> PlansDocument:
    """The document of a version."""
    from equipoise.watch.plans import PlansDocument

    return parse_document(text, PlansDocument, Path(_PLANS)).value
