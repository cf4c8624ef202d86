"""Text taken apart in plain SQL: SQLite has no regular expressions.

Each function gives a scalar sub-select whose steps are common table expressions of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from equipoise.contract.patterns import ISO_PATTERNS
from equipoise.errors import BadInput
from equipoise.expression import literal

_TOKEN = re.compile(
    r"\(\?P<(?P<named>\w)>|(?P<open>\(\?:)|(?P<close>\))|(?P<either>\|)|\[(?P<set>[^]]*)\]"
    r"|\{(?P<counts>[0-9,]+)\}|(?P<mark>[?+])|\\(?P<escaped>.)|(?P<plain>.)",
    re.DOTALL,
)
_MANY = 1_000_000_000
_EXACT_DIGITS, _EXACT_POWER = 15, 22  # such a whole number and such a power of ten are doubles


@dataclass(slots=True)
class Piece:
    """A run of characters, or a group of alternatives; `least` to `most` times."""

    chars: str = ""
    ways: list[list[Piece]] = field(default_factory=list)
    name: str = ""
    least: int = 1
    most: int = 1

    def first(self) -> str:
        """The characters that it may begin with."""
        return self.chars + "".join(_first(way) for way in self.ways)


def pieces_of(regex: str) -> list[Piece]:
    """The regular expression of a day's pattern, taken apart."""
    (way,) = _ways(_TOKEN.finditer(regex))
    return way


def _ways(tokens: Iterator[re.Match[str]]) -> list[list[Piece]]:
    ways: list[list[Piece]] = [[]]
    for token in tokens:
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "close":
            break
        if kind == "either":
            ways.append([])
        elif kind in ("open", "named"):
            name = text if kind == "named" else ""
            ways[-1].append(Piece(ways=_ways(tokens), name=name))
        elif kind == "counts":
            least, _, most = text.partition(",")
            ways[-1][-1].least, ways[-1][-1].most = int(least), int(most or least)
        elif kind == "mark":
            ways[-1][-1].least = int(text == "+")
            ways[-1][-1].most = _MANY if text == "+" else 1
        else:
            ways[-1].append(Piece(chars=_spread(text) if kind == "set" else text))
    return ways


def _spread(written: str) -> str:
    """All characters of a set such as `0-9A-Z`."""
    return re.sub(
        r"(\w)-(\w)",
        lambda ends: "".join(map(chr, range(ord(ends[1]), ord(ends[2]) + 1))),
        written,
    )


def _first(way: Sequence[Piece]) -> str:
    characters = ""
    for piece in way:
        characters += piece.first()
        if piece.least:
            break
    return characters


def can_be_taken_apart(way: Sequence[Piece], after: str = "") -> bool:
    """Whether taking as much as there is, from left to right, never takes too much."""
    for at, piece in enumerate(way):
        behind = [*way[at + 1 :]]
        follow = _first(behind) + ("" if any(each.least for each in behind) else after)
        loose = piece.least != piece.most
        if loose and piece.most != _MANY and set(piece.first()) & set(follow):
            # a blank that may be left out behind blanks: nothing is lost by taking it
            return False
        if not all(can_be_taken_apart(each, follow) for each in piece.ways):
            return False
    return True


@dataclass(slots=True)
class _Taking:
    """Steps over (rest, parts, flags): `rest` is NULL once the text does not follow.

    `parts` is what the groups hold, as `|Y2026|m03|d02|`; no group holds a bar.
    """

    steps: list[str]
    flags: int = 0

    def walk(self, way: Sequence[Piece], within: str = "1", *, caught: bool = False) -> None:
        for piece in way:
            if piece.ways:
                self._either(piece, within, caught=caught)
            else:
                self._run(piece, within, caught=caught)

    def _run(self, piece: Piece, within: str, *, caught: bool) -> None:
        """Takes a run of characters."""
        run = f"LENGTH(rest) - LENGTH(LTRIM(rest, {literal(piece.chars)}))"
        taken = f"MIN({piece.most}, {run})"
        rest = f"CASE WHEN NOT {within} THEN rest WHEN {taken} >= {piece.least} THEN"
        more = f"CASE WHEN {within} THEN parts || SUBSTR(rest, 1, {taken}) ELSE parts END"
        self._step(f"{rest} SUBSTR(rest, 1 + {taken}) END", more if caught else "parts")

    def _either(self, piece: Piece, within: str, *, caught: bool) -> None:
        """Takes the one alternative that may begin as the rest does."""
        flags = []
        for way in piece.ways:
            flag = f"flag{self.flags}"
            first = f"INSTR({literal(_first(way))}, SUBSTR(rest, 1, 1)) > 0"
            self._step("rest", "parts", f"({within} AND rest <> '' AND {first}) AS {flag}")
            flags.append(flag)
        some = f"({' OR '.join(flags)})"
        rest = f"CASE WHEN {within} AND NOT {some} THEN NULL ELSE rest END"
        opened = f"CASE WHEN {some} THEN parts || '{piece.name}' ELSE parts END"
        self._step(rest if piece.least else "rest", opened if piece.name else "parts")
        for flag, way in zip(flags, piece.ways, strict=True):
            self.walk(way, flag, caught=caught or bool(piece.name))
        if piece.name:
            self._step("rest", f"CASE WHEN {some} THEN parts || '|' ELSE parts END")

    def _step(self, rest: str, parts: str, flag: str = "") -> None:
        """One more sub-select; the limit keeps SQLite from writing it into the next."""
        flags = [f"flag{k}" for k in range(self.flags)]
        listed = [f"{rest} AS rest", f"{parts} AS parts", *flags, *([flag] if flag else [])]
        self.flags += bool(flag)
        at = len(self.steps)
        self.steps.append(f"s{at} AS (SELECT {', '.join(listed)} FROM s{at - 1} LIMIT -1)")


def parts_of(text: str, regex: str, written: str) -> str:
    """What the groups of a day's pattern hold; NULL where the text does not follow the pattern.

    Raises BadInput for a pattern that cannot be taken apart from left to right.
    """
    way = pieces_of(regex)
    if not can_be_taken_apart(way):
        raise BadInput(
            f"SQLite cannot read dates written as {written}: it is not plain where a part ends",
            field="format",
            mend="put a mark such as - between the parts, or use another database",
        )
    taking = _Taking([f"s0 AS (SELECT {text} AS rest, '|' AS parts LIMIT -1)"])
    taking.walk(way)
    last = f"s{len(taking.steps) - 1}"
    parts = f"(WITH {', '.join(taking.steps)} SELECT parts FROM {last} WHERE rest = '')"
    plain = text + " GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"
    quick = f"'|Y' || REPLACE(SUBSTR({text}, 1, 5), '-', '|m')"
    quick += f" || SUBSTR({text}, 6, 2) || '|d' || SUBSTR({text}, 9) || '|'"
    arms = f"WHEN {plain} THEN {quick} " if regex == ISO_PATTERNS[0].regex else ""
    marks = {each.chars for each in way if len(each.chars) == 1 and each.least}
    for mark in sorted(marks):  # most texts of another spelling lack one
        arms += f"WHEN INSTR({text}, {literal(mark)}) = 0 THEN NULL "
    return f"CASE {arms}ELSE {parts} END" if arms else parts


def part_of(parts: str, group: str) -> str:
    """What one group holds, of what `parts_of` gave."""
    behind = f"SUBSTR({parts}, INSTR({parts}, '|{group}') + 2)"
    part = f"SUBSTR({behind}, 1, INSTR({behind}, '|') - 1)"
    return f"CASE WHEN INSTR({parts}, '|{group}') > 0 THEN {part} END"


def without(text: str, chars: str) -> str:
    """Text without any of these characters, wherever they stand."""
    each = "SUBSTR(whole, place, 1)"
    return (
        f"(WITH RECURSIVE taken(whole, place, made) AS (SELECT {text}, 1, '' UNION ALL"
        f" SELECT whole, place + 1, made || CASE WHEN INSTR({literal(chars)}, {each}) > 0"
        f" THEN '' ELSE {each} END FROM taken WHERE place <= LENGTH(whole))"
        f" SELECT made FROM taken WHERE place > LENGTH(whole))"
    )


def number_of(text: str, nan: str, fail: str) -> str:
    """The double that a text says by the grammar of numbers; `nan` and `fail` for what is none.

    Up to 15 digits and a power of ten up to 22 are one whole number times or over another, which
    rounds as it should; beyond that SQLite's own reading of decimals stands.
    """
    power = " ".join(
        f"WHEN {k} THEN {10**k}.0" if k < 16 else f"WHEN {k} THEN 1e{k}"
        for k in range(_EXACT_POWER + 1)
    )
    digits = "CAST(digits AS INTEGER) * 1.0"
    return (
        f"(WITH n0 AS (SELECT {text} AS said LIMIT -1),"
        " n1 AS (SELECT said, CASE WHEN SUBSTR(said, 1, 1) = '-' THEN -1.0 ELSE 1.0"
        " END AS sign, CASE WHEN SUBSTR(said, 1, 1) IN ('+', '-') THEN SUBSTR(said, 2) ELSE said"
        " END AS bare FROM n0 LIMIT -1),"
        " n2 AS (SELECT *, INSTR(LOWER(bare), 'e') AS mark FROM n1 LIMIT -1),"
        " n3 AS (SELECT *, CASE WHEN mark = 0 THEN bare ELSE SUBSTR(bare, 1, mark - 1)"
        " END AS mantissa, CASE WHEN mark = 0 THEN '0' ELSE SUBSTR(bare, mark + 1) END AS after"
        " FROM n2 LIMIT -1),"
        " n4 AS (SELECT *, INSTR(mantissa || '.', '.') AS dot,"
        " CASE WHEN SUBSTR(after, 1, 1) IN ('+', '-') THEN SUBSTR(after, 2) ELSE after END"
        " AS power,"
        " CASE WHEN SUBSTR(after, 1, 1) = '-' THEN -1 ELSE 1 END AS way FROM n3 LIMIT -1),"
        " n5 AS (SELECT *, SUBSTR(mantissa, 1, dot - 1) || SUBSTR(mantissa, dot + 1)"
        " AS every, LENGTH(SUBSTR(mantissa, dot + 1)) AS behind FROM n4 LIMIT -1),"
        " n6 AS (SELECT *, RTRIM(LTRIM(every, '0'), '0') AS digits,"
        " way * MIN(99999, CAST(power AS INTEGER)) - behind"
        " + LENGTH(every) - LENGTH(RTRIM(every, '0')) AS scale,"
        " (every <> '' AND power <> '' AND every NOT GLOB '*[^0-9]*'"
        " AND power NOT GLOB '*[^0-9]*') AS sound FROM n5 LIMIT -1)"
        " SELECT CASE WHEN LOWER(bare) IN ('nan', 'inf', 'infinity') THEN"
        f" {nan} WHEN NOT sound THEN {fail} WHEN digits = '' THEN 0.0"
        f" WHEN LENGTH(digits) + scale > 400 THEN {nan} WHEN LENGTH(digits) + scale < -400 THEN 0.0"
        f" WHEN LENGTH(digits) <= {_EXACT_DIGITS} AND ABS(scale) <= {_EXACT_POWER} THEN"
        f" sign * CASE WHEN scale < 0 THEN {digits} / CASE -scale {power} END"
        f" ELSE {digits} * CASE scale {power} END END ELSE CAST(said AS REAL) END FROM n6 LIMIT -1)"
    )
