"""Letters that people were owed: counted by kind, and what is not as it has to be is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from equipoise.rehearsal.letters import Owed, counted, taken

DAY = timedelta(days=1)
SINCE = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOON = timedelta(hours=12)
OWED = Owed("draft-1", "decline", SINCE, date(2026, 4, 1))
LACKS = "lender.yaml gives no 'agency'"


@pytest.mark.parametrize(
    ("letter", "until", "said"),
    [
        (OWED, SINCE + SOON, ""),
        (OWED, SINCE + DAY, "neither written nor told as lacking"),
        (replace(OWED, told=False), SINCE + SOON, ""),
        (replace(OWED, told=False), SINCE + DAY, "the record does not say so"),
        (replace(OWED, lacks=LACKS), SINCE + 20 * DAY, ""),
        (replace(OWED, lacks=LACKS), SINCE + 31 * DAY, "by 2026-04-01: it is late"),
        (replace(OWED, written=SINCE + DAY), SINCE + 90 * DAY, ""),
        (replace(OWED, written=SINCE + 40 * DAY), SINCE + 90 * DAY, "written on 2026-04-11"),
        (replace(OWED, dropped=True), SINCE + 90 * DAY, ""),
        (replace(OWED, due_on=None, written=SINCE + 90 * DAY), SINCE + 90 * DAY, ""),
        (replace(OWED, kind="offer_lapsed"), SINCE + 20 * DAY, ""),
        (replace(OWED, kind="offer_lapsed"), SINCE + 31 * DAY, "it is late"),
    ],
)
def test_a_letter_that_is_late_or_untold_is_a_fault(
    letter: Owed, until: datetime, said: str
) -> None:
    wrong = letter.amiss(until, SOON)
    assert said in wrong
    assert bool(wrong) == bool(said)


def test_letters_are_counted_by_kind() -> None:
    every = [
        replace(OWED, written=SINCE + DAY, digest="a", taken=True),
        replace(OWED, draft="draft-2", written=SINCE + 40 * DAY, digest="b"),
        replace(OWED, draft="draft-3", lacks=LACKS),
        replace(OWED, draft="draft-4", lacks=LACKS, dropped=True),
        replace(OWED, kind="approval", written=SINCE, digest="c", taken=True, lacks=LACKS),
    ]
    yes, no = counted(every, SINCE + 2 * DAY)
    assert (yes.kind, yes.owed, yes.written, yes.taken, yes.lacking) == ("approval", 1, 1, 1, 0)
    assert (no.owed, no.written, no.taken, no.lacking, no.dropped, no.late) == (4, 2, 1, 1, 1, 1)
    assert no.line() == (
        "letters (decline): 4 owed, 2 written, 1 taken, 1 lacking, 1 not owed any more, 1 late"
    )
    assert taken(every) == {"draft-1": {"a", "c"}}
