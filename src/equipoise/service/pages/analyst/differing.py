"""What one version has otherwise than another, in sentences; and who is swapped, in money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.review.differences import Change, Difference, Kind
from equipoise.texts.decisions import money, percent
from equipoise.texts.numbers import count, signed
from equipoise.texts.saying import joined, marked, retold, say
from equipoise.value.measures import TABLE

SECTIONS: Mapping[str, str] = {
    "model": marked("the model"),
    "applicant": marked("the applicant's figures"),
    "features": marked("derived fact"),
    "rules": marked("rule"),
    "tiers": marked("tier"),
    "choice": marked("the choice"),
    "prices": marked("price of the limit"),
    "journeys": marked("journey"),
    "price list": marked("price"),
    "amounts": marked("amount"),
    "terms": marked("term"),
    "single treatments": marked("treatment"),
    "checks": marked("check"),
    "levels": marked("level of authority"),
    "overrides": marked("reason for overrides"),
    "product": marked("the product"),
    "texts": marked("text of the reason"),
    "contract": marked("field of the contract"),
    "table": marked("row of the table"),
    "bands": marked("band"),
    "authority": marked("row of the authority matrix"),
}
_MOST = 6  # settings of a part that are told in its sentence


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference as a person reads it: what became of what, and each setting below."""

    kind: str
    said: str
    details: Sequence[str]


@dataclass(frozen=True, slots=True)
class Money:
    """A measure under both versions, and by how much it moves, with the interval of that."""

    name: str
    before: str
    after: str
    change: str
    interval: str


def sentences_of(differences: Sequence[Difference]) -> list[ShownDifference]:
    """Each difference in the language spoken now."""
    return [_shown_difference(each) for each in differences]


def _shown_difference(each: Difference) -> ShownDifference:
    what = say(SECTIONS.get(each.section, each.section))
    name = f"{what} {each.name}".strip()
    if each.kind is Kind.ADDED:
        return ShownDifference(
            "added", say("{what} was added.", what=name), list(_settings(each, new=True))
        )
    if each.kind is Kind.REMOVED:
        return ShownDifference(
            "removed", say("{what} was taken away.", what=name), list(_settings(each, new=False))
        )
    moved = all(change.thresholds for change in each.changes)
    said = (
        say("{what}: a threshold moved.", what=name)
        if moved
        else say("{what} was changed.", what=name)
    )
    return ShownDifference("moved" if moved else "changed", said, list(map(_changed, each.changes)))


def _settings(each: Difference, *, new: bool) -> Iterator[str]:
    for change in each.changes[:_MOST]:
        yield f"{change.setting}: {change.after if new else change.before}"


def _changed(change: Change) -> str:
    if change.thresholds:
        return joined(
            [
                say("{of} from {before} to {after}", of=t.of, before=t.before, after=t.after)
                for t in change.thresholds
            ],
            "; ",
        )
    return say(
        "{setting} from {before} to {after}",
        setting=change.setting,
        before=change.before or say("nothing"),
        after=change.after or say("nothing"),
    )


def money_of(report: Mapping[str, Any]) -> list[Money]:
    """The measures that move, of all applicants together; money in the contract's currency."""
    return [
        _money(name, change, report["currency"])
        for name, change in report["changes"].items()
        if change["a"] is not None and change["b"] is not None
    ]


def _money(name: str, change: Mapping[str, Any], currency: str) -> Money:
    def shown(value: float | None) -> str:
        if value is None:
            return "–"
        if name == "offered":
            return percent(value)
        return money(value, currency) if TABLE[name].unit == "money" else count(value)

    label = say("Share offered a loan") if name == "offered" else retold(TABLE[name].label)
    low, high = change["low"], change["high"]
    interval = "" if low is None else say("{low} to {high}", low=shown(low), high=shown(high))
    difference = shown(change["difference"])
    return Money(label, shown(change["a"]), shown(change["b"]), signed(difference), interval)
