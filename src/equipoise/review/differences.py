"""Two sealed strategies held beside each other as a person reads them: what was added, taken away
or changed, and which thresholds moved from where to where.

It is of the documents alone. What a difference does to people and money is said by `comparing`, on
applicants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from equipoise.strategy.content import Content
from equipoise.strategy.document import StrategyDocument

_TOKEN = re.compile(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\w+|[^\w\s]+")
_NUMBER = re.compile(r"\d")
_WORDS = frozenset(
    {"and", "or", "not", "between", "in", "is", "null", "case", "when", "then", "else", "end"}
)
Fields = dict[str, str]
"""A part of a strategy: each of its settings as text."""


class Kind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that moved: what is held against it, from where, to where."""

    of: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A setting of a part: what it was (empty: nothing) and what it is. `thresholds` are there
    where nothing but numbers moved."""

    setting: str
    before: str
    after: str
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one part of a `section` (`rules`, `table`, ...): with every setting where it
    was added or removed, else with those that changed."""

    section: str
    name: str
    kind: Kind
    changes: tuple[Change, ...]


def differences(before: Content, after: Content) -> tuple[Difference, ...]:
    """What the second strategy has otherwise than the first, in the order of a strategy's document.

    Parts with a name are the same part where they have the same one; rows without (of a table, of
    bands, of the authority matrix) are aligned by what they say. Its own version number is none.
    """
    one, two = _named(before), _named(after)
    every: list[Difference] = []
    for section in dict.fromkeys([*one, *two]):
        every += _of_section(section, one.get(section, {}), two.get(section, {}))
    every += _order(before.strategy, after.strategy)
    rows_before, rows_after = _rows(before.strategy), _rows(after.strategy)
    for section in dict.fromkeys([*rows_before, *rows_after]):
        every += _aligned(section, rows_before.get(section, []), rows_after.get(section, []))
    return tuple(every)


def thresholds(before: str, after: str) -> tuple[Threshold, ...]:
    """The numbers that moved between two expressions; none where anything else did too.

    `of` is the name that stands before the number, or after it where it comes first.
    """
    one, two = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(one) != len(two):
        return ()
    moved = []
    for place, (old, new) in enumerate(zip(one, two, strict=True)):
        if old == new:
            continue
        if not (_NUMBER.match(old) and _NUMBER.match(new)):
            return ()
        moved.append(Threshold(_about(one, place), old, new))
    return tuple(moved)


def _about(tokens: list[str], place: int) -> str:
    names = [
        (abs(at - place), at > place, token)
        for at, token in enumerate(tokens)
        if re.match(r"[A-Za-z_]", token) and token.lower() not in _WORDS
    ]
    before = [each for each in names if not each[1]]
    return min(before or names, default=(0, False, ""))[2]


def _of_section(
    section: str, one: Mapping[str, Fields], two: Mapping[str, Fields]
) -> Iterator[Difference]:
    for name in dict.fromkeys([*one, *two]):
        old, new = one.get(name), two.get(name)
        if old is None and new is not None:
            yield Difference(section, name, Kind.ADDED, _all(new, added=True))
        elif new is None and old is not None:
            yield Difference(section, name, Kind.REMOVED, _all(old, added=False))
        elif old is not None and new is not None and (changes := _changes(old, new)):
            yield Difference(section, name, Kind.CHANGED, changes)


def _all(fields: Fields, *, added: bool) -> tuple[Change, ...]:
    return tuple(
        Change(name, "" if added else text, text if added else "") for name, text in fields.items()
    )


def _changes(old: Fields, new: Fields) -> tuple[Change, ...]:
    changes = []
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, ""), new.get(name, "")
        if before != after:
            moved = thresholds(before, after)
            # A number alone is itself what moved.
            own = tuple(Threshold(t.of or name, t.before, t.after) for t in moved)
            changes.append(Change(name, before, after, own))
    return tuple(changes)


def _order(before: StrategyDocument, after: StrategyDocument) -> Iterator[Difference]:
    """Rules that stand elsewhere among those that both have: the first that holds decides."""
    old = [each.name for each in before.rules]
    new = [each.name for each in after.rules]
    both = [name for name in old if name in new], [name for name in new if name in old]
    if both[0] != both[1]:
        change = Change("order", ", ".join(both[0]), ", ".join(both[1]))
        yield Difference("rules", "", Kind.CHANGED, (change,))


def _aligned(section: str, old: list[Fields], new: list[Fields]) -> Iterator[Difference]:
    """Rows that have no name: added, removed, or changed where one stands for one."""
    one, two = [repr(each) for each in old], [repr(each) for each in new]
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=one, b=two, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = min(i2 - i1, j2 - j1)
        for k in range(pairs):
            changes = _changes(old[i1 + k], new[j1 + k])
            yield Difference(section, f"{j1 + k + 1}", Kind.CHANGED, changes)
        for k in range(i1 + pairs, i2):
            yield Difference(section, f"{k + 1}", Kind.REMOVED, _all(old[k], added=False))
        for k in range(j1 + pairs, j2):
            yield Difference(section, f"{k + 1}", Kind.ADDED, _all(new[k], added=True))


def _named(content: Content) -> dict[str, dict[str, Fields]]:
    """Every part that has a name, by section."""
    document, menu = content.strategy, content.treatments
    authority, balance = document.authority, document.balance
    parts: dict[str, dict[str, Fields]] = {
        "model": {"": {"name": content.model.name, "kind": content.model.kind,
                       "digest": content.model.digest}},
        "applicant": {"": _flat(document.applicant)},
        "features": {name: {"is": text} for name, text in document.features.items()},
        "rules": _by_name(document.rules),
        "tiers": _by_name(document.tiers),
        "choice": {"": _choice(content)},
        "prices": _by_name(balance.prices if balance else ()),
        "journeys": _by_name(menu.journeys),
        "price list": _by_name(menu.prices),
        "amounts": _by_name(menu.amounts),
        "terms": _by_name(menu.terms),
        "single treatments": _by_name(menu.extra),
        "checks": {name: _flat(each) for name, each in content.checks.items()},
        "levels": _by_name(authority.levels if authority else ()),
        "overrides": _overrides(document),
        "product": {"": _flat(document.product)} if document.product else {},
        "texts": {code: dict(texts) for code, texts in document.texts.items()},
        "contract": _by_name(content.contract.fields),
    }  # fmt: skip
    return parts


def _rows(document: StrategyDocument) -> dict[str, list[Fields]]:
    authority = document.authority
    return {
        "table": [_flat(each) for each in document.table.rows] if document.table else [],
        "bands": [_flat(each) for each in document.cutoff.bands] if document.cutoff else [],
        "authority": [_flat(each) for each in authority.matrix] if authority else [],
    }


def _choice(content: Content) -> Fields:
    """What is chosen by, and the few settings that stand for themselves."""
    document = content.strategy
    settings = {
        "choose": document.choose,
        "treatments": document.treatments,
        "person": document.person,
        "languages": document.languages,
        "checks_shift": document.checks_shift,
        "lgd": content.lgd,
        "otherwise": document.cutoff.otherwise if document.cutoff else None,
        "score": document.cutoff.score if document.cutoff else None,
        "goal": document.balance.goal if document.balance else None,
        "worth": document.balance.worth if document.balance else None,
        "explore": document.explore,
        "asking": document.asking,
        "lender": content.treatments.lender,
    }
    return _flat({name: value for name, value in settings.items() if value is not None})


def _overrides(document: StrategyDocument) -> dict[str, Fields]:
    section = document.authority.overrides if document.authority else None
    if section is None:
        return {}
    reasons = {code: {"means": text} for code, text in section.reasons.items()}
    return {"": {"level": section.level}, **reasons}


def _by_name(parts: Iterable[Any]) -> dict[str, Fields]:
    return {each.name: {n: v for n, v in _flat(each).items() if n != "name"} for each in parts}


def _flat(part: Any) -> Fields:
    """A part's settings as text, those within it by names with dots, without those not set."""
    plain = part.model_dump(mode="json") if hasattr(part, "model_dump") else part
    return dict(_leaves("", plain))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(f"{path}.{name}" if path else str(name), each)
    elif isinstance(value, list | tuple):
        if value:
            yield path, ", ".join(_text(each) for each in value)
    elif value is not None and value != "":
        yield path, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
