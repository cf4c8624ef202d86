"""A strategy's lists as forms: rules, tables, bands, limits with their prices, tiers, the authority
matrix and words. A form writes rows into the same text and leaves the rest of it as it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.document_rows import Row, rows_at, with_rows
from equipoise.document_sections import sections_of
from equipoise.errors import GateRefused
from equipoise.service.pages.analyst.typed_cells import LIST, NAMES, NUMBER, TEXT, WEIGHTS, Kind
from equipoise.texts.saying import marked, say

MOST_ROWS = 100
_CELL = 4_000  # characters
_LONG = ("when", "where", "give", "weights")
_OUTCOMES = {"decline": marked("decline"), "refer": marked("to a person")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row: its key in the document, what it is called, and how it is read."""

    key: str
    label: str
    kind: Kind = TEXT
    choices: Mapping[str, str] | None = None

    @property
    def long(self) -> bool:
        """Whether what stands in it is long: conditions, what is given, sentences."""
        return self.key in _LONG or self.key == self.label or not self.key

    @property
    def called(self) -> str:
        """Its label in the language spoken now; a language's own tag stays."""
        return say(self.label)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What may be chosen, and what it is called."""
        return [(code, say(word)) for code, word in (self.choices or {}).items()]


@dataclass(frozen=True, slots=True)
class Part:
    """A list of the strategy: where it stands, and its cells. The first two cells of one that is
    `keyed` are a key and what it holds, or the parts of what it holds by their own keys."""

    name: str
    title: str
    path: tuple[str, ...]
    cells: Sequence[Cell]
    keyed: bool = False

    @property
    def called(self) -> str:
        """Its title in the language spoken now."""
        return say(self.title)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row as it is shown or was typed: its cells, and its place in the text (none: a new one)."""

    at: int
    of: int | None
    cells: Sequence[tuple[Cell, str]]

    @property
    def name(self) -> str:
        """What the row is called by: its first cell that says something."""
        return next((text for _, text in self.cells if text), "")


@dataclass(frozen=True, slots=True)
class PartForm:
    """A list's form: its rows, one more to be filled in, and the mark of what it was made of."""

    part: Part
    rows: Sequence[FormRow]
    mark: str


class Otherwise(GateRefused):
    """The text's own rows are not those that the form was made of."""

    def __init__(self) -> None:
        super().__init__(
            "the text has other rows by now than the form was made of",
            mend="look at both, then write these rows once more or take the text's",
        )


def parts_of(text: str) -> dict[str, Part]:
    """The lists that the text has, or may have, by name. `text` is a strategy's document."""
    sections = sections_of(text)
    languages = sections.get("languages") or ["en"]
    words = [Cell(str(each), str(each)) for each in languages if isinstance(each, str)]
    all_of_them = (
        Part("rules", marked("Rules"), ("rules",), (
            Cell("name", marked("Name")), Cell("when", marked("Holds where")),
            Cell("outcome", marked("Gives"), choices=_OUTCOMES), Cell("reason", marked("Reason")))),
        Part("table", marked("Choice: table"), ("table", "rows"), (
            Cell("tier", marked("Tier")), Cell("when", marked("Holds where")),
            Cell("give", marked("Gives"), NAMES))),
        Part("bands", marked("Choice: bands"), ("cutoff", "bands"), (
            Cell("below", marked("PD below"), NUMBER),
            Cell("at_least", marked("Points of at least"), NUMBER),
            Cell("give", marked("Gives"), NAMES))),
        Part("prices", marked("Prices of the limits"), ("balance", "prices"), (
            Cell("name", marked("Limit")), Cell("multiplier", marked("Price of a unit"), NUMBER),
            Cell("weights", marked("A unit is"), WEIGHTS), Cell("where", marked("Where")))),
        Part("tiers", marked("Tiers"), ("tiers",), (
            Cell("name", marked("Tier")), Cell("when", marked("Holds where")),
            Cell("journeys", marked("Journeys"), LIST))),
        Part("authority", marked("Authority"), ("authority", "matrix"), (
            Cell("up_to", marked("Up to"), NUMBER), Cell("grades", marked("Grades"), NAMES),
            Cell("products", marked("Products"), NAMES),
            Cell("exceptions", marked("Exceptions"), NAMES), Cell("level", marked("Level")),
            Cell("joint", marked("Signatures"), NUMBER))),
        Part("overrides", marked("Overrides"), ("authority", "overrides", "reasons"), (
            Cell("", marked("Reason")), Cell("", marked("Means"))), keyed=True),
        Part("texts", marked("Reasons in words"), ("texts",), (
            Cell("", marked("Reason")), *words), keyed=True),
        Part("features", marked("Derived from what is given"), ("features",), (
            Cell("", marked("Name")), Cell("", marked("Is"))), keyed=True),
    )  # fmt: skip
    shown = (each for each in all_of_them if len(each.path) == 1 or _stands(sections, each.path))
    return {each.name: each for each in shown}


def _stands(sections: Any, path: Sequence[str]) -> bool:
    """Whether rows stand at the path, or none yet in a list that is there."""
    for name in path:
        sections = sections.get(name) if isinstance(sections, Mapping) else None
    return isinstance(sections, Mapping | list)


def form_of(text: str, part: Part) -> PartForm:
    """The form that shows the text's rows, and one to be filled in."""
    values = (rows_at(text, part.path) or [])[:MOST_ROWS]
    rows = [_shown(part, at, at, value) for at, value in enumerate(values)]
    return PartForm(part, [*rows, _shown(part, len(rows), None, None)], mark_of(text, part))


def typed(part: Part, sent: Mapping[str, str]) -> PartForm:
    """The form as it was sent, without rows that were taken away."""
    rows = []
    for at in range(MOST_ROWS + 1):
        if f"of-{at}" not in sent:
            break
        place = sent[f"of-{at}"]
        of = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else None
        cells = [
            (cell, sent.get(f"cell-{at}-{number}", "")[:_CELL].strip())
            for number, cell in enumerate(part.cells)
        ]
        if sent.get(f"gone-{at}") != "yes" and any(
            text for cell, text in cells if not cell.choices
        ):
            rows.append(FormRow(at, of, cells))
    return PartForm(part, rows, sent.get("mark", ""))


def moved(form: PartForm, at: int, by: int) -> PartForm:
    """The form with the row at a place moved up (-1) or down (1)."""
    rows = list(form.rows)
    here = next((number for number, row in enumerate(rows) if row.at == at), None)
    if here is None or not 0 <= here + by < len(rows):
        return form
    rows[here], rows[here + by] = rows[here + by], rows[here]
    return PartForm(form.part, rows, form.mark)


def written_into(text: str, form: PartForm) -> str:
    """The text with the form's rows. Raises Otherwise where the text has other rows by now."""
    if form.mark != mark_of(text, form.part):
        raise Otherwise
    part, before = form.part, rows_at(text, form.part.path) or []
    rows = []
    for row in form.rows:
        was = before[row.of] if row.of is not None and row.of < len(before) else None
        rows.append(Row(_value(part, row, was), row.of if was is not None else None))
    return with_rows(text, part.path, rows, keyed=part.keyed)


def mark_of(text: str, part: Part) -> str:
    """A mark of the text's own rows."""
    rows = json.dumps(rows_at(text, part.path), default=str, sort_keys=True)
    return hashlib.sha256(rows.encode()).hexdigest()[:16]


def again(form: PartForm, text: str) -> PartForm:
    """The rows as they were typed, as a form of the text as it is now."""
    rows = [FormRow(at, row.of, row.cells) for at, row in enumerate(form.rows)]
    blank = _shown(form.part, len(rows), None, None)
    return PartForm(form.part, [*rows, blank], mark_of(text, form.part))


def _shown(part: Part, at: int, of: int | None, value: Any) -> FormRow:
    return FormRow(at, of, [*zip(part.cells, _texts(part, value), strict=True)])


def _texts(part: Part, value: Any) -> list[str]:
    """What stands in each cell of a row."""
    if value is None:
        return ["" for _ in part.cells]
    if not part.keyed:
        held = value if isinstance(value, dict) else {}
        return [cell.kind.shown(held.get(cell.key)) for cell in part.cells]
    key, holds = value
    if part.cells[1].key:
        held = holds if isinstance(holds, dict) else {}
        return [str(key), *(cell.kind.shown(held.get(cell.key)) for cell in part.cells[1:])]
    return [str(key), part.cells[1].kind.shown(holds)]


def _value(part: Part, row: FormRow, was: Any) -> Any:
    """What a typed row says: what was not typed anew stays as it was, also what no cell shows."""
    before = _texts(part, was)
    if not part.keyed:
        return _mapping(row.cells, before, was)
    key = row.cells[0][1]
    holds = None if was is None else was[1]
    if part.cells[1].key:
        return key, _mapping(row.cells[1:], before[1:], holds)
    cell, text = row.cells[1]
    return key, holds if was is not None and text == before[1] else cell.kind.read(text)


def _mapping(cells: Sequence[tuple[Cell, str]], before: Sequence[str], was: Any) -> dict[str, Any]:
    mapping: dict[str, Any] = dict(was) if isinstance(was, dict) else {}
    for (cell, text), former in zip(cells, before, strict=True):
        if text == former and (text or cell.key in mapping or was is not None):
            continue
        if text:
            mapping[cell.key] = cell.kind.read(text)
        else:
            mapping.pop(cell.key, None)
    return mapping
