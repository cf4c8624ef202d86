"""Which batches' files hold a person. Their rows stand there as they were sent, unsealed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.contract import Contract, identifier_text
from equipoise.errors import EquipoiseError
from equipoise.service.contexts.applications.reading import search_text
from equipoise.service.contexts.batches import reading as batches
from equipoise.service.contexts.batches.reading import Held, Kept
from equipoise.service.contexts.batches.services import remove_kept
from equipoise.service.contexts.erasing.people import Person, contract_of

if TYPE_CHECKING:
    from equipoise.strategy.files.tables import Piece

_ANSWERS = "id"  # the column of a file of answers


@dataclass(frozen=True, slots=True)
class Holding:
    """A batch whose files hold the person, or cannot be read to tell; while it is being decided
    they must stay (`open`)."""

    batch: str
    open: bool


def fitting(most: float = inf) -> tuple[list[Kept], int]:
    """The files of batches, the small ones first, as far as they have so many bytes at most in all;
    and how many batches there are besides."""
    sized = sorted(batches.kept(), key=lambda each: (each.size, each.batch))
    upto = accumulate(each.size for each in sized)
    fit = [each for each, total in zip(sized, upto, strict=True) if total <= most]
    return fit, len(sized) - len(fit)


def holding(person: Person, among: Iterable[Kept]) -> Iterator[Holding]:
    """Every batch whose files hold the person."""
    for kept in among:
        batch = batches.held(kept.batch)
        if any(_holds(file, batch, person) for file in kept.files):
            yield Holding(kept.batch, batch is None or batch.open)


def _holds(file: Path, batch: Held | None, person: Person) -> bool:
    from equipoise.strategy.files.tables import pieces

    contract = contract_of(batch.digest) if batch else None
    wanted = _columns(contract, batch.identifier if batch else "", person)
    try:
        for piece in pieces(file):
            if _among(piece, wanted):
                return True
    except EquipoiseError:  # a file that fails: whoever looks for a person in it finds its text
        return _says(file, person)
    return False


Test = Callable[[Any], bool]


def _columns(contract: Contract | None, identifier: str, person: Person) -> dict[str, Test]:
    """By which columns the person would be told, and how."""

    def named(value: Any) -> bool:
        try:
            return identifier_text(value) == person.identifier
        except EquipoiseError:
            return False

    wanted: dict[str, Test] = {}
    if person.identifier is not None:
        fields = {_ANSWERS, identifier, (contract.id or "") if contract else ""}
        wanted |= dict.fromkeys(_headers(contract, fields), named)
    for name, text in person.facts.items():
        for header in _headers(contract, {name}):
            wanted[header] = partial(_is_said, text)
    return wanted


def _is_said(text: str, value: Any) -> bool:
    return search_text(value) == text


def _headers(contract: Contract | None, names: set[str]) -> set[str]:
    """The fields' names, and the columns in which the contract says that they stand."""
    columns = {each.column for each in (contract.fields if contract else ()) if each.name in names}
    return {*names, *filter(None, columns)} - {""}


def _among(piece: Piece, wanted: dict[str, Test]) -> bool:
    for name, test in wanted.items():
        if piece.frame is None:
            values = [record[name] for record in piece.records if name in record]
        else:
            values = [*piece.frame[name].unique()] if name in piece.frame.columns else []
        if any(test(value) for value in values):
            return True
    return False


def _says(file: Path, person: Person) -> bool:
    raw = file.read_bytes()
    return any(text.encode() in raw for text in person.given)


def remove(batch: str) -> None:
    """Remove the files of a batch that has ended."""
    remove_kept(batch, "system.erasure")
