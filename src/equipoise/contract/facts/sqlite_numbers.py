"""Numbers of a format taken apart in plain SQL: SQLite has no regular expressions.

The steps follow `affixes` and `durations`: what those say as a shape is here a chain of common
table expressions, each of which takes one thing off the text's ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from equipoise.contract.affixes import Affixes, affixes_of, needs_digit
from equipoise.contract.durations import (
    CONNECTING_WORDS,
    MONTH_WORDS,
    MONTHS_A_YEAR,
    YEAR_WORDS,
)
from equipoise.contract.facts import sqlite_grammar
from equipoise.contract.spelling import LONGEST, MARKS, PLAIN_MARKS
from equipoise.expression import literal

_AT_ONCE = 8
_DIGITS_ONLY = "NOT GLOB '*[^0-9]*'"
_ONE_DIGIT, _TWO_DIGITS, _THREE_DIGITS = "[0-9]", "[0-9][0-9]", "[0-9][0-9][0-9]"


def plain_marks(text: str) -> str:
    """The text with ASCII's digits, signs and blanks for those of other scripts."""
    steps = [f"{text} AS t", *_replacing(list(zip(MARKS, PLAIN_MARKS, strict=True)))]
    return f"CASE WHEN {text} GLOB '*[^!-~]*' THEN {_chained(steps, 't')} ELSE {text} END"


def _replacing(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Steps that replace each by each in `t`; few a step, as SQLite's parser has a shallow
    stack."""
    steps = []
    for start in range(0, len(pairs), _AT_ONCE):
        text = "t"
        for word, by in pairs[start : start + _AT_ONCE]:
            text = f"REPLACE({text}, {literal(word)}, {literal(by)})"
        steps.append(f"{text} AS t")
    return steps


def number_of_format(said: str, written: str, nan: str, fail: str) -> str:
    """The double that a text of plain marks says by a number's format; `nan` or `fail` else."""
    affixes = affixes_of(written)
    value = _affixed(said, affixes) if affixes else _duration(said, written)
    low = f"LOWER(LTRIM({said}, '+-'))"
    none = f"{low} IN ('nan', 'inf', 'infinity') AND LENGTH({said}) - LENGTH({low}) <= 1"
    long = f"LENGTH({said}) > {LONGEST}"
    return f"CASE WHEN {none} THEN {nan} WHEN {long} THEN {fail} ELSE COALESCE({value}, {fail}) END"


def _affixed(said: str, affixes: Affixes) -> str:
    no_decimals = f"SUBSTR(t, -2) = {literal(affixes.decimal + '-')}"  # 100,- is a hundred
    mark = literal(affixes.decimal)
    steps = [
        f"LOWER({said}) AS t",
        "CASE WHEN SUBSTR(t, 1, 1) = '''' THEN LTRIM(SUBSTR(t, 2)) ELSE t END AS t",
        f"t, {_first_in('t', '-+(')} AS s1",
        "LTRIM(SUBSTR(t, 1 + LENGTH(s1))) AS t, s1",
        f"{_without_first('t', affixes.prefixes)} AS t, s1",
        f"t, s1, CASE WHEN s1 = '' THEN {_first_in('t', '-+(')} ELSE '' END AS s2",
        "LTRIM(SUBSTR(t, 1 + LENGTH(s2))) AS t, s1 || s2 AS lead",
        f"t, lead, {_last_in('t', '-)')} AS s1, {no_decimals} AS dashed",
        "RTRIM(SUBSTR(t, 1, LENGTH(t) - LENGTH(s1))) AS t, lead, s1, dashed",
        f"{_without_last('t', affixes.suffixes)} AS t, lead, s1, dashed",
        f"t, lead, s1, CASE WHEN s1 = '' THEN {_last_in('t', '-)')} ELSE '' END AS s2,"
        f" dashed OR s1 = '' AND {no_decimals} AS dashed",
        "RTRIM(SUBSTR(t, 1, LENGTH(t) - LENGTH(s2) - dashed)) AS t, lead,"
        " CASE WHEN dashed THEN '' ELSE s1 || s2 END AS tail, dashed",
        f"t, lead, tail, dashed, {_power(affixes.scales)} AS power",
        f"{_without_last('t', [word for word, _ in affixes.scales])} AS t, lead, tail, dashed,"
        " power",
        "lead, tail, power, dashed, CASE WHEN INSTR(t, 'e') = 0 THEN t ELSE"
        " SUBSTR(t, 1, INSTR(t, 'e') - 1) END AS mantissa,"
        " SUBSTR(t, INSTR(t || 'e', 'e')) AS after",
        f"*, INSTR(mantissa || {mark}, {mark}) AS place",
        "*, SUBSTR(mantissa, 1, place - 1) AS whole, SUBSTR(mantissa, place + 1) AS behind,"
        " LTRIM(SUBSTR(after, 2, 1), '+-') || SUBSTR(after, 3) AS digits",
        f"*, REPLACE(whole, {literal(affixes.group)}, '') AS bare,"
        f" INSTR(whole, {literal(affixes.group)}) AS groups",
    ]
    plain = "bare || '.' || behind || CASE WHEN power <> '' THEN power ELSE after END"
    read = sqlite_grammar.number_of(plain, "9e999", "NULL")
    sound = " AND ".join(_sound(affixes))
    below = "(lead = '-' OR tail <> '')"
    value = f"CASE WHEN {sound} THEN CASE WHEN {below} THEN -{read} ELSE {read} END END"
    return _chained(steps, value)


def _sound(affixes: Affixes) -> list[str]:
    signs = "(lead IN ('', '-', '+') AND tail = '' OR lead = '' AND tail = '-'"
    signs += " OR lead = '(' AND tail = ')')"
    whole_needed = any(map(needs_digit, affixes.prefixes))
    first = "FALSE" if whole_needed else "(whole = '' AND behind <> '')"
    powered = f"(after = '' OR digits <> '' AND digits {_DIGITS_ONLY})"
    exponent = "after = ''" if affixes.scales else powered
    return [
        signs,
        f"bare {_DIGITS_ONLY}",
        f"behind {_DIGITS_ONLY}",
        "(behind <> '' OR whole = mantissa)",
        "(NOT dashed OR behind = '' AND after = '' AND power = '')",
        exponent,
        f"({first} OR whole <> '' AND groups = 0 OR {_grouped(affixes.group)})",
    ]


def _grouped(group: str) -> str:
    """Whether `whole` is in groups, none of which is too short, too long or starts with 0."""
    behind = f"(SUBSTR(whole, groups) || {literal(group)})"
    wrong = [f"*{group}{group}*", f"*{group}{_ONE_DIGIT}{group}*", f"*{_THREE_DIGITS}{_ONE_DIGIT}*"]
    last = f"{behind} GLOB {literal(f'*{group}{_THREE_DIGITS}{group}')}"
    if group != ",":  # only India's groups, which are of two digits but for the last
        wrong.append(f"*{group}{_TWO_DIGITS}{group}*")
    checks = [f"{behind} NOT GLOB {literal(each)}" for each in wrong]
    first = "groups BETWEEN 2 AND 4 AND SUBSTR(whole, 1, 1) <> '0'"
    return f"({first} AND {last} AND {' AND '.join(checks)})"


def _duration(said: str, written: str) -> str:
    """Years and months of a text in small letters; NULL where it does not follow the format."""
    steps = [
        f"{said} AS t",
        *_replacing([*_WORDS_AS_MARKS, *_BETWEEN]),
        "REPLACE(t, ' ', '') AS t,"
        " (INSTR(t, '  ') = 0 AND t NOT GLOB '*[0-9.,] [0-9.,]*') AS spaced",
        "spaced, t IN ('<1Y', '<1M') AS under, SUBSTR(t, 1, 1) = '>' AS more,"
        " LTRIM(SUBSTR(t, 1, 1), '>') || SUBSTR(t, 2) AS t",
        f"spaced, under, more OR SUBSTR(t, -1) = '+' AS more, {_WITHOUT_PLUS} AS t",
        "spaced, under, more, INSTR(t, 'Y') AS place, t",
        "spaced, under, more, place, SUBSTR(t, 1, place - 1) AS t, SUBSTR(t, place + 1) AS behind",
        f"spaced, under, more, place, {_WITHOUT_PLUS} AS years, behind AS t,"
        " SUBSTR(behind, -1) = 'M' AS named",
        "spaced, under, more, place, years, named, t = '' AS alone,"
        " SUBSTR(t, 1, LENGTH(t) - named) AS t",
        f"spaced, under, more, place, years, named, alone, {_WITHOUT_PLUS} AS months",
        "spaced, under, more, place, named, alone, years, months,"
        f" {_counts('years')} AS some_years, {_counts('months')} AS some_months",
        f"*, {_count('years')} AS y",
        f"*, {_count('months')} AS m",
    ]
    year = f"{MONTHS_A_YEAR}.0"
    y, together, less = ("y * " + year, f"y * {year} + m", "m")
    if written == "years":
        y, together, less = "y", f"y + m / {year}", f"CASE WHEN named THEN m / {year} ELSE m END"
    value = (
        "CASE WHEN under THEN 0.0 WHEN NOT spaced THEN NULL"
        f" WHEN place > 0 AND alone AND some_years THEN {y}"
        f" WHEN place > 0 AND named AND NOT more AND some_years AND some_months THEN {together}"
        f" WHEN place = 0 AND some_months THEN {less} END"
    )
    return _chained(steps, value)


_WITHOUT_PLUS = "CASE WHEN SUBSTR(t, -1) = '+' THEN SUBSTR(t, 1, LENGTH(t) - 1) ELSE t END"
_WORDS_AS_MARKS = sorted(
    [*((word, "Y") for word in YEAR_WORDS), *((word, "M") for word in MONTH_WORDS)],
    key=lambda each: (-len(each[0]), each[0]),
)


def _as_marks(word: str) -> str:
    for each, mark in _WORDS_AS_MARKS:
        word = word.replace(each, mark)
    return word


# what may stand between years and months, as the marks have changed it
_BETWEEN = [
    ("Y.", "Y"),
    ("M.", "M"),
    ("Y,", "Y"),
    *((f"Y {_as_marks(word)} ", "Y ") for word in CONNECTING_WORDS),
    ("Y零", "Y"),
    ("Y 零", "Y"),
]


def _counts(part: str) -> str:
    """Whether a part is digits with a mark for decimals among them, or without."""
    marks = f"LENGTH({part}) - LENGTH(REPLACE(REPLACE({part}, '.', ''), ',', ''))"
    return (
        f"({part} GLOB '[0-9]*' AND {part} GLOB '*[0-9]' AND {part} NOT GLOB '*[^0-9.,]*'"
        f" AND {marks} <= 1)"
    )


def _count(part: str) -> str:
    return sqlite_grammar.number_of(f"REPLACE({part}, ',', '.')", "9e999", "NULL")


def _chained(steps: Sequence[str], value: str) -> str:
    """A scalar sub-select of the last step; the limits keep SQLite from merging the steps."""
    chain = ", ".join(
        f"n{at} AS (SELECT {step}{f' FROM n{at - 1}' if at else ''} LIMIT -1)"
        for at, step in enumerate(steps)
    )
    return f"(WITH {chain} SELECT {value} FROM n{len(steps) - 1})"


def _first_in(text: str, chars: str) -> str:
    return _one_of(f"SUBSTR({text}, 1, 1)", chars)


def _last_in(text: str, chars: str) -> str:
    return _one_of(f"SUBSTR({text}, -1)", chars)


def _one_of(char: str, chars: str) -> str:
    return f"CASE WHEN {char} <> '' AND INSTR('{chars}', {char}) > 0 THEN {char} ELSE '' END"


def _without_first(text: str, words: Iterable[str]) -> str:
    arms = "".join(
        f" WHEN SUBSTR({text}, 1, {len(word)}) = {literal(word)}"
        f" THEN LTRIM(SUBSTR({text}, {len(word) + 1}))"
        for word in words
    )
    return f"CASE{arms} ELSE {text} END" if arms else text


def _without_last(text: str, words: Iterable[str]) -> str:
    arms = "".join(
        f" WHEN LENGTH({text}) >= {len(word)} AND SUBSTR({text}, -{len(word)}) = {literal(word)}"
        f" THEN RTRIM(SUBSTR({text}, 1, LENGTH({text}) - {len(word)}))"
        for word in words
    )
    return f"CASE{arms} ELSE {text} END" if arms else text


def _power(scales: Iterable[tuple[str, int]]) -> str:
    arms = "".join(
        f" WHEN SUBSTR(t, -{len(word)}) = {literal(word)} THEN 'e{power}'" for word, power in scales
    )
    return f"CASE{arms} ELSE '' END" if arms else "''"
