"""A watch: watch.yaml read, checked and compiled, ready to measure tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from equipoise.documents import Loaded, parse_document, read_document
from equipoise.errors import EquipoiseError, Faults
from equipoise.expression import Expression, ExpressionError
from equipoise.expression import compile as compile_expression
from equipoise.watch.document.checks import fault, watch_faults
from equipoise.watch.document.indicators import Indicator
from equipoise.watch.document.watch import Table, WatchDocument

WATCH = "watch.yaml"
# what each part of an indicator has to be, by its kind
_KINDS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("rate", "of"): ("boolean",),
    ("mean", "of"): ("number",),
    ("ratio", "of"): ("number", "boolean"),
    ("ratio", "over"): ("number", "boolean"),
    ("expected", "of"): ("boolean",),
    ("expected", "over"): ("number",),
    ("gini", "of"): ("boolean",),
    ("gini", "over"): ("number",),
    ("distribution", "of"): ("number", "string", "boolean"),
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """An indicator with its expressions. `names` are the columns they name, `reads` also those that
    these rest on."""

    indicator: Indicator
    of: Expression | None
    over: Expression | None
    where: Expression | None
    names: frozenset[str]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class Watch:
    """What is watched: the document, and each indicator compiled, in its order.

    `event` is what the backtest holds warnings against. `digest` is of the document: readings name
    it.
    """

    document: WatchDocument
    indicators: tuple[Compiled, ...]
    event: Expression | None
    digest: str

    def of_table(self, name: str) -> tuple[Compiled, ...]:
        """The indicators over that table."""
        return tuple(each for each in self.indicators if each.indicator.table == name)

    def named(self, name: str) -> Compiled:
        """The indicator of that name."""
        return next(each for each in self.indicators if each.indicator.name == name)


def read_watch(path: Path) -> Watch:
    """Read and check watch.yaml. Raises BadInput or Faults, each with line and mend."""
    return _watch(read_document(path, WatchDocument))


def parse_watch(text: str, path: Path) -> Watch:
    """The same of a text at hand, which faults call by that name."""
    return _watch(parse_document(text, WatchDocument, path))


def _watch(read: Loaded[WatchDocument]) -> Watch:
    faults: list[EquipoiseError] = list(watch_faults(read))
    compiled: list[Compiled] = []
    tables = {each.name: each for each in read.value.tables}
    for at, indicator in enumerate(read.value.indicators):
        if indicator.table in tables:
            try:
                compiled.append(_compiled(read, at, indicator, tables[indicator.table]))
            except Faults as several:
                faults += several.faults
    event = _event(read, tables, faults)
    if faults:
        raise Faults(faults)
    digest = hashlib.sha256(read.value.model_dump_json(by_alias=True).encode()).hexdigest()
    return Watch(read.value, tuple(compiled), event, digest)


def _compiled(read: Loaded[WatchDocument], at: int, indicator: Indicator, table: Table) -> Compiled:
    parts: dict[str, Expression | None] = {}
    faults: list[EquipoiseError] = []
    for field in ("of", "over", "where"):
        text = getattr(indicator, field)
        keys = ("indicators", at, field)
        try:
            parts[field] = (
                None if text is None
                else compile_expression(text, table.columns, where=read.span(*keys))
            )  # fmt: skip
        except ExpressionError as error:
            faults.append(error)
            continue
        faults += _misfits(read, indicator, field, parts[field], at)
    if faults:
        raise Faults(faults)
    names = frozenset().union(*(each.names for each in parts.values() if each is not None))
    reads = _closure(names, table)
    return Compiled(indicator, parts["of"], parts["over"], parts["where"], names, reads)


def _event(
    read: Loaded[WatchDocument], tables: Mapping[str, Table], faults: list[EquipoiseError]
) -> Expression | None:
    of = read.value.backtest
    if of is None or of.table not in tables:
        return None
    keys = ("backtest", "event")
    try:
        event = compile_expression(of.event, tables[of.table].columns, where=read.span(*keys))
    except ExpressionError as error:
        faults.append(error)
        return None
    if event.type != "boolean":
        mend = "compare it with something, for example days >= 30"
        faults.append(fault(read, keys, f"the event is a {event.type}", mend))
    return event


def _misfits(
    read: Loaded[WatchDocument],
    indicator: Indicator,
    field: str,
    expression: Expression | None,
    at: int,
) -> Iterator[EquipoiseError]:
    if expression is None:
        return
    wanted = ("boolean",) if field == "where" else _KINDS[indicator.kind, field]
    keys = ("indicators", at, field)
    if expression.type not in wanted:
        yield fault(
            read, keys, f"`{field}` of '{indicator.name}' is a {expression.type}",
            f"a {indicator.kind} needs a {' or a '.join(wanted)} there",
        )  # fmt: skip
    if not expression.names:
        what = "divides by a constant" if field == "over" else "reads no column"
        yield fault(
            read, keys, f"`{field}` of '{indicator.name}' {what}", "name a column of the table"
        )


def _closure(names: frozenset[str], table: Table) -> frozenset[str]:
    """The columns, and those that they were made from, as far as the table says."""
    known = set(names)
    waiting = list(names)
    while waiting:
        for part in table.rests_on.get(waiting.pop(), ()):
            if part not in known:
                known.add(part)
                waiting.append(part)
    return frozenset(known)
