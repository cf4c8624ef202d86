"""The helper over the texts that ship, and a lender's own."""

from __future__ import annotations

from pathlib import Path

from equipoise.documents import read_document
from equipoise.errors import BadInput
from equipoise.helper.answering import Helper
from equipoise.helper.approved import Approved, approved, shipped
from equipoise.helper.embedding import (
    CHARACTERS,
    SENTENCES,
    Characters,
    MakeSpace,
    has_sentences,
    sentences,
)
from equipoise.helper.replies import Chooser, Reworder
from equipoise.helper.urgent import Alarms, UrgentWords


def our_alarms() -> Alarms:
    """The word lists that ship with this room."""
    return Alarms(read_document(shipped("urgent.yaml"), UrgentWords).value)


def open_helper(
    own: Path | None = None,
    *,
    by: str = "",
    chooser: Chooser | None = None,
    reworder: Reworder | None = None,
) -> Helper:
    """The helper over our texts and a lender's own.

    `by` is `sentences` or `characters`; the former where the extra `helper` is installed unless
    said. Raises BadInput or Faults for a file that does not fit, and BadInput for another `by`.
    """
    return helper_over(approved(own), by=by, chooser=chooser, reworder=reworder)


def helper_over(
    texts: Approved,
    *,
    by: str = "",
    chooser: Chooser | None = None,
    reworder: Reworder | None = None,
) -> Helper:
    """The helper over these texts alone; as `open_helper` otherwise."""
    by = by or (SENTENCES if has_sentences() else CHARACTERS)
    return Helper(
        texts, our_alarms(), by=by, make_space=_space(by), chooser=chooser, reworder=reworder
    )


def _space(by: str) -> MakeSpace:
    if by == CHARACTERS:
        return Characters
    if by != SENTENCES:
        raise BadInput(f"nothing compares by '{by}'", field="by", mend="sentences or characters")
    if not has_sentences():
        mend = "install the extra `helper`, or compare by characters"
        raise BadInput("the sentence model is not installed", field="by", mend=mend)
    return lambda _: sentences()
