"""Whoever has no document of a kind yet is told what makes one."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.documents import Document, read_document
from equipoise.errors import BadInput
from equipoise.portfolio.tape.document import Tape
from equipoise.review.policy.change import PolicyChange
from equipoise.risk.document import RiskDocument
from equipoise.watch.document.watch import WatchDocument
from equipoise.watch.plans.document import PlansDocument

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("kind", "mend"),
    [
        (RiskDocument, "equipoise new"),
        (WatchDocument, "equipoise watch draft"),
        (Tape, "equipoise portfolio draft --tape FILE"),
        (PlansDocument, "docs/howto/answer-by-a-plan.md"),
        (PolicyChange, "docs/howto/try-a-change-of-law.md"),
    ],
)
def test_a_missing_document_s_mend_makes_that_document(
    tmp_path: Path, kind: type[Document], mend: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        read_document(tmp_path / "document.yaml", kind)
    assert refusal.value.message == "the document does not exist"
    assert mend in (refusal.value.mend or "")
    if mend.endswith(".md"):
        assert "```yaml" in (ROOT / mend).read_text(encoding="utf-8")
