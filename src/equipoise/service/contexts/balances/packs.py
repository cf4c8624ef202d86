"""The packs of rules that the book of the served workspace may be measured by under a change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from equipoise.documents import read_document
from equipoise.errors import BadInput, EquipoiseError, did_you_mean


def book_packs() -> list[str]:
    """The book's own in their order, then the others that come with us; none where the workspace
    has no tape, or a portfolio.yaml that cannot be read."""
    from equipoise.portfolio import PORTFOLIO, TAPE, PortfolioDocument, shipped_rules  # large

    folder = Path(settings.CONFIGURATION.workspace)
    if not (folder / TAPE).is_file():
        return []
    own: tuple[str, ...] = ()
    if (folder / PORTFOLIO).is_file():
        try:
            own = read_document(folder / PORTFOLIO, PortfolioDocument).value.rules
        except EquipoiseError:
            return []
    return list(dict.fromkeys([*own, *shipped_rules()]))


def refuse_other_packs(named: Sequence[str]) -> None:
    """Raises BadInput for a pack that the book may not be measured by."""
    known = book_packs() if named else []
    for name in named:
        if name not in known:
            raise BadInput(
                f"the book is measured by no pack '{name}'",
                field="book",
                mend=did_you_mean(name, known),
            )
