"""What a draft could not know is asked first, and nothing is fitted before it is answered."""

from __future__ import annotations

import polars as pl
import pytest

from equipoise.contract import draft, read_contract
from equipoise.contract.confirming import require_confirmed
from equipoise.contract.drafting import to_document
from equipoise.errors import Faults, GateRefused

ROWS = 120
FRAME = pl.DataFrame(
    {
        "amount": [f"{1 + n % 90},{100 + n}" for n in range(ROWS)],
        "opened": [f"{1 + n % 12:02}/{1 + n % 11:02}/201{n % 9}" for n in range(ROWS)],
        "score": [400 + (n * 37) % 300 for n in range(ROWS)],
        "bad": [int(n % 3 == 0) for n in range(ROWS)],
    }
)


def written(tmp_path, text):
    path = tmp_path / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    return read_contract(path)


def test_both_readings_come_first_and_fit_waits(tmp_path):
    drafted = draft(FRAME, "bad")
    for lines in (drafted.notes, drafted.contract.review):
        assert lines[0].startswith("'amount': '1,100' is 1100 by 1,234.5 (taken, as likelier)")
        assert "or 1.1 by 1.234,5" in lines[0]
        assert lines[1].startswith("'opened': '01/02/2013' is 2013-01-02 by %m/%d/%Y")
    contract = written(tmp_path, to_document(drafted))
    with pytest.raises(Faults) as refused:
        require_confirmed(contract)
    first = refused.value.faults[0]
    assert isinstance(first, GateRefused)
    assert "--read 'amount=FORMAT'" in str(first.mend)
    assert first.where is not None
    assert first.where.line


def test_deleting_the_attribute_confirms_the_reading(tmp_path):
    text = to_document(draft(FRAME, "bad"))
    lines, kept, skip = text.splitlines(), [], False
    for line in lines:
        skip = line.startswith("  confirm:") or (skip and line.startswith("    "))
        kept += [] if skip else [line]
    require_confirmed(written(tmp_path, "\n".join(kept)))


def test_a_reading_asked_for_is_no_question(tmp_path):
    drafted = draft(FRAME, "bad", read=["amount=1.234,5", "opened=%d/%m/%Y"])
    assert drafted.unsettled == ()
    contract = written(tmp_path, to_document(drafted))
    require_confirmed(contract)
    assert contract.value.field("amount").format == "1.234,5"
    assert contract.value.field("opened").format == "%d/%m/%Y"
