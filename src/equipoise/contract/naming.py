"""Names that stay themselves in YAML, Python and every SQL dialect we write."""

from __future__ import annotations

import re
from collections.abc import Iterable

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST = 63  # PostgreSQL cuts longer names without a word

# Reserved in PostgreSQL, DuckDB or Spark, or read as something else by SQL parsers.
_RESERVED_WORDS = """
    all alter analyse analyze and any array as asc asymmetric between both by case cast check
    collate column constraint create cross current_catalog current_date current_role current_time
    current_timestamp current_user default deferrable delete desc describe distinct do drop else
    end except exists false fetch for foreign from full grant group having if ilike in index
    initially inner insert intersect interval into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps
    placing primary references returning right select session_user set show similar some symmetric
    system_user table then to trailing true union unique update user using values variadic when
    where window with
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
# What models and strategies find has these names in the documents' conditions, whatever a field
# of the same name holds.
WORDS = frozenset({"pd", "lgd", "points", "grade", "tier", "decided_on"})
CHECKS = "checks"  # where an application carries the results of its checks


def name_fault(name: str) -> str:
    """Why `name` cannot be a field's name; empty when it can."""
    if not IDENTIFIER.fullmatch(name):
        return "a name has only letters a-z, digits and underscores, and starts with a letter"
    if len(name) > LONGEST:
        return f"a name has at most {LONGEST} characters"
    if name.lower() in RESERVED:
        return "the name is a reserved word of SQL"
    if name.lower() == CHECKS:
        return "an application carries the results of its checks under this name"
    return ""


def plain_names(headers: Iterable[str]) -> list[str]:
    """A valid field name for each column header, unique whatever the case of its letters."""
    headers = list(headers)
    # no column gets the name that another column already has as its header
    headed = {header.lower() for header in headers}
    taken: set[str] = set()
    names = []
    for place, header in enumerate(headers, start=1):
        name = _unique(_plain(header, place), taken | headed - {header.lower()})
        taken.add(name.lower())
        names.append(name)
    return names


def _plain(header: str, place: int) -> str:
    if not name_fault(header):
        return _apart(header)
    name = re.sub(r"[^A-Za-z0-9]+", "_", header).strip("_")
    if not re.search(r"[A-Za-z]", name):
        name = f"column_{name or place}"
    elif name[0].isdigit():
        name = f"n_{name}"
    name = name[:LONGEST].rstrip("_")
    return f"{name}_" if name_fault(name) else _apart(name)


def _apart(name: str) -> str:
    return f"given_{name}" if name.lower() in WORDS else name


def _unique(name: str, taken: set[str]) -> str:
    candidate, count = name, 1
    while candidate.lower() in taken:
        count += 1
        suffix = f"_{count}"
        candidate = name[: LONGEST - len(suffix)] + suffix
    return candidate


def words(header: str) -> list[str]:
    """The words of a header in lower case: `headAge_1` gives head, age, 1."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", header)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]
