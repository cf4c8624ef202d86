"""The reading of facts as SQL: what `value` reads one by one, over a database's own columns.

Often nothing is known of a column's type when the query is written, only when it is planned: then
every way of reading it is written down. One layer takes each column as it is and as text; the next
the parts of days; the next values; the last missing codes, ranges and refusals. A value that cannot
be read raises an error in the database that names field, value and identifier, for that row alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from equipoise.contract.document import Contract
from equipoise.contract.facts.codes import missing_codes
from equipoise.contract.facts.sql_days import DayColumns
from equipoise.contract.facts.sql_engines import NUMBERS, DuckDb, Engine, Postgres, Sort, Spark
from equipoise.contract.facts.sql_sqlite import SQLite
from equipoise.contract.facts.value import WANTED
from equipoise.contract.fields import Field
from equipoise.contract.formats import number_spelling
from equipoise.contract.grammar import (
    EXACT_IN_FLOAT,
    FALSE_WORDS,
    LARGEST,
    TRUE_WORDS,
)
from equipoise.contract.identifiers import LONGEST
from equipoise.contract.patterns import EARLIEST_YEAR, patterns_of
from equipoise.errors import BadInput

ID, OWN_DAY = "its id", "its own day"
ENGINES: dict[str, Engine] = {e.name: e for e in (DuckDb(), Postgres(), SQLite(), Spark())}


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact to read: its field, and the name of the column that it becomes."""

    field: Field
    name: str


@dataclass(slots=True)
class SqlReader:
    """Writes the reading of one contract's facts for one database.

    `facts` maps each field that is read to the column it becomes. A number that is none to decide
    by is NaN there. `sorts` says of which sort the columns of fields are, where that is known.
    """

    contract: Contract
    facts: Mapping[str, str]
    engine: Engine
    sorts: Mapping[str, Sort]
    _asked: list[Asked] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        contract: Contract,
        facts: Mapping[str, str],
        dialect: str,
        sorts: Mapping[str, Sort] | None = None,
    ) -> SqlReader:
        """A reader for `duckdb`, `postgres`, `sqlite` or `spark`."""
        asked = [Asked(contract.field(name), column) for name, column in facts.items()]
        if contract.date is not None:
            asked.append(Asked(contract.field(contract.date), OWN_DAY))
        return cls(contract, facts, ENGINES[dialect], sorts or {}, asked)

    def layers(self, source: str, fence: str = "") -> str:
        """A SELECT over `source` (what follows FROM, called `given`) with a column for each fact,
        for the identifier (`ID`) and, where the contract has one, the own day (`OWN_DAY`)."""
        query = f"SELECT {_listed(self.engine, self._taken())}\nFROM {source} AS given{fence}"
        steps = (
            self._written(),
            self._apart(),
            self._parts(),
            self._numbers(),
            self._days(),
            self._values(),
        )
        for at, columns in enumerate(steps):
            if columns:
                listed = f"*, {_listed(self.engine, columns)}"
                query = f"SELECT {listed}\nFROM ({query}) AS reading{at}{fence}"
        final = _listed(self.engine, self._facts())
        return f"SELECT {final}\nFROM ({query}) AS readings{fence}"

    def today(self) -> str:
        """The day it is where the lender counts days."""
        return self.engine.today(self.contract.time_zone)

    def _taken(self) -> list[tuple[str, str]]:
        """Each column as it is, and as text."""
        engine, columns = self.engine, []
        for each in self._asked:
            column = f"given.{engine.named(each.field.column)}"
            text = f"NULLIF({engine.text(column)}, '')"
            columns += [
                (f"raw {each.name}", engine.taken(column)),
                (f"text {each.name}", engine.bytewise(text)),
            ]
        identity = "NULL" if self.contract.id is None else self._id_column()
        text = f"NULLIF({engine.text(identity)}, '')" if self.contract.id else "NULL"
        kind = f"CAST({text} AS {engine.string})"
        return [*columns, ("raw id", engine.taken(identity)), ("text id", kind)]

    def _id_column(self) -> str:
        name = self.contract.field(self.contract.id or "").column
        return f"given.{self.engine.named(name)}"

    def _apart(self) -> list[tuple[str, str]]:
        return [column for each in self._dates() for column in self._apart_of(each)]

    def _apart_of(self, each: Asked) -> list[tuple[str, str]]:
        said = self.engine.named(f"said {each.name}")
        try:
            return [column for days in self._patterns(each) for column in days.apart(said)]
        except BadInput as error:
            raise BadInput(error.message, field=each.field.name, mend=error.mend) from None

    def _parts(self) -> list[tuple[str, str]]:
        return [
            part
            for each in self._dates()
            for days in self._patterns(each)
            for part in days.parts(self.engine.named(f"said {each.name}"))
        ]

    def _numbers(self) -> list[tuple[str, str]]:
        listed = [days for each in self._dates() for days in self._patterns(each)]
        return [number for days in listed for number in days.numbers()]

    def _days(self) -> list[tuple[str, str]]:
        listed = [days for each in self._dates() for days in self._patterns(each)]
        return [day for days in listed for day in days.day()]

    def _patterns(self, each: Asked) -> list[DayColumns]:
        patterns, zone = patterns_of(each.field.format), self.contract.time_zone
        return [
            DayColumns(self.engine, pattern, f"day {each.name} {at}", zone)
            for at, pattern in enumerate(patterns)
        ]

    def _dates(self) -> list[Asked]:
        """Those that may have to be read from text."""
        dates = [each for each in self._asked if each.field.type == "date"]
        return [each for each in dates if self._sort(each) not in ("date", "moment", "instant")]

    def _sort(self, each: Asked) -> Sort | None:
        return self.sorts.get(each.field.name)

    def _written(self) -> list[tuple[str, str]]:
        """The text that days and numbers of a format are read from; NULL where the column says the
        day by its type."""
        engine, columns = self.engine, []
        for each in self._asked:
            if each.field.type in ("number", "integer") and each.field.format:
                said = engine.plain_marks(self._text(each))
                if number_spelling(each.field.format).lower:
                    said = engine.ascii_lower(said)
                columns.append((f"said {each.name}", said))
        for each in self._dates():
            raw = self._raw(each)
            arms = f"WHEN {engine.is_(raw, 'text')} THEN {self._text(each)}"
            if each.field.format:
                arms += f" WHEN {engine.is_(raw, *NUMBERS)} THEN {self._digits(each)}"
            columns.append((f"said {each.name}", f"CASE {arms} END"))
        return columns

    def _values(self) -> list[tuple[str, str]]:
        """Each fact in its type, before codes for missing are taken out."""
        write = {
            "number": self._number,
            "integer": self._number,
            "string": self._string,
            "boolean": self._truth,
            "date": self._day,
        }
        return [(f"value {each.name}", write[each.field.type](each)) for each in self._asked]

    def _raw(self, each: Asked) -> str:
        return self.engine.named(f"raw {each.name}")

    def _text(self, each: Asked) -> str:
        return self.engine.named(f"text {each.name}")

    def _fail(self, each: Asked, kind: str) -> str:
        engine, literal = self.engine, self.engine.literal
        wanted = WANTED[each.field.type]
        if each.field.type == "date" and each.field.format:
            wanted = f"a date written as {each.field.format}"
        # written anew here: a column of text that only an error reads is worked out for every row
        value = f"COALESCE(SUBSTR({engine.text(self._raw(each))}, 1, 60), {literal('(blank)')})"
        identity = f"COALESCE({engine.named('text id')}, {literal('none')})"
        parts = [
            literal(f"'{each.field.name}' is '"),
            value,
            literal(f"', which is not {wanted} (application "),
            identity,
            literal(")"),
        ]
        return engine.failing(" || ".join(parts), kind)

    def _in(self, what: str, values: Iterable[str]) -> str:
        return f"{what} IN ({', '.join(values)})"

    def _coded(self, text: str, each: Asked) -> str:
        """An arm that takes a code for missing out, as it is written; empty where there is none."""
        texts = sorted(missing_codes(each.field).texts)
        return f" WHEN {self._in(text, map(self.engine.literal, texts))} THEN NULL" if texts else ""

    def _number(self, each: Asked) -> str:
        engine, raw, text = self.engine, self._raw(each), self._text(each)
        fail, coded = self._fail(each, engine.double), self._coded(text, each)
        if each.field.format:
            said, spelling = engine.named(f"said {each.name}"), number_spelling(each.field.format)
            arms = engine.read_spelled(said, spelling, fail)
        else:
            arms = engine.read_number(text, fail)
        read = f"CASE WHEN {text} IS NULL THEN NULL{coded}{arms} END"
        number = self._double(raw, self._sort(each))
        return self._by_sort(raw, {NUMBERS: number, ("text",): read}, fail, self._sort(each))

    def _by_sort(
        self,
        raw: str,
        by: Mapping[tuple[str, ...], str],
        otherwise: str,
        sort: Sort | None,
    ) -> str:
        """What to read by the sort of the column: planned once, not looked at for each row."""
        if sort is not None:
            own = next((sql for sorts, sql in by.items() if sort in sorts), otherwise)
            return f"CASE WHEN {raw} IS NULL THEN NULL ELSE {own} END"
        arms = " ".join(f"WHEN {self.engine.is_(raw, *s)} THEN {sql}" for s, sql in by.items())  # type: ignore[arg-type]
        return f"CASE WHEN {raw} IS NULL THEN NULL {arms} ELSE {otherwise} END"

    def _double(self, raw: str, sort: Sort | None) -> str:
        """A number's column as a double."""
        if sort in ("whole", "float"):
            return f"CAST({raw} AS {self.engine.double})"
        return self.engine.double_of_number(raw)

    def _digits(self, each: Asked) -> str:
        """A whole number's digits; an error for a fraction, NULL for NaN."""
        engine, raw, text = self.engine, self._raw(each), self._text(each)
        wide = f"({self._double(raw, self._sort(each))})"
        whole = f"{wide} = FLOOR({wide}) AND ABS({wide}) <= {EXACT_IN_FLOAT}"
        fail = self._fail(each, engine.string)
        return (
            f"CASE WHEN {raw} IS NULL OR {engine.is_nan(wide)} THEN NULL"
            f" WHEN {engine.is_(raw, 'whole')} THEN {text}"
            f" WHEN {whole} THEN {engine.whole_text(wide)} ELSE {fail} END"
        )

    def _string(self, each: Asked) -> str:
        engine, raw, text = self.engine, self._raw(each), self._text(each)
        day = engine.iso(self._typed_day(each))
        by = {
            ("text",): text,
            ("date", "moment", "instant"): day,
            NUMBERS: self._digits(each),
        }
        return self._by_sort(raw, by, self._fail(each, engine.string), self._sort(each))

    def _typed_day(self, each: Asked) -> str:
        """The day of a column that is a date or a moment."""
        engine, raw = self.engine, self._raw(each)
        if self._sort(each) == "date":
            return raw
        instant = engine.instant_day(raw, self.contract.time_zone)
        is_instant = engine.is_(raw, "instant")
        return f"(CASE WHEN {is_instant} THEN {instant} ELSE {engine.day_of_typed(raw)} END)"

    def _truth(self, each: Asked) -> str:
        engine, raw, text = self.engine, self._raw(each), self._text(each)
        fail, literal = self._fail(each, "BOOLEAN"), engine.literal
        word = f"LOWER({text})"
        words = (
            f"CASE WHEN {text} IS NULL THEN NULL{self._coded(text, each)}"
            f" WHEN {self._in(word, map(literal, TRUE_WORDS))} THEN TRUE"
            f" WHEN {self._in(word, map(literal, FALSE_WORDS))} THEN FALSE ELSE {fail} END"
        )
        wide = f"({self._double(raw, self._sort(each))})"
        codes = [t for t in sorted(missing_codes(each.field).texts) if t.lstrip("-").isdigit()]
        coded = f" WHEN {self._in(wide, codes)} THEN NULL" if codes else ""
        number = (
            f"CASE WHEN {engine.is_nan(wide)} THEN NULL{coded}"
            f" WHEN {wide} = 1 THEN TRUE WHEN {wide} = 0 THEN FALSE ELSE {fail} END"
        )
        by = {("boolean",): engine.truth(raw), ("text",): words, NUMBERS: number}
        return self._by_sort(raw, by, fail, self._sort(each))

    def _day(self, each: Asked) -> str:
        engine, raw, text = self.engine, self._raw(each), self._text(each)
        fail = self._fail(each, "DATE")
        days = ", ".join(engine.named(days.name) for days in self._patterns(each))
        read = f"COALESCE({days}, {fail})"
        words = f"CASE WHEN {text} IS NULL THEN NULL{self._coded(text, each)} ELSE {read} END"
        by = {("date", "moment", "instant"): self._typed_day(each), ("text",): words}
        if each.field.format:
            digits = engine.named(f"said {each.name}")
            coded = self._coded(digits, each)
            by[NUMBERS] = f"CASE WHEN {digits} IS NULL THEN NULL{coded} ELSE {read} END"
        else:
            wide = f"({self._double(raw, self._sort(each))})"
            by[NUMBERS] = f"CASE WHEN {engine.is_nan(wide)} THEN NULL ELSE {fail} END"
        return self._by_sort(raw, by, fail, self._sort(each))

    def _facts(self) -> list[tuple[str, str]]:
        facts = [(each.name, self._settled(each)) for each in self._asked]
        return [(ID, self._identifier()), *facts]

    def _settled(self, each: Asked) -> str:
        """The value without codes for missing, and refused or doubted where it is out of reach."""
        engine, kind = self.engine, each.field.type
        value, codes = engine.named(f"value {each.name}"), missing_codes(each.field)
        if kind in ("number", "integer"):
            return self._settled_number(each, value)
        if kind == "string":
            coded = self._coded(value, each)
            return f"CASE{coded} ELSE {value} END" if coded else value
        if kind == "boolean":
            arms = "".join(f" WHEN {value} = {str(t).upper()} THEN NULL" for t in codes.truths)
            return f"CASE{arms} ELSE {value} END" if arms else value
        days = sorted(engine.day(day.isoformat()) for day in codes.days)
        coded = f" WHEN {self._in(value, days)} THEN NULL" if days else ""
        early = f"{value} < {engine.day(f'{EARLIEST_YEAR}-01-01')}"
        late = f"{value} > {engine.day('9999-12-31')}"
        fail = self._fail(each, "DATE")
        return f"CASE{coded} WHEN {early} OR {late} THEN {fail} ELSE {value} END"

    def _settled_number(self, each: Asked, value: str) -> str:
        whole = each.field.type == "integer"
        most = EXACT_IN_FLOAT if whole else LARGEST
        codes = [self.engine.number(each) for each in sorted(missing_codes(each.field).numbers)]
        coded = f" WHEN {self._in(value, codes)} THEN NULL" if codes else ""
        beyond = f" WHEN {value} > {self.engine.number(most)}"
        below = f"{value} < {self.engine.number(-most)}"
        fail = self._fail(each, self.engine.double)
        broken = f" WHEN {value} <> FLOOR({value}) THEN {fail}" if whole else ""
        zero = self.engine.number(0.0)
        return (
            f"CASE{coded}{beyond} OR {below} THEN {self.engine.nan()}{broken}"
            f" WHEN {value} = {zero} THEN {zero} ELSE {value} END"
        )

    def _identifier(self) -> str:
        """What names the application: one text, however it is typed."""
        engine = self.engine
        if self.contract.id is None:
            return f"CAST(NULL AS {engine.string})"
        raw, text = engine.named("raw id"), engine.named("text id")
        wanted = engine.literal("the identifier is one that can name nobody: ")
        fail = engine.failing(f"{wanted} || {text}", engine.string)
        floats = engine.whole_float(text)
        short = f"SUBSTR({text}, 1, LENGTH({text}) - 2)"
        words = (
            f"CASE WHEN {text} = '-0.0' THEN '0' WHEN {floats} THEN {short}"
            f" WHEN LENGTH({text}) > {LONGEST} THEN {fail} ELSE {text} END"
        )
        sort = self.sorts.get(self.contract.id)
        wide = f"({self._double(raw, sort)})"
        exact = f"{wide} = FLOOR({wide}) AND ABS({wide}) <= {EXACT_IN_FLOAT}"
        digits = (
            f"CASE WHEN {engine.is_nan(wide)} THEN NULL WHEN {exact} THEN"
            f" {engine.whole_text(wide)} ELSE {fail} END"
        )
        by: dict[tuple[str, ...], str] = {
            ("text",): words,
            ("whole",): text,
            ("float",): digits,
            ("decimal",): engine.whole_decimal(text, fail),
        }
        return self._by_sort(raw, by, fail, sort)


def _listed(engine: Engine, columns: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{sql} AS {engine.named(name)}" for name, sql in columns)
