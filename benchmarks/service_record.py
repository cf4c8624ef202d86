"""Fill a record and say how many of its events are verified a second (a process of its own)."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from equipoise.service.commands.starting import make_ready

_PER_CHAIN = 2


def main(folder: Path, events: int) -> float:
    """Events a second, over chains of a few events as long as a decision's."""
    make_ready(folder)
    from django.db import transaction

    from equipoise.service.commands.first_start import prepare
    from equipoise.service.contexts.decisions.events import DecisionMade
    from equipoise.service.platform.record.proving import verify_record
    from equipoise.service.platform.record.services import append, event
    from equipoise.service.platform.record.signing import make_checkpoints

    prepare()
    made = DecisionMade(
        decision="decision-1", by="program-1", strategy="corner", way="balance", propensity=1.0,
        made={"outcome": "approve", "trace": {"x": os.urandom(1000).hex()}}, facts={},
        made_at="2026-01-01T00:00:00+00:00", request="00",
    )  # fmt: skip
    for start in range(0, events // _PER_CHAIN, 5_000):
        chains = [
            f"application-{n}" for n in range(start, min(start + 5_000, events // _PER_CHAIN))
        ]
        for place in range(_PER_CHAIN):
            events_made = [event(chain, made, begins=place == 0) for chain in chains]
            with transaction.atomic():
                append(*events_made)
    make_checkpoints()
    begun = time.perf_counter()
    verdict = verify_record(processes=os.cpu_count() or 1)
    assert verdict.valid, verdict
    return verdict.events / (time.perf_counter() - begun)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))
