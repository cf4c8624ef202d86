"""The appetite as a form: its rows from the document, and the document's sections from its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from equipoise.texts.saying import marked, retold, say
from equipoise.value.measures import MEASURES, RATES, label_of

SPARE = 2  # empty rows for more limits
_MOST_ROWS = 60
_CELL = 300  # letters of a field
KINDS = {
    "today": marked("as today"),
    "times": marked("times today"),
    "number": marked("the number"),
}
SIDES = {"at_most": marked("at most"), "at_least": marked("at least")}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A limit as typed. `kind` says what `value` is: nothing, a factor of today's, a number."""

    at: int
    name: str = ""
    measure: str = ""
    per: str = ""
    where: str = ""
    side: str = "at_most"
    kind: str = "today"
    value: str = ""


@dataclass(frozen=True, slots=True)
class ParityRow:
    """Two groups' rates as typed."""

    at: int
    name: str = ""
    measure: str = "approvals"
    group: str = ""
    within: str = ""
    enforce: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form."""

    goal: str
    x: str
    y: str
    points: str
    limits: tuple[LimitRow, ...]
    parity: tuple[ParityRow, ...]


def measures() -> list[tuple[str, str]]:
    """What may be limited or raised, and what it is called."""
    return [(name, retold(label_of(name))) for name in MEASURES]


def risks() -> list[tuple[str, str]]:
    """What the frontier may run along."""
    return [(name, retold(label_of(name))) for name in (*RATES, *MEASURES)]


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Values and what they are called."""
    return [(name, say(word)) for name, word in words.items()]


def form_of(sections: Mapping[str, Any]) -> Form:
    """The form that shows these sections; what cannot be shown is left blank."""
    frontier = _mapping(sections.get("frontier"))
    limits = [
        _limit_row(at, _mapping(each)) for at, each in enumerate(_list(sections, "constraints"))
    ]
    parity = [_parity_row(at, _mapping(each)) for at, each in enumerate(_list(sections, "parity"))]
    return Form(
        goal=str(sections.get("goal", "good_customers_served")),
        x=str(frontier.get("x", "expected_loss_rate")),
        y=str(frontier.get("y", "good_customers_served")),
        points=str(frontier.get("points", 20)),
        limits=(*limits, *(LimitRow(len(limits) + at) for at in range(SPARE))),
        parity=(*parity, ParityRow(len(parity))),
    )


def posted(sent: QueryDict) -> Form:
    """The form as it was sent."""
    limits = [
        LimitRow(at, **{name: _cell(sent, f"limit-{at}-{name}") for name in
                        ("name", "measure", "per", "where", "side", "kind", "value")})
        for at in range(_count(sent, "limits"))
    ]  # fmt: skip
    parity = [_sent_parity(sent, at) for at in range(_count(sent, "parities"))]
    return Form(
        goal=_cell(sent, "goal"),
        x=_cell(sent, "x"),
        y=_cell(sent, "y"),
        points=_cell(sent, "points"),
        limits=tuple(limits),
        parity=tuple(parity),
    )


def _sent_parity(sent: QueryDict, at: int) -> ParityRow:
    name, measure, group, within = (
        _cell(sent, f"parity-{at}-{each}") for each in ("name", "measure", "group", "within")
    )
    return ParityRow(at, name, measure, group, within, bool(sent.get(f"parity-{at}-enforce")))


def sections_of(form: Form) -> dict[str, Any]:
    """The document's sections as the form says them; rows without a name are left out."""
    return {
        "goal": form.goal,
        "frontier": {"x": form.x, "y": form.y, "points": _number(form.points)},
        "constraints": [_limit(row) for row in form.limits if row.name],
        "parity": [_parity(row) for row in form.parity if row.name],
    }


def _limit(row: LimitRow) -> dict[str, Any]:
    limit: dict[str, Any] = {"name": row.name, "measure": row.measure}
    limit |= {name: value for name, value in (("per", row.per), ("where", row.where)) if value}
    values = {"today": "today", "times": {"today": _number(row.value)}}
    side = row.side if row.side in SIDES else "at_most"
    return {**limit, side: values.get(row.kind, _number(row.value))}


def _parity(row: ParityRow) -> dict[str, Any]:
    parity = {"name": row.name, "measure": row.measure, "group": row.group}
    return {**parity, "within": _number(row.within), "enforce": row.enforce}


def _limit_row(at: int, given: Mapping[str, Any]) -> LimitRow:
    side = "at_least" if given.get("at_least") is not None else "at_most"
    limit = given.get(side)
    if isinstance(limit, Mapping):
        kind, value = "times", str(limit.get("today", ""))
    elif limit == "today" or limit is None:
        kind, value = "today", ""
    else:
        kind, value = "number", str(limit)
    texts = {name: str(given.get(name) or "") for name in ("name", "measure", "per", "where")}
    return LimitRow(at, **texts, side=side, kind=kind, value=value)


def _parity_row(at: int, given: Mapping[str, Any]) -> ParityRow:
    texts = (str(given.get(name) or "") for name in ("name", "measure", "group", "within"))
    name, measure, group, within = texts
    return ParityRow(at, name, measure or "approvals", group, within, bool(given.get("enforce")))


def _list(sections: Mapping[str, Any], name: str) -> Sequence[Any]:
    rows = sections.get(name)
    return rows[:_MOST_ROWS] if isinstance(rows, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _cell(sent: QueryDict, name: str) -> str:
    return sent.get(name, "")[:_CELL].strip()


def _count(sent: QueryDict, name: str) -> int:
    text = sent.get(name, "")
    return min(int(text), _MOST_ROWS) if text.isascii() and text.isdigit() else 0


def _number(text: str) -> float | int | str:
    """The number that a text says; the text itself where it says none, so that it is refused with
    its place."""
    for kind in (int, float):
        try:
            return kind(text.replace("\u202f", "").replace(",", ""))
        except ValueError:
            continue
    return text
