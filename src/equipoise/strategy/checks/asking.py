"""What keeps a strategy from asking step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.documents import Key, Loaded
from equipoise.errors import BadInput, EquipoiseError, did_you_mean
from equipoise.strategy.asking import MOST_CHECKS, checks_of, journeys_used, waits_of
from equipoise.strategy.document import StrategyDocument
from equipoise.strategy.program import offered
from equipoise.value.treatments import Journey, TreatmentsDocument


def asking_faults(
    strategy: Loaded[StrategyDocument], treatments: TreatmentsDocument
) -> Iterator[EquipoiseError]:
    """Faults of the section `asking` and of the journeys that it goes along."""
    document = strategy.value
    if document.asking is None:
        return
    journeys = journeys_used(document, offered(treatments, document))
    checks = checks_of(journeys)
    if not checks:
        yield _fault(
            strategy,
            "there is nothing to ask for: no journey that a tier opens has a check",
            "open a journey with checks, or take `asking` out",
        )
        return
    for name in document.asking.wait_days:
        if name not in checks:
            yield _fault(
                strategy,
                f"there is no check '{name}' in the journeys that the tiers open",
                did_you_mean(name, checks) or f"they have {', '.join(checks)}",
                ("asking", "wait_days", name),
            )
    if len(checks) > MOST_CHECKS:
        yield _fault(
            strategy,
            f"{len(checks)} checks are too many to weigh every set of them; {MOST_CHECKS} are not",
            "open fewer journeys, or make several checks one",
        )
        return
    yield from _unlike(strategy, journeys)
    yield from _unread(strategy, journeys)
    if document.explore is not None:
        yield _fault(
            strategy,
            "step by step nobody is explored: a plan of checks has no runner-up on the menu",
            "take `explore` or `asking` out",
        )


def _unlike(
    strategy: Loaded[StrategyDocument], journeys: Sequence[Journey]
) -> Iterator[EquipoiseError]:
    """Journeys that differ by more than their checks: which one is gone through is not known."""
    first = journeys[0]
    for each in journeys[1:]:
        if (each.steps, each.cost) != (first.steps, first.cost):
            yield _fault(
                strategy,
                f"step by step, journeys may differ by their checks alone, and '{each.name}' has "
                f"other steps or another cost than '{first.name}'",
                "make what differs a check, with its own cost, in experience.yaml",
            )


def _unread(
    strategy: Loaded[StrategyDocument], journeys: Sequence[Journey]
) -> Iterator[EquipoiseError]:
    """Waits of checks that the journeys do not tell."""
    asking = strategy.value.asking
    try:
        waits_of(journeys, asking.wait_days if asking else {})
    except BadInput as fault:
        yield _fault(strategy, fault.message, fault.mend or "", ("asking",))


def _fault(
    strategy: Loaded[StrategyDocument], message: str, mend: str, keys: tuple[Key, ...] = ("asking",)
) -> BadInput:
    return BadInput(message, where=strategy.span(*keys), field=".".join(map(str, keys)), mend=mend)
