"""How a table's file is written: as a contract states it, and as it was found."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from pydantic import Field as Setting
from pydantic import field_validator

from equipoise.documents import Document

SEPARATOR_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    "^": "caret",
    "~": "tilde",
    "\x01": "the character 1 (Hive's)",
    " ": "spaces",
}
UTF8 = "utf-8"


class TableLayout(Document):
    """What a contract states of its data's file; what is not stated is seen from the file.

    `header_row` is the line of the text, or the row of the sheet, that ends the column names, from
    1, and 0 where the file has none: columns are called by `names`, or else by their place. `names`
    with a header stand in its place. `footer_rows` counts the lines below the data that are none
    (totals, notes), empty ones aside. `row_names` says that each row begins with a name for which
    the header has no cell, as R writes them. `separator` is one character, `encoding` a name that
    Python knows, and `sheet` the sheet of a workbook.
    """

    sheet: str = ""
    header_row: int | None = Setting(default=None, ge=0)
    names: tuple[str, ...] = ()
    footer_rows: int | None = Setting(default=None, ge=0)
    separator: str = Setting(default="", max_length=1)
    encoding: str = ""
    row_names: bool | None = None

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, name: str) -> str:
        if not name:
            return name
        try:
            text = codecs.lookup(name)._is_text_encoding
        except LookupError:
            text = False
        if not text:
            raise ValueError("Python knows no such encoding; cp1252, gb18030 and utf-16 are some")
        return name

    @field_validator("names")
    @classmethod
    def _names_apart(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for each, count in Counter(names).items():
            if count > 1 or not each.strip():
                raise ValueError(f"two columns are called '{each}'" if each else "a name is empty")
        return names

    @property
    def habits(self) -> TableLayout:
        """What holds for other files of the same program too: its encoding and its sheet's name.

        Notes, footers and separators are seen in each file anew.
        """
        return TableLayout(encoding=self.encoding, sheet=self.sheet)


SEEN = TableLayout()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written, as found.

    `separator` is one space where any run of spaces separates. `header_lines` is how many lines of
    the text are over when the data begin; `header_row` is the line or the sheet's row of the names,
    0 where the file has none. `given` are the names where a contract states them.
    `unnamed` counts columns at the right end that have no name. `remarks` say what was left out or
    taken for granted, for a person to confirm.
    """

    kind: Literal["csv", "parquet", "sheet"]
    headers: tuple[str, ...]
    separator: str = ""
    header_lines: int = 0
    header_row: int = 1
    footer_rows: int = 0
    row_names: bool = False
    unnamed: int = 0
    encoding: str = UTF8
    sheet: str = ""
    given: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        columns = f"{len(self.headers)} columns"
        if self.kind == "parquet":
            return f"Parquet, {columns}"
        if self.kind == "sheet":
            return f"sheet '{self.sheet}', {columns}"
        return f"CSV separated by {SEPARATOR_NAMES.get(self.separator, self.separator)}, {columns}"

    @property
    def named(self) -> tuple[str, ...]:
        """The headers without those at the right end that have no name."""
        return self.headers[: len(self.headers) - self.unnamed]

    def stated(self) -> TableLayout | None:
        """What a contract has to state for the file to be read so; None for a plain file."""
        plain = self.kind == "csv"
        usual = self.header_row == 1 and plain and not self.given
        layout = TableLayout(
            sheet=self.sheet,
            header_row=None if usual else self.header_row,
            footer_rows=self.footer_rows or None,
            separator=self.separator if plain and self.separator != "," else "",
            encoding=self.encoding if plain and self.encoding != UTF8 else "",
            row_names=self.row_names or None,
            names=self.given,
        )
        return None if self.kind == "parquet" or layout == SEEN else layout
