"""The clocks that a pack may set, and the day from which each of them runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from equipoise.texts.saying import marked

Kind = Literal[
    "decision_complete",
    "decision_incomplete",
    "decision_after_counter_offer",
    "reasons_request",
    "reasons_answer",
    "review_request",
    "review_answer",
    "withdrawal",
    "complaint_acknowledgement",
    "complaint_summary",
    "complaint_answer",
    "complaint_answer_complex",
    "complaint_answer_exceptional",
    "correction_answer",
    "retention",
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_COMPLAINT = marked("the day the complaint was received")
# Whose first day is the day after this one.
STARTS: Mapping[Kind, str] = {
    "decision_complete": marked("the day the complete application was received"),
    "decision_incomplete": marked("the day the incomplete application was received"),
    "decision_after_counter_offer": marked("the day the other offer was made"),
    "reasons_request": marked("the day of the notice"),
    "reasons_answer": marked("the day the reasons were asked for"),
    "review_request": marked("the day of the decision"),
    "review_answer": marked("the day a person was asked for"),
    "withdrawal": marked("the day the loan was agreed"),
    "complaint_acknowledgement": _COMPLAINT,
    "complaint_summary": _COMPLAINT,
    "complaint_answer": _COMPLAINT,
    "complaint_answer_complex": _COMPLAINT,
    "complaint_answer_exceptional": _COMPLAINT,
    "correction_answer": marked("the day the correction was asked for"),
    "retention": marked("the day the decision was told"),
}
