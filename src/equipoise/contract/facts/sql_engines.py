"""What each database writes in its own way when it reads a fact."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import ClassVar, Literal

from equipoise.contract.grammar import BLANKS, LARGEST, NO_NUMBER, NUMBER
from equipoise.contract.patterns import DayPattern
from equipoise.contract.spelling import CAPITALS, LONGEST, MARKS, PLAIN_MARKS, SMALL, Spelling, Term
from equipoise.expression import DIALECTS, DialectName, literal, quoted

Sort = Literal["text", "whole", "decimal", "float", "boolean", "date", "moment", "instant"]
NUMBERS: tuple[Sort, ...] = ("whole", "decimal", "float")


class Engine:
    """One database's spelling; `column` arguments are of any type, `text` ones are text."""

    name: DialectName
    sorts: ClassVar[Mapping[Sort, tuple[str, ...]]]

    def named(self, name: str) -> str:
        """A name as an identifier."""
        return quoted(name, self.name)

    def literal(self, text: str) -> str:
        """A text constant."""
        return literal(text, self.name)

    @property
    def double(self) -> str:
        """The type of a float64."""
        return DIALECTS[self.name].double

    @property
    def string(self) -> str:
        """The type of a text."""
        return DIALECTS[self.name].string

    def type_of(self, column: str) -> str:
        return f"typeof({column})"

    def is_(self, column: str, *sorts: Sort) -> str:
        """Whether the column is of one of these sorts: known before any row is read."""
        kind = self.type_of(column)
        listed = [name for each in sorts for name in self.sorts[each]]
        plain = [self.literal(name) for name in listed if not name.endswith("%")]
        parts = [f"{kind} IN ({', '.join(plain)})"] if plain else []
        parts += [f"{kind} LIKE {self.literal(name)}" for name in listed if name.endswith("%")]
        return f"({' OR '.join(parts)})"

    def taken(self, column: str) -> str:
        """A column as it is."""
        return column

    def nan(self) -> str:
        """What stands for a number that is none to decide by."""
        return f"CAST('NaN' AS {self.double})"

    def is_nan(self, number: str) -> str:
        """Whether a double is NaN."""
        return f"{number} = {self.nan()}"

    def number(self, value: float) -> str:
        """A constant: exactly this double."""
        return f"CAST('{float(value)!r}' AS {self.double})"

    def day(self, iso: str) -> str:
        """A constant: this day."""
        return f"DATE '{iso}'"

    def plain_marks(self, text: str) -> str:
        """A number's text with ASCII's digits, signs and blanks for those of other scripts."""
        return f"TRANSLATE({text}, {self.literal(MARKS)}, {self.literal(PLAIN_MARKS)})"

    def ascii_lower(self, text: str) -> str:
        """Text with small letters for ASCII's capitals, and no others."""
        return f"TRANSLATE({text}, '{CAPITALS}', '{SMALL}')"

    def read_spelled(self, said: str, spelling: Spelling, fail: str) -> str:
        """The last arms of a CASE: what a text of plain marks says by a format, or `fail`."""
        terms = " + ".join(self._term(said, term) for term in spelling.terms)
        value = f"({terms})"
        if spelling.negative:
            below = self.matches(said, spelling.negative)
            value = f"CASE WHEN {below} THEN -{value} ELSE {value} END"
        follows = f"LENGTH({said}) <= {LONGEST} AND {self.matches(said, spelling.shape)}"
        return (
            f" WHEN {follows} THEN {value}"
            f" WHEN {self.matches(said, NO_NUMBER)} THEN {self.nan()} ELSE {fail}"
        )

    def _term(self, said: str, term: Term) -> str:
        for pattern, by in term.steps:
            said = self.replaced(said, pattern, by)
        number = f"({self.double_of_text(said)})"
        if term.times != 1.0:
            number = f"{number} * {self.number(term.times)}"
        return f"{number} / {self.number(term.over)}" if term.over != 1.0 else number

    def read_number(self, bare: str, fail: str) -> str:
        """The last arms of a CASE: a text's number by the grammar, or `fail`."""
        return (
            f" WHEN {self.matches(bare, NUMBER)} THEN {self.double_of_text(bare)}"
            f" WHEN {self.matches(bare, NO_NUMBER)} THEN {self.nan()} ELSE {fail}"
        )

    def whole_float(self, text: str) -> str:
        """Whether an identifier's text is a whole number that went through a float."""
        return f"{text} LIKE '%.0' AND " + self.matches(text, r"-?[1-9][0-9]{0,15}\.0|0\.0")

    def whole_decimal(self, text: str, fail: str) -> str:
        """A whole decimal's digits, which may be more than a double's."""
        bare = self.replaced(text, r"\.0+$", "")
        whole = self.matches(text, r"-?[0-9]+(?:\.0+)?")
        return f"CASE WHEN {whole} THEN {bare} ELSE {fail} END"

    def text(self, column: str) -> str:
        """Any value as text, without the blanks around it."""
        return f"TRIM(CAST({column} AS {self.string}), {self.literal(BLANKS)})"

    def matches(self, text: str, regex: str) -> str:
        return f"regexp_full_match({text}, {self.literal(regex)})"

    def replaced(self, text: str, regex: str, by: str) -> str:
        pattern, other = self.literal(regex), self.literal(by)
        return f"regexp_replace({text}, {pattern}, {other}, 'g')"

    def apart(self, text: str, pattern: DayPattern) -> str:  # noqa: ARG002
        """What `part` is asked of, where that is not the text; empty where it is."""
        return ""

    def part(self, text: str, pattern: DayPattern, group: str) -> str:
        """What a group of the pattern holds; NULL where it holds nothing."""
        regex, place = grouped(pattern, group)
        return f"NULLIF(regexp_extract({text}, {self.literal(regex)}, {place}), '')"

    def double_of_text(self, text: str) -> str:
        """The double nearest to a number in text; the text follows the grammar."""
        return f"TRY_CAST({text} AS DOUBLE)"

    def sort_of(self, kind: str) -> Sort | None:
        """The sort of a column of a type, as the engine calls that; None for one not read."""
        for sort, names in self.sorts.items():
            if any(fnmatchcase(kind, name.replace("%", "*")) for name in names):
                return sort
        return None

    def double_of_number(self, column: str) -> str:
        """A number of any type as a double; a decimal's by its digits, which divide exactly."""
        digits = f"TRY_CAST(CAST({column} AS VARCHAR) AS DOUBLE)"
        decimal = self.is_(column, "decimal")
        return f"CASE WHEN {decimal} THEN {digits} ELSE TRY_CAST({column} AS DOUBLE) END"

    def truth(self, column: str) -> str:
        return f"TRY_CAST({column} AS BOOLEAN)"

    def day_of_typed(self, column: str) -> str:
        """A date's or a plain moment's day."""
        return f"TRY_CAST({column} AS DATE)"

    def instant_day(self, column: str, zone: str) -> str:
        """The day in `zone` of a moment with an offset."""
        moment = f"TRY_CAST({column} AS TIMESTAMPTZ)"
        return f"CAST({moment} AT TIME ZONE {self.literal(zone)} AS DATE)"

    def in_zone(self, day: str, seconds: str, zone: str) -> str:
        """The day in `zone` of the moment `seconds` after a day's midnight in UTC."""
        moment = f"(CAST({day} AS TIMESTAMP) + to_seconds({seconds}))"
        return f"CAST({moment} AT TIME ZONE 'UTC' AT TIME ZONE {self.literal(zone)} AS DATE)"

    def iso(self, day: str) -> str:
        """A day as ISO writes it."""
        return f"CAST({day} AS {self.string})"

    def today(self, zone: str) -> str:
        return f"CAST(now() AT TIME ZONE {self.literal(zone)} AS DATE)"

    def failing(self, message: str, kind: str) -> str:
        """An error with that message where it is worked out, of the type asked for."""
        return f"CAST(error({message}) AS {kind})"

    def whole_text(self, number: str) -> str:
        """A whole double as its digits."""
        return f"CAST(CAST({number} AS BIGINT) AS {self.string})"

    def date_of(self, year: str, month: str, day: str) -> str:
        return f"make_date({year}, {month}, {day})"

    def days_later(self, day: str, days: str) -> str:
        return f"CAST({day} + {days} AS DATE)"

    def bytewise(self, text: str) -> str:
        """Text that compares by its bytes, whatever its column says."""
        return f'{text} COLLATE "C"'


class DuckDb(Engine):
    name = "duckdb"
    sorts: ClassVar[Mapping[Sort, tuple[str, ...]]] = {
        "text": ("VARCHAR", "ENUM%"),
        "whole": (
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
            "UINTEGER", "UBIGINT", "UHUGEINT",
        ),
        "decimal": ("DECIMAL%",),
        "float": ("DOUBLE", "FLOAT"),
        "boolean": ("BOOLEAN",),
        "date": ("DATE",),
        "moment": ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"),
        "instant": ("TIMESTAMP WITH TIME ZONE",),
    }  # fmt: skip


class Postgres(Engine):
    name = "postgres"
    sorts: ClassVar[Mapping[Sort, tuple[str, ...]]] = {
        "text": ("text", "character varying", "character", "name", "USER-DEFINED"),
        "whole": ("smallint", "integer", "bigint"),
        "decimal": ("numeric",),
        "float": ("double precision", "real"),
        "boolean": ("boolean",),
        "date": ("date",),
        "moment": ("timestamp without time zone",),
        "instant": ("timestamp with time zone",),
    }

    def type_of(self, column: str) -> str:
        return f"CAST(pg_typeof({column}) AS TEXT)"

    def text(self, column: str) -> str:
        # JSON writes days and moments as ISO does, whatever the session's DateStyle
        iso = f"(to_jsonb({column}) #>> '{{}}')"
        dated = self.is_(column, "date", "moment", "instant")
        plain = f"CAST({column} AS TEXT)"
        return f"BTRIM(CASE WHEN {dated} THEN {iso} ELSE {plain} END, {self.literal(BLANKS)})"

    def matches(self, text: str, regex: str) -> str:
        return f"({text} ~ {self.literal(f'^(?:{regex})$')})"

    def part(self, text: str, pattern: DayPattern, group: str) -> str:
        regex, place = grouped(pattern, group)
        return f"(regexp_match({text}, {self.literal(regex)}))[{place}]"

    def double_of_text(self, text: str) -> str:
        """A cast raises beyond the range of doubles, so its size is looked at first."""
        small = (
            self.matches(text, r"[^eE]*(?:[eE][+-]?0*[0-9]{1,3})?") + f" AND LENGTH({text}) < 5000"
        )
        no_digit = self.matches(text, r"[+-]?[0.]*(?:[eE].*)?")
        wide = f"CAST({text} AS NUMERIC)"
        nan = "CAST('NaN' AS DOUBLE PRECISION)"
        shrinks = self.matches(text, r".*[eE]-.*")
        return (
            f"CASE WHEN {no_digit} THEN 0 WHEN {small} THEN"
            f" CASE WHEN ABS({wide}) > {LARGEST * 2:.0f} THEN {nan}"
            f" WHEN ABS({wide}) < 2.5e-324 THEN 0"
            f" ELSE CAST({text} AS DOUBLE PRECISION) END"
            f" WHEN {shrinks} THEN 0 ELSE {nan} END"
        )

    def double_of_number(self, column: str) -> str:
        text, kind = f"CAST({column} AS TEXT)", self.type_of(column)
        real = f"CAST(CAST({text} AS REAL) AS DOUBLE PRECISION)"
        wide = f"CASE WHEN {self.matches(text, '[0-9.-]*')} THEN {self.double_of_text(text)}"
        return (
            f"CASE WHEN {kind} = 'real' THEN {real} WHEN {kind} = 'numeric' THEN {wide}"
            f" ELSE CAST('NaN' AS DOUBLE PRECISION) END ELSE CAST({text} AS DOUBLE PRECISION) END"
        )

    def truth(self, column: str) -> str:
        return f"(CAST({column} AS TEXT) = 'true')"

    def day_of_typed(self, column: str) -> str:
        return f"CAST(LEFT({self.text(column)}, 10) AS DATE)"

    def instant_day(self, column: str, zone: str) -> str:
        moment = f"CAST({self.text(column)} AS TIMESTAMPTZ)"
        return f"CAST({moment} AT TIME ZONE {self.literal(zone)} AS DATE)"

    def iso(self, day: str) -> str:
        return f"TO_CHAR({day}, 'YYYY-MM-DD')"

    def in_zone(self, day: str, seconds: str, zone: str) -> str:
        moment = f"(CAST({day} AS TIMESTAMP) + make_interval(secs => {seconds}))"
        return f"CAST({moment} AT TIME ZONE 'UTC' AT TIME ZONE {self.literal(zone)} AS DATE)"

    def failing(self, message: str, kind: str) -> str:
        # of a row's own text, so that no planner works it out before there is a row
        return f"CAST(CAST(CAST(({message}) AS INTEGER) AS TEXT) AS {kind})"


class Spark(Engine):
    name = "spark"
    sorts: ClassVar[Mapping[Sort, tuple[str, ...]]] = {
        "text": ("string", "varchar%", "char%"),
        "whole": ("tinyint", "smallint", "int", "bigint"),
        "decimal": ("decimal%",),
        "float": ("double", "float"),
        "boolean": ("boolean",),
        "date": ("date",),
        "moment": ("timestamp_ntz",),
        "instant": ("timestamp",),
    }

    def text(self, column: str) -> str:
        plain = f"CAST({column} AS STRING)"
        # BTRIM holds each end against each of the blanks; none is among ASCII's marks
        bare = " AND ".join(f"{end} BETWEEN '!' AND '~'" for end in (plain, f"SUBSTR({plain}, -1)"))
        trimmed = f"BTRIM({plain}, {self.literal(BLANKS)})"
        return f"CASE WHEN {bare} THEN {plain} ELSE {trimmed} END"

    def matches(self, text: str, regex: str) -> str:
        whole = self.literal(rf"\A(?:{regex})\z")
        return f"({text} RLIKE {whole})"

    def replaced(self, text: str, regex: str, by: str) -> str:
        return f"regexp_replace({text}, {self.literal(regex)}, {self.literal(by)})"

    def double_of_text(self, text: str) -> str:
        return f"CAST({text} AS DOUBLE)"

    def double_of_number(self, column: str) -> str:
        text = f"CAST({column} AS STRING)"
        narrow = f"CAST(CAST({text} AS FLOAT) AS DOUBLE)"
        return f"CASE WHEN typeof({column}) = 'float' THEN {narrow} ELSE CAST({text} AS DOUBLE) END"

    def truth(self, column: str) -> str:
        return f"(CAST({column} AS STRING) = 'true')"

    def day_of_typed(self, column: str) -> str:
        return f"CAST(SUBSTRING(CAST({column} AS STRING), 1, 10) AS DATE)"

    def instant_day(self, column: str, zone: str) -> str:
        local = f"CAST(CAST({column} AS STRING) AS TIMESTAMP_NTZ)"
        return f"CAST(convert_timezone(current_timezone(), {self.literal(zone)}, {local}) AS DATE)"

    def in_zone(self, day: str, seconds: str, zone: str) -> str:
        moment = f"timestampadd(SECOND, {seconds}, CAST({day} AS TIMESTAMP_NTZ))"
        return f"CAST(convert_timezone('UTC', {self.literal(zone)}, {moment}) AS DATE)"

    def today(self, zone: str) -> str:
        now = "localtimestamp()"
        return f"CAST(convert_timezone(current_timezone(), {self.literal(zone)}, {now}) AS DATE)"

    def failing(self, message: str, kind: str) -> str:
        return f"CAST(raise_error({message}) AS {kind})"

    def days_later(self, day: str, days: str) -> str:
        return f"date_add({day}, {days})"

    def bytewise(self, text: str) -> str:
        return text


def grouped(pattern: DayPattern, group: str) -> tuple[str, int]:
    """The pattern's expression, anchored and with numbered groups, and the place of one."""
    names = groups(pattern)
    return f"^(?:{re.sub('[?]P<[A-Za-z]>', '', pattern.regex)})$", names.index(group) + 1


def groups(pattern: DayPattern) -> Sequence[str]:
    """The names of the pattern's groups, in their order."""
    return re.findall(r"\?P<(\w)>", pattern.regex)
