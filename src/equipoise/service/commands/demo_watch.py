"""The watch of a demonstration: a simulated book with a bureau that fails in its last months,
measured once, so that its risk officers have something to look at and an alert to answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.rehearsal.shown import PORTFOLIO, write_shown
from equipoise.rehearsal.year.months import CURRENCY, PLANS, WATCH

FIRST, SECOND = "ruth", "rolf"  # the two risk officers: one brings in, the other approves
_OWNER = "oskar"
_DESKS: Mapping[str, str] = {
    "risk_officer": FIRST,
    "model_owner": SECOND,
    "fraud_desk": FIRST,
    "desk_head": _OWNER,
    "service_owner": _OWNER,
    "product_owner": _OWNER,
    "data_desk": _OWNER,
}


def begin_watch(folder: Path, seed: int, strategy: str) -> None:
    """Write what is watched, put it in force by two people, and measure it; the plan's switch is of
    the `strategy`. A lender's own watch stays as it is, and is not brought in."""
    from equipoise.service.contexts.books import services as books
    from equipoise.service.contexts.plans import services as plans
    from equipoise.service.contexts.watch import services as watch
    from equipoise.service.contexts.watch.tasks import measure_watch
    from equipoise.service.platform import clock
    from equipoise.workspace.tapes import draft_portfolio

    if any((folder / name).exists() for name in (WATCH, PLANS, PORTFOLIO, "tape.yaml")):
        return
    shown = write_shown(folder, clock.now().date(), seed, _DESKS, strategy)
    draft_portfolio(folder, shown.tape, parts={}, currency=CURRENCY, as_of=shown.month)
    first, second = _as(FIRST), _as(SECOND)
    plans.approve(plans.bring_in(first), second)
    watch.approve(watch.bring_in(first), second)
    measure_watch.call()
    books.ask_portfolio(first)


def _as(name: str) -> Any:
    from equipoise.service.commands.two_people import named
    from equipoise.service.platform.accounts.services import principal_of

    return principal_of(named(name))
