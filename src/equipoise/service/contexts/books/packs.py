"""The packs of rules that the book is measured by, and the others at hand: what each rule sets,
from when to when, and what changes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from equipoise.errors import EquipoiseError
from equipoise.service.contexts.books.running import without_where

if TYPE_CHECKING:
    from equipoise.jurisdiction import Dated
    from equipoise.portfolio import RuleDocument

_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PackShown:
    """A pack: whether the book is measured by it (`used`), its rules, those that `hold` on the day,
    and the next day after it on which another rule holds, or one no more. `fault` is why it cannot
    be read."""

    name: str
    used: bool
    pack: RuleDocument | None
    hold: frozenset[str]
    next_on: date | None
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    fault: str = ""

    @property
    def rules(self) -> tuple[Dated, ...]:
        """All its rules, in the order of the file."""
        sections = () if self.pack is None else self.pack.sections().values()
        return tuple(each for section in sections for each in section)


@dataclass(frozen=True, slots=True)
class PacksOfBook:
    """Packs as they hold `on` a day: the book's last (`measured`), or else today. `pinned` where
    portfolio.yaml names the day. `fault` is why portfolio.yaml cannot be read."""

    on: date
    measured: bool
    pinned: bool
    packs: tuple[PackShown, ...]
    fault: str = ""


def packs_of_book(month: str, today: date) -> PacksOfBook:
    """Those of portfolio.yaml in their order, then the others that come with us. `month` is that of
    the measured book (YYYY-MM; empty where none was measured)."""
    from equipoise.documents import parse_document, read_document
    from equipoise.portfolio import (  # large
        PORTFOLIO,
        PORTFOLIO_DRAFT,
        PortfolioDocument,
        last_day,
        month_of,
        shipped_rules,
    )

    folder = Path(settings.CONFIGURATION.workspace)
    path, fault, document = folder / PORTFOLIO, "", None
    try:
        document = (
            read_document(path, PortfolioDocument).value
            if path.is_file()
            else parse_document(PORTFOLIO_DRAFT, PortfolioDocument, path).value
        )
    except EquipoiseError as error:
        fault = without_where(error)
    own = () if document is None else document.rules
    pinned = None if document is None else document.rules_on
    number = month_of(month)
    on = pinned or (today if number is None else last_day(number))
    packs = [_shown(folder, each, on, used=True) for each in own]
    packs += [_shown(folder, e, on, used=False) for e in shipped_rules() if e not in own]
    return PacksOfBook(on, bool(number), pinned is not None, tuple(packs), fault)


def _shown(folder: Path, name: str, on: date, *, used: bool) -> PackShown:
    from equipoise.portfolio import rule_pack

    try:
        pack = rule_pack(folder / name if name.endswith(".yaml") else name)
    except EquipoiseError as error:
        return PackShown(name, used, None, frozenset(), None, (), (), without_where(error))
    rules = [each for section in pack.sections().values() for each in section]
    begins = {each.id: each.from_ for each in rules if each.from_ > on}
    ends = {each.id: each.until + _A_DAY for each in rules if each.until and each.until >= on}
    next_on = min([*begins.values(), *ends.values()], default=None)
    return PackShown(
        name,
        used,
        pack,
        frozenset(each.id for each in rules if each.holds(on)),
        next_on,
        tuple(each for each, day in begins.items() if day == next_on),
        tuple(each for each, day in ends.items() if day == next_on),
    )
