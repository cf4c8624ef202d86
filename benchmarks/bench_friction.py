"""What friction costs: a useless step and a bottleneck planted in the synthetic lender, what taking
the step away promises beside the same people without it, the lender's ledger, and the public log
BPI 2012 beside its published figures.

The log is read where EQUIPOISE_DATA names the folder that has it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Result

SEEDS, APPLICANTS = (1, 2, 3), 4_000
LEDGER = 20_000  # applicants of the lender whose ledger is shown
WITHIN = 0.2  # of what the same people do without the step
SOON, LATE = 17.0, 1.1 * 24 * 60  # minutes to the first offer
KNOWN = {"accepted, first offer within 17 minutes": 60.5, "after more than 1.1 days": 41.7}
POINTS = 0.3
sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))  # where the plantings stand


def run(short: bool = False) -> list[Result]:
    """What was planted, what the ledger says, and what is published."""
    results: list[Result] = []
    for seed in SEEDS[: 1 if short else None]:
        results += _planted(seed)
    results += _ledger(5_000 if short else LEDGER)
    return [*results, *_published()]


def _planted(seed: int) -> Iterator[Result]:
    """Whether the step that decides nothing and the slow one are ranked first, and how near the
    gain is to that of the same people simulated without the step."""
    from log_of_lender import SLOW_STEP, USELESS, accepted_without_it, document_of_lender, planted

    from equipoise.review.process.process_map import map_process

    _say(f"lender {seed} with what is planted in it")
    events, cases = planted(APPLICANTS, seed)
    results = {name.removesuffix("_stop"): name for name in cases.columns if "_stop" in name}
    drawn = map_process(document_of_lender(), events, cases, by=["channel"], decides=results)
    useless, slow, *_ = [move for move in drawn.moves if move.by is None]
    ranked = useless.step == USELESS and slow.step.startswith(SLOW_STEP)
    truth = accepted_without_it(APPLICANTS, seed) - drawn.counts["accepted"]
    gain = useless.gain or 0.0
    yield Result(
        f"lender {seed}: completions that taking {USELESS} away gains", gain, "people", truth,
        "the same people without it", f"within {WITHIN:.0%}, and ranked first",
        ranked and abs(gain - truth) <= WITHIN * truth,
        f"of {APPLICANTS:,}; first {useless.step}, then {slow.step}",
    )  # fmt: skip


def _ledger(applicants: int) -> Iterator[Result]:
    """The ledger of the synthetic lender, the dearest check in good customers first."""
    from equipoise.workspace import balance_workspace, fit_workspace, new_demo
    from equipoise.workspace.results import read_balance

    with TemporaryDirectory(prefix="friction-") as made:
        _say(f"the ledger of a lender of {applicants:,}")
        workspace = new_demo(Path(made) / "lender", applicants, SEEDS[0])
        fit_workspace(workspace)
        balance_workspace(workspace)
        for row in sorted(read_balance(workspace).friction, key=lambda each: -each.good_lost):
            yield Result(
                f"{row.check}: good customers that it costs", row.good_lost, "people",
                note=f"{row.applicants:,.0f} of {applicants:,} meet it; {row.bad_avoided:,.0f} bad "
                f"loans avoided; net {row.net:,.0f} ({row.net_low:,.0f} to {row.net_high:,.0f})",
            )  # fmt: skip


def _published() -> Iterator[Result]:
    """Shares accepted by when the first offer left, of the log of 2012."""
    data = os.environ.get("EQUIPOISE_DATA")
    if not data or not (Path(data) / "bpi2012").is_dir():
        _say("BPI 2012 is left out: EQUIPOISE_DATA names no folder that has it")
        return
    from log_of_bpi import BPI_2012, bpi_events

    from equipoise.experience import ExperienceDocument
    from equipoise.experience.log import prepare
    from equipoise.review.process.first_offers import first_offer_bands

    _say("BPI 2012")
    document = ExperienceDocument.model_validate(BPI_2012)
    bands = first_offer_bands(prepare(document, bpi_events(Path(data))), (SOON, LATE))
    for (name, known), band in zip(KNOWN.items(), (bands[0], bands[-1]), strict=True):
        share = 100 * (band.accepted.value or 0.0)
        yield Result(
            f"BPI 2012: {name}", share, "%", known, "published", f"within {POINTS} points",
            abs(share - known) <= POINTS,
            f"{band.accepted.k:,} of {band.accepted.n:,}; observational",
        )  # fmt: skip


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
