"""How the versions that a change concerns stand to it, as a page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.service.pages.analyst.levels import level_text
from equipoise.texts.numbers import FEW, count, money, percent, plain, span
from equipoise.texts.saying import say
from equipoise.value.measures import NO_CURRENCY

_MONTH = 30  # days
_PARTS = 12  # treatments that are named


@dataclass(frozen=True, slots=True)
class Loses:
    """A level of a field: its people, how many lose their offer, and what was expected of it."""

    level: str
    people: str
    few: bool
    losing: str
    amount: str
    profit: str
    expected_loss: str


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """A version with what a change does to it: `version` is None where it is not in the registry
    any more, `parts` are its treatments that break the rule, `flow` what that is a month."""

    name: str
    version: int | None
    time: str
    breaks: bool
    fault: str
    extent: str
    parts: tuple[tuple[str, str], ...]
    flow: tuple[str, ...]
    loses: tuple[Loses, ...]
    amount: str
    profit: str
    expected_loss: str


def held_versions(
    effect: Mapping[str, Any], concerned: Sequence[Mapping[str, Any]], field: str
) -> list[HeldVersion]:
    """Every version that was held against the change, with whom it shuts out by a field."""
    by_name = {each["name"]: each for each in concerned}
    return [_held(each, by_name.get(each["strategy"]), field) for each in effect["held"]]


def fields(effect: Mapping[str, Any]) -> list[str]:
    """What people can be parted by."""
    return list(dict.fromkeys(each["field"] for each in effect["segments"]))


def _held(each: Mapping[str, Any], concerned: Mapping[str, Any] | None, field: str) -> HeldVersion:
    sums, named = each.get("money") or {}, each.get("currency", "")
    currency = "" if named in NO_CURRENCY else named
    return HeldVersion(
        name=each["strategy"],
        version=concerned["version"] if concerned else None,
        time=_time(concerned) if concerned else "",
        breaks=bool(each.get("breaks")),
        fault=each.get("fault", ""),
        extent="" if "fault" in each else _extent(each),
        parts=tuple(_part(part) for part in each.get("parts", ())[:_PARTS]),
        flow=tuple(_flow(each, concerned)) if concerned and each.get("broken") else (),
        loses=tuple(
            _loses(row, currency) for row in each.get("segments", ()) if row["field"] == field
        ),
        amount=money(sums.get("amount"), currency),
        profit=money(sums.get("profit"), currency),
        expected_loss=money(sums.get("expected_loss"), currency),
    )


def _time(concerned: Mapping[str, Any]) -> str:
    if concerned["until"] is None:
        return say("in force since {day}", day=concerned["since"])
    return say("in force from {day} to {end}", day=concerned["since"], end=concerned["until"])


def _part(part: Mapping[str, Any]) -> tuple[str, str]:
    offered, broken = part["offered"], part["broken"]
    fraction = f"{count(broken)}/{count(offered)}"
    return part[
        "treatment"
    ], fraction if offered < FEW else f"{percent(broken / offered)} ({fraction})"


def _flow(each: Mapping[str, Any], concerned: Mapping[str, Any]) -> list[str]:
    """What the share of people who lose their offer is at the record's flow."""
    if not concerned["per_day"] and not concerned["decided"]:
        return [say("The record has no flow to tell it by yet.")]
    share = each["broken"] / each["people"]
    a_month = concerned["per_day"] * _MONTH
    sentences = [
        say("At the record's flow of {n} applications a month: some {lose} offers a month.",
            n=count(round(a_month)), lose=count(round(a_month * share)))
    ]  # fmt: skip
    if concerned["decided"]:
        sentences.append(
            say("Of the {n} applications that it has decided from that day on: some {lose}.",
                n=count(concerned["decided"]), lose=count(round(concerned["decided"] * share)))
        )  # fmt: skip
    return sentences


def _extent(each: Mapping[str, Any]) -> str:
    if each["used"] is not None:
        return say("it comes to {used}, where {level} is set", used=plain(each["used"]),
                   level=plain(each["level"]))  # fmt: skip
    offered, broken = int(each["offered"]), int(each["broken"])
    if offered < FEW:
        return f"{count(broken)}/{count(offered)}"
    return say(
        "{share} of its offers ({k}/{n}), with an interval of {span}",
        share=percent(each["share"]),
        k=count(broken),
        n=count(offered),
        span=span(percent(each["low"]), percent(each["high"])),
    )


def _loses(row: Mapping[str, Any], currency: str) -> Loses:
    n, k = row["people"], row["lose"]
    return Loses(
        level=level_text(row["level"]),
        people=count(n),
        few=n < FEW,
        losing=f"{percent(k / n)} ({count(k)}/{count(n)})",
        amount=money(row["amount"], currency),
        profit=money(row["profit"], currency),
        expected_loss=money(row["expected_loss"], currency),
    )
