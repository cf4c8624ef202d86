"""Past cases like one, as a page shows them: counts, and shares with intervals where they are not
few."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from equipoise.service.contexts.decisions.reading import Nearest, Share, Similar
from equipoise.service.pages.frame.words import said_word
from equipoise.service.pages.underwriter.shown import became
from equipoise.texts.numbers import fixed, written


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """An answer or an outcome: of how many, which share that is and between which it lies (empty:
    they are few)."""

    name: str
    count: int
    share: str


@dataclass(frozen=True, slots=True)
class Alike:
    """The nearest by one measure."""

    n: int
    few: bool
    apart: str
    answers: list[AlikeLine]
    became: list[AlikeLine]


def alike_of(like: Similar) -> dict[str, Alike | None]:
    """By the model's terms, and by its figure."""
    return {
        "by_terms": None if like.by_terms is None else _alike(like.by_terms),
        "by_figure": _alike(like.by_figure),
    }


def _alike(near: Nearest) -> Alike:
    return Alike(
        near.n,
        near.few,
        "" if near.apart is None else fixed(near.apart, 2),
        _lines(near.answers, near.n, said_word),
        _lines(near.became, near.n, became),
    )


def _lines(shares: Mapping[str, Share], n: int, word: Callable[[str], str]) -> list[AlikeLine]:
    return [AlikeLine(word(name), each.count, _share(each, n)) for name, each in _most(shares)]


def _most(shares: Mapping[str, Share]) -> list[tuple[str, Share]]:
    return sorted(shares.items(), key=lambda pair: (-pair[1].count, pair[0]))


def _share(each: Share, n: int) -> str:
    if each.low is None or each.high is None:
        return ""
    return f"{_percent(each.count / n)} ({_percent(each.low)}–{_percent(each.high)})"


def _percent(value: float) -> str:
    return f"{fixed(100 * value, 0)}{written().percent}"
