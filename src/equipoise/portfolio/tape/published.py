"""Layouts of tapes and lists of codes that are published: read from dated files, never in code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Literal, TypeVar

from pydantic import Field as Setting

from equipoise.documents import Document, read_document
from equipoise.jurisdiction import Dated
from equipoise.portfolio.tape.document import Role, StatusWord, Unit
from equipoise.texts.wording import Text

_OURS = files("equipoise.portfolio")  # may stand in a zip
_FITS = 0.95  # of the cells of a column, of a file without a header
_SOME = 3  # fields by their names, which two lenders do not give alike by chance
D = TypeVar("D", bound=Document)


class PublishedCodes(Dated):
    """What the codes of a loan's state say; a column whose name has one of `headers` is read by
    them, and any other where all of its words are among them."""

    named: Text
    headers: tuple[Text, ...] = ()
    says: tuple[StatusWord, ...]

    def explains(self, code: str) -> StatusWord | None:
        """The code as it is listed, with a zero before it or without; None where it is not."""
        return next((each for each in self.says if each.says in (code, code.zfill(2))), None)


class PublishedHistory(PublishedCodes):
    """A published form of payment histories: what their letters and marks say, numbers being months
    late; which end is the newest, and which codes tell nothing (`missing_codes`) or that the loan
    was not there (`absent`). It is recognised by `headers`, or by one of `tells` in its cells."""

    newest: Literal["first", "last"]
    unit: Unit = ""
    missing_codes: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()

    @property
    def letters(self) -> frozenset[str]:
        """Its codes, numbers aside."""
        said = (each.says for each in self.says)
        return frozenset((*said, *self.missing_codes, *self.absent))


class PublishedColumn(Document):
    """A column by its name, or by its place where files have no header; `like` is what its cells
    look like (a regular expression), `missing_codes` say that a cell tells nothing, `says` what the
    field is where its name is a code, and `codes` the list that explains its words."""

    name: Text
    says: str = ""
    role: Role | None = None
    format: str = ""
    unit: Unit = ""
    like: str = ""
    missing_codes: tuple[str, ...] = ()
    codes: str = ""


class PublishedLayout(Dated):
    """A published form of tapes. Files without a `header` have their columns in this order, the
    oldest of them `least`; `missing_codes` are of columns that have none of their own, and
    `missing_since` (a regular expression) of those that tell since when, too."""

    named: Text
    header: bool = False
    currency: str = ""
    least: int = 0
    missing_codes: tuple[str, ...] = ()
    missing_since: str = ""
    columns: tuple[PublishedColumn, ...] = Setting(min_length=1)

    def names(self, width: int) -> tuple[str, ...]:
        """The names of so many columns; those that are not published by their place."""
        more = (f"column_{place}" for place in range(len(self.columns) + 1, width + 1))
        return (*(each.name for each in self.columns[:width]), *more)

    def fits_rows(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether rows without a header are of this form: by their width, and by their cells."""
        width = len(rows[0]) if rows else 0
        rows = [row for row in rows if len(row) == width]
        if self.header or width < self.least:
            return False
        described = [(at, re.compile(e.like)) for at, e in enumerate(self.columns) if e.like]
        return all(_alike([row[at].strip() for row in rows], like) for at, like in described)

    def fits_names(self, names: Sequence[str]) -> bool:
        """Whether a header names the loan and some other fields as this form does."""
        known = [each for each in self.columns if each.name in names]
        return self.header and len(known) >= _SOME and any(each.role == "loan" for each in known)


def _alike(cells: Sequence[str], like: re.Pattern[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(bool, map(like.fullmatch, filled))) >= _FITS * len(filled)


@cache
def published_layouts() -> tuple[PublishedLayout, ...]:
    """Every published layout at hand, in the order of their names."""
    return tuple(_read("layouts", PublishedLayout))


@cache
def published_codes() -> tuple[PublishedCodes, ...]:
    """Every published list of codes at hand, in the order of their names."""
    return tuple(_read("codes", PublishedCodes))


@cache
def published_histories() -> tuple[PublishedHistory, ...]:
    """Every published form of payment histories at hand, in the order of their names."""
    return tuple(_read("histories", PublishedHistory))


def _read(folder: str, kind: type[D]) -> Iterator[D]:
    for each in sorted(_OURS.joinpath(folder).iterdir(), key=lambda file: file.name):
        if each.name.endswith(".yaml"):
            with as_file(each) as path:
                yield read_document(path, kind).value
