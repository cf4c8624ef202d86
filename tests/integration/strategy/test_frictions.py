"""The friction of a workspace: its ledger, and changes of a check found anew."""

from __future__ import annotations

from itertools import islice

from equipoise.workspace.folder import Workspace
from equipoise.workspace.frictions import frictions
from equipoise.workspace.results import read_balance


def test_each_change_is_found_beside_the_workspaces_own_balance(lender: Workspace) -> None:
    """The dearest check in good customers comes first; where it may be asked of some only, every
    policy of today's menu is still there, so nothing can be lost but what the proofs leave open."""
    before = {path: path.read_bytes() for path in lender.build.iterdir() if path.is_file()}
    known = list(islice(frictions(lender), 3))
    ledger, last = known[0], known[-1]
    own = read_balance(lender)
    assert {each.check for each in ledger.rows} == {each.check for each in own.friction}
    assert ledger.changes == ()
    dearest = max(own.friction, key=lambda each: each.good_lost).check
    away, some = last.changes
    assert (away.part, away.kind, some.kind) == (dearest, "take_away", "ask_some")
    assert not some.fault
    assert some.good is not None
    served = own.recommended.same_risk.measures["good_customers_served"]
    assert some.good >= -0.01 * served
    assert {path: path.read_bytes() for path in before} == before
