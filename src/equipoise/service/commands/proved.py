"""What is proved of the record once a rehearsal is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from equipoise.rehearsal import Proofs, counted, taken
from equipoise.service.commands.told import asked_too_often, recorded_steps, sent_twice
from equipoise.service.commands.told_letters import letters_owed
from equipoise.service.contexts.decisions.services import replay_all
from equipoise.service.platform import clock
from equipoise.service.platform.record.proving import verify_record, verify_rows

_EVERY = timedelta(minutes=1)  # letters that are owed are looked for
_WORKED = timedelta(seconds=45)  # and written by the system's clock, even where a worker was lost


def proved(until: datetime) -> tuple[Proofs, list[str]]:
    """What the record holds, and whether it holds, of a service that was served until that moment;
    and what letters lack."""
    verdict, rows, replayed = verify_record(), verify_rows(), replay_all()
    letters, patience = letters_owed(), _patience()
    wrong = (each.amiss(until, patience) for each in letters)
    faults = [
        *(each.what for each in verdict.faults),
        *map(str, rows.differences),
        *asked_too_often(),
        *filter(None, wrong),
    ]
    proofs = Proofs(
        recorded_steps(),
        sent_twice(),
        verdict.events,
        faults,
        replayed.replayed,
        replayed.differences + replayed.lost + replayed.unreadable,
        counted(letters, until),
        taken(letters),
    )
    return proofs, sorted({each.lacks for each in letters if each.lacks and each.open})


def _patience() -> timedelta:
    """How much of the service's time may pass until a letter that is owed is written: work goes no
    faster for the clock."""
    return clock.passing(max(3 * clock.lasting(_EVERY), _WORKED))
