"""Days in a database's text: the parts that a pattern finds, then the day they say."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.contract.facts.sql_engines import Engine, groups
from equipoise.contract.monthnames import MONTH_NAMES
from equipoise.contract.patterns import MILLISECONDS, MONTHS_A_QUARTER, DayPattern

_MINUTES_A_DAY = 24 * 60
_WORDS = ("b", "p", "z")
_ALWAYS = ("Y", "y", "m", "q", "d", "j")  # where the pattern has them, the text does
_BY_NUMBER = ("n", "s", "t")
_LARGE = ("s", "t")
Columns = Iterator[tuple[str, str]]


class DayColumns:
    """The columns of one pattern over one text, in three layers: parts, numbers, the day."""

    def __init__(self, engine: Engine, pattern: DayPattern, prefix: str, zone: str) -> None:
        self.engine, self.pattern, self.name, self.zone = engine, pattern, prefix, zone
        self.groups = groups(pattern)

    def apart(self, text: str) -> Columns:
        """What the parts are taken from, where an engine has no regular expressions."""
        if sql := self.engine.apart(text, self.pattern):
            yield f"{self.name} apart", sql

    def parts(self, text: str) -> Columns:
        """What each group holds: whole numbers, and words."""
        text = self._made("apart") if self.engine.apart(text, self.pattern) else text
        for group in self.groups:
            part = self.engine.part(text, self.pattern, group)
            kind = "BIGINT" if group in _LARGE else "INTEGER"
            number = part if group in _WORDS else f"CAST({part} AS {kind})"
            yield self._called(group), number

    def numbers(self) -> Columns:
        """What words say: the month, the hour of the day, minutes east of UTC."""
        if "b" in self.groups:
            yield f"{self.name} month", self._month_of_word()
        if "p" in self.groups:
            yield f"{self.name} hour", self._hour_of_day()
        if "z" in self.groups:
            yield f"{self.name} east", self._minutes_east()

    def day(self) -> Columns:
        """The day; NULL where there is none."""
        if set(_BY_NUMBER) & set(self.groups):
            yield self.name, self._day_by_number()
            return
        civil, sound = self._civil()
        sound += [f"{self._number(n)} <= 59" for n in ("M", "S") if n in self.groups]
        if {"H", "I"} & set(self.groups):
            sound.append(f"{self._hour()} BETWEEN 0 AND 23")
        day = self._shifted(civil) if "z" in self.groups else civil
        year = self._column("Y" if "Y" in self.groups else "y")
        sql = f"CASE WHEN {year} IS NOT NULL AND {' AND '.join(sound)} THEN {day} END"
        yield self.name, sql

    def _day_by_number(self) -> str:
        group = self.groups[0]
        number = self._column(group)
        if group != "n":
            return self._day_of_seconds(number, MILLISECONDS if group == "t" else 1)
        zero = self.engine.day(self.pattern.day_zero.isoformat())
        later = self.engine.days_later(zero, number)
        return f"CASE WHEN {number} >= {self.pattern.least} THEN {later} END"

    def _day_of_seconds(self, number: str, over: int) -> str:
        zero = self.engine.day(self.pattern.day_zero.isoformat())
        seconds = f"CAST(FLOOR({number} / {over}.0) AS BIGINT)" if over > 1 else number
        return f"CASE WHEN {number} IS NOT NULL THEN {self._in_zone(zero, seconds)} END"

    def _called(self, group: str) -> str:
        # engines fold the case of names: y and Y are two parts
        return f"{self.name} {group}{'' if group.isupper() else '_'}"

    def _column(self, group: str) -> str:
        return self.engine.named(self._called(group))

    def _made(self, name: str) -> str:
        return self.engine.named(f"{self.name} {name}")

    def _number(self, group: str, otherwise: str = "0") -> str:
        if group not in self.groups:
            return otherwise
        column = self._column(group)
        return column if group in _ALWAYS else f"COALESCE({column}, {otherwise})"

    def _civil(self) -> tuple[str, list[str]]:
        engine, year = self.engine, self._year()
        leap = f"({year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0))"
        if "j" in self.groups:
            place = self._number("j")
            day = engine.days_later(engine.date_of(year, "1", "1"), f"({place} - 1)")
            longest = f"CASE WHEN {leap} THEN 366 ELSE 365 END"
            return day, [f"{year} >= 1", f"{place} BETWEEN 1 AND {longest}"]
        month = self._month()
        day = self._number("d", "1")
        longest = (
            f"CASE WHEN {month} = 2 THEN CASE WHEN {leap} THEN 29 ELSE 28 END"
            f" WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END"
        )
        sound = [f"{year} >= 1", f"{month} BETWEEN 1 AND 12", f"{day} BETWEEN 1 AND {longest}"]
        return engine.date_of(year, month, day), sound

    def _month(self) -> str:
        if "b" in self.groups:
            return self._made("month")
        if "q" in self.groups:
            return f"(({self._number('q')} - 1) * {MONTHS_A_QUARTER} + 1)"
        return self._number("m", "1")

    def _year(self) -> str:
        if "Y" in self.groups:
            return self._number("Y")
        short, first = self._number("y"), self.pattern.first_year
        century = first - first % 100
        later = f"CASE WHEN {short} >= {first % 100} THEN {century} ELSE {century + 100} END"
        return f"({short} + {later})"

    def _month_of_word(self) -> str:
        name, arms = self.engine.ascii_lower(self._column("b")), []
        for number, names in enumerate(MONTH_NAMES, start=1):
            listed = ", ".join(map(self.engine.literal, names))
            arms.append(f"WHEN {name} IN ({listed}) THEN {number}")
        return f"CASE {' '.join(arms)} ELSE 0 END"

    def _hour_of_day(self) -> str:
        """With am and pm; -1 where there is no such hour."""
        written = self._number("H") if "H" in self.groups else self._number("I")
        half = self._column("p")
        later = f"CASE WHEN LOWER({half}) = 'pm' THEN 12 ELSE 0 END"
        return (
            f"CASE WHEN {half} IS NULL THEN {written}"
            f" WHEN {written} BETWEEN 1 AND 12 THEN {written} % 12 + {later} ELSE -1 END"
        )

    def _hour(self) -> str:
        if "p" in self.groups:
            return self._made("hour")
        return self._number("H") if "H" in self.groups else self._number("I")

    def _minutes_east(self) -> str:
        offset = self._column("z")
        bare = f"REPLACE({offset}, ':', '')"
        hours = f"CAST(SUBSTR({offset}, 2, 2) AS INTEGER)"
        rest = (
            f"CAST(CASE WHEN LENGTH({bare}) = 5 THEN SUBSTR({bare}, 4, 2) ELSE '0' END AS INTEGER)"
        )
        sign = f"CASE WHEN SUBSTR({offset}, 1, 1) = '-' THEN -1 ELSE 1 END"
        return (
            f"CASE WHEN {offset} IS NULL THEN NULL"
            f" WHEN UPPER({offset}) IN ('Z', 'UTC', 'GMT') THEN 0"
            f" ELSE {sign} * ({hours} * 60 + {rest}) END"
        )

    def _shifted(self, civil: str) -> str:
        east = self._made("east")
        minutes = f"{self._hour()} * 60 + {self._number('M')} - {east}"
        seconds = f"(({minutes}) * 60 + {self._number('S')})"
        return (
            f"CASE WHEN {east} IS NULL THEN {civil}"
            f" WHEN ABS({east}) < {_MINUTES_A_DAY} THEN {self._in_zone(civil, seconds)} END"
        )

    def _in_zone(self, civil: str, seconds: str) -> str:
        if self.zone != "UTC":
            return self.engine.in_zone(civil, seconds, self.zone)
        return self.engine.days_later(civil, f"CAST(FLOOR({seconds} / 86400.0) AS INTEGER)")
