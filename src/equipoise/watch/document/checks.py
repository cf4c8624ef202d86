"""What must hold of watch.yaml beyond its fields, each fault with line and mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from equipoise.documents import Key, Loaded
from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.watch.document.indicators import Bound, Indicator
from equipoise.watch.document.register import Grade
from equipoise.watch.document.watch import WatchDocument

Keys = tuple[Key, ...]


def watch_faults(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    """Names that are not there or there twice, bounds in the wrong order, risks that rest on
    nothing; expressions are checked where they are compiled."""
    yield from _twice(read)
    yield from _people(read)
    yield from _tables(read)
    for at, indicator in enumerate(read.value.indicators):
        yield from _indicator(read, at, indicator)
    yield from _risks(read)
    yield from _duties(read)
    yield from _backtest(read)
    yield from _borrowers(read)


def fault(read: Loaded[WatchDocument], keys: Keys, message: str, mend: str) -> BadInput:
    """A fault with the place of what is written at `keys`."""
    field = ".".join(str(key) for key in keys)
    return BadInput(message, where=read.span(*keys), field=field, mend=mend)


def _twice(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    document = read.value
    for part, names in (
        ("people", [each.id for each in document.people]),
        ("tables", [each.name for each in document.tables]),
        ("indicators", [each.name for each in document.indicators]),
        ("risks", [each.name for each in document.risks]),
        ("duties", [each.name for each in document.duties]),
    ):
        many = Counter(names)
        for at, name in enumerate(names):
            if many[name] > 1 and names.index(name) < at:
                yield fault(read, (part, at), f"two {part} are called '{name}'", "rename one")


def _unknown(
    read: Loaded[WatchDocument], keys: Keys, name: str | None, known: Iterable[str], what: str
) -> Iterator[EquipoiseError]:
    names = list(known)
    if name is not None and name not in names:
        yield fault(read, keys, f"there is no {what} '{name}'", did_you_mean(name, names))


def _people(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    document = read.value
    known = [each.id for each in document.people]
    for at, person in enumerate(document.people):
        yield from _unknown(read, ("people", at, "deputy"), person.deputy, known, "person")
        if person.deputy == person.id:
            yield fault(
                read, ("people", at, "deputy"), f"'{person.id}' stands in for themselves",
                "name somebody else, or nobody",
            )  # fmt: skip
    for part in ("indicators", "risks", "duties"):
        for at, each in enumerate(getattr(document, part)):
            yield from _unknown(read, (part, at, "owner"), each.owner, known, "person")
    for severity in ("red", "amber", "data"):
        for at, step in enumerate(getattr(document.alerts, severity)):
            yield from _unknown(read, ("alerts", severity, at, "to"), step.to, known, "person")


def _tables(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    for at, table in enumerate(read.value.tables):
        place: Keys = ("tables", at)
        yield from _unknown(read, (*place, "period"), table.period, table.columns, "column")
        yield from _unknown(read, (*place, "entity"), table.entity, table.columns, "column")
        if table.columns.get(table.period) in ("number", "boolean"):
            told = f"'{table.period}' is a {table.columns[table.period]}, and tells no period"
            mend = "name a column of dates, or of months as 2026-11"
            yield fault(read, (*place, "period"), told, mend)
        for column in _circular(table.rests_on):
            told = f"'{column}' rests on itself"
            mend = "let a column rest on those it was made from only"
            yield fault(read, (*place, "rests_on", column), told, mend)
        for column, parts in table.rests_on.items():
            for name in (column, *parts):
                yield from _unknown(
                    read, (*place, "rests_on", column), name, table.columns, "column"
                )


def _circular(rests_on: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The columns that rest on themselves, by way of others too."""
    for column in rests_on:
        reached: set[str] = set()
        waiting = list(rests_on[column])
        while waiting:
            part = waiting.pop()
            if part not in reached:
                reached.add(part)
                waiting += rests_on.get(part, ())
        if column in reached:
            yield column


def _indicator(
    read: Loaded[WatchDocument], at: int, indicator: Indicator
) -> Iterator[EquipoiseError]:
    document, place = read.value, ("indicators", at)
    tables = [each.name for each in document.tables]
    yield from _unknown(read, (*place, "table"), indicator.table, tables, "table")
    risks = [each.name for each in document.risks]
    yield from _unknown(read, (*place, "risk"), indicator.risk, risks, "risk")
    if indicator.table in tables:
        columns = document.table(indicator.table).columns
        for name in indicator.guards:
            yield from _unknown(read, (*place, "guards"), name, columns, "column")
    if _wrong_order(indicator):
        yield fault(
            read, (*place, "amber"), f"'{indicator.name}' would be red before it is amber",
            "red lies further where it gets worse",
        )  # fmt: skip
    if indicator.window > 1 and indicator.kind in ("distribution", "volume"):
        yield fault(
            read, (*place, "window"), f"a {indicator.kind} is read one period at a time",
            "take `window` out",
        )  # fmt: skip


def _wrong_order(indicator: Indicator) -> bool:
    amber, red = indicator.amber, indicator.red
    if amber is None or red is None:
        return False
    gap = _gap(amber, red)
    return gap is not None and (gap > 0 if indicator.direction == "down" else gap < 0)


def _gap(amber: Bound, red: Bound) -> float | None:
    if amber.at is not None and red.at is not None:
        return red.at - amber.at
    if amber.times is not None and red.times is not None:
        return red.times - amber.times
    return None


def _risks(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    indicators = [each.name for each in read.value.indicators]
    known = [each.id for each in read.value.people]
    for at, risk in enumerate(read.value.risks):
        for part in ("probability", "impact", "residual"):
            grade: Grade | None = getattr(risk, part)
            if grade is not None:
                place: Keys = ("risks", at, part)
                yield from _unknown(
                    read, (*place, "indicator"), grade.indicator, indicators, "indicator"
                )
                yield from _unknown(read, (*place, "by"), grade.by, known, "person")


def _duties(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    risks = [each.name for each in read.value.risks]
    for at, duty in enumerate(read.value.duties):
        yield from _unknown(read, ("duties", at, "risk"), duty.risk, risks, "risk")


def _backtest(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    of, tables = read.value.backtest, [each.name for each in read.value.tables]
    if of is None:
        return
    yield from _unknown(read, ("backtest", "table"), of.table, tables, "table")
    names = [each.name for each in read.value.indicators]
    yield from _unknown(read, ("backtest", "outcome"), of.outcome, names, "indicator")
    yield from _without_entity(read, "backtest", of.table)


def _borrowers(read: Loaded[WatchDocument]) -> Iterator[EquipoiseError]:
    of, tables = read.value.borrowers, [each.name for each in read.value.tables]
    if of is None:
        return
    yield from _unknown(read, ("borrowers", "table"), of.table, tables, "table")
    yield from _without_entity(read, "borrowers", of.table)
    if of.table in tables:
        columns = read.value.table(of.table).columns
        for sign, name in of.signs.items():
            yield from _unknown(read, ("borrowers", sign), name, columns, "column")
            if columns.get(name) in ("string", "date"):
                mend = "name a column of numbers, or of true and false"
                yield fault(read, ("borrowers", sign), f"'{name}' is a {columns[name]}", mend)


def _without_entity(read: Loaded[WatchDocument], part: str, name: str) -> Iterator[EquipoiseError]:
    table = next((each for each in read.value.tables if each.name == name), None)
    if table is not None and table.entity is None:
        yield fault(
            read, (part, "table"), f"table '{name}' does not say whose its rows are",
            "name the column as its `entity`",
        )  # fmt: skip
