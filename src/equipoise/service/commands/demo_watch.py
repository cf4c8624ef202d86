"""The watch of a demonstration: a simulated book with a bureau that fails in its last months,
measured once and put under stress, so that its risk officers have something to look at and an alert
to answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from equipoise.errors import EquipoiseError
from equipoise.rehearsal.shown import WRITTEN, write_shown
from equipoise.rehearsal.year.months import CURRENCY
from equipoise.service.commands.two_people import APPROVER

SWITCHES = (
    ("bureau_down", "all_to_people"),
    ("downturn", "up_to_ten"),
    ("downturn", "up_to_five"),
)
"""By their plans; those of the downturn are compared under stress."""
LIMITS = ("loss_rate <= 6%", "capital_ratio >= 13%")
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
    """Write what is watched, put it in force by two people, and measure it; the plans' switches are
    of the `strategy`. A lender's own watch stays as it is, and is not brought in."""
    from equipoise.service.contexts.books import reading as books_read
    from equipoise.service.contexts.books import services as books
    from equipoise.service.contexts.disposals.tasks import measure_borrowers
    from equipoise.service.contexts.plans import services as plans
    from equipoise.service.contexts.watch import services as watch
    from equipoise.service.contexts.watch.tasks import measure_watch
    from equipoise.service.platform import clock
    from equipoise.workspace.tapes import draft_portfolio

    if any((folder / name).exists() for name in (*WRITTEN, "tape.yaml")):
        return
    shown = write_shown(folder, clock.now().date(), seed, _DESKS, strategy)
    draft_portfolio(folder, shown.tape, parts={}, currency=CURRENCY, as_of=shown.month)
    first, second = _as(FIRST), _as(SECOND)
    plans.approve(plans.bring_in(first), second)
    watch.approve(watch.bring_in(first), second)
    _prepare_switches(first)
    measure_watch.call()
    measure_borrowers.enqueue()  # before the stress test, which takes longest
    books.ask_portfolio(first)
    books.ask_stress(books_read.scenario_files(), LIMITS, first)


def _prepare_switches(by: Any) -> None:
    """Have the switches made; of the downturn's the second waits to be approved. A strategy that
    speaks other languages than ours, or knows no PD, has none."""
    from equipoise.service.contexts.plans import services as plans
    from equipoise.service.contexts.registry import services as registry

    try:
        made = [plans.prepare(plan, switch, by) for plan, switch in SWITCHES]
    except EquipoiseError:
        return
    for version in made[:-1]:
        registry.approve(version, _as(APPROVER), "it only tightens")


def _as(name: str) -> Any:
    from equipoise.service.commands.two_people import named
    from equipoise.service.platform.accounts.services import principal_of

    return principal_of(named(name))
