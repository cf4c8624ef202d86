"""What an applicant knows to be true at the end, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

BEGUN, SENT, OPENED, DELETED = "begun", "sent", "opened elsewhere", "deleted"
ASKED_REVIEW, ASKED_US = "review asked", "question asked"
ACCEPTED, SIGNED, WITHDRAWN, TOOK = "offer taken", "signed", "withdrawn", "terms taken"
MOVED, BROUGHT = "moved to another loan", "paper brought"
COMPLAINED, ASKED_CORRECTION = "complained", "correction asked"
SETTLES = "said to what is unclear"
TAPPED, PUT_ASIDE = "tapped how it went", "would rather not say"
TOOK_LETTER = "letter taken"
WARNED, EXPIRED, LATE = "told of the end", "ended: expired", "told that an answer is late"
SENT_MORE = "answers sent"
OFFER, NO, WAITS = "offer", "no", "waits"
ANSWERS = (OFFER, NO, WAITS)
"""What becomes of what was sent, as a person can tell: there is something to take, nothing, or
somebody has to do something first."""


def answered(page: str) -> str:
    """The step of a page whose answer was taken."""
    return f"answered {page.replace('_', '-')}"


def agreed(purpose: str) -> str:
    """The step of a purpose that was agreed to."""
    return f"agreed {purpose}"


def told(answer: str) -> str:
    """The step of the answer to what was sent."""
    return f"answer: {answer}"


def told_after_checks(answer: str) -> str:
    """The step of the answer once the results of what was owed were there."""
    return f"answer after checks: {answer}"


def told_by_person(answer: str) -> str:
    """The step of a person's answer to what was left to one."""
    return f"answer by a person: {answer}"


def told_again(answer: str) -> str:
    """The step of the answer to other terms."""
    return f"answer again: {answer}"


def reviewed(outcome: str) -> str:
    """The step of a person's answer who looked again."""
    return f"review: {outcome}"


def answered_by_person(outcome: str) -> str:
    """The step of a person's answer to a complaint, or to the wish for a correction."""
    return f"a person's answer: {outcome}"


def cleared(outcome: str) -> str:
    """The step of what a person came to who read what was said to something unclear."""
    return f"unclear: {outcome}"


@dataclass
class Account:
    """One person's. `steps` happened, `doubtful` may have: the server died before it said so.
    `unclear` is where they said something to what is unclear, `letters` are the SHA-256 of those
    that they took; `asked_back` is how often an answer was, `busy` how often they had to send or
    look again.
    `state` is where they ended; `trouble` why they could not go on, empty where they could."""

    number: int
    draft: str = ""
    reference: str = ""
    steps: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    typed: dict[str, Mapping[str, str]] = field(default_factory=dict)
    unclear: list[str] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)
    asked_back: int = 0
    busy: int = 0
    state: str = ""
    trouble: str = ""

    def did(self, step: str) -> None:
        """Something was done, and the server said so."""
        self.steps.add(step)


@dataclass(frozen=True, slots=True)
class Difference:
    """A step of a person's that the record and the person do not agree on."""

    draft: str
    step: str
    recorded: bool


def funnel(accounts: Iterable[Iterable[str]]) -> dict[str, int]:
    """How many people did each step; most first where nothing else orders them."""
    counted = Counter(step for steps in accounts for step in steps)
    return {step: counted[step] for step in sorted(counted, key=_order)}


def differences(
    accounts: Iterable[Account], recorded: Mapping[str, Iterable[str]]
) -> list[Difference]:
    """Where the record and what people know are not one; drafts that nobody knows are named too,
    unless their beginning is in doubt."""
    known = {each.draft: each for each in accounts if each.draft}
    gaps = []
    for draft, account in known.items():
        there = set(recorded.get(draft, ()))
        gaps += [Difference(draft, each, False) for each in sorted(account.steps - there)]
        more = there - account.steps - account.doubtful
        gaps += [Difference(draft, each, True) for each in sorted(more)]
    lost = sum(BEGUN in each.doubtful for each in accounts)
    strangers = sorted(recorded.keys() - known.keys())
    return gaps + [Difference(each, BEGUN, True) for each in strangers[lost:]]


_ORDER = (BEGUN, "answered", "agreed", OPENED, MOVED, SENT, BROUGHT, "answer:", SENT_MORE,
          "answer after checks:",
          "answer by a person:", SETTLES, "unclear:", TOOK, "answer again:", ASKED_REVIEW,
          "review:", ACCEPTED, SIGNED, WITHDRAWN, TOOK_LETTER, ASKED_US, ASKED_CORRECTION,
          COMPLAINED, "a person's answer:", LATE, TAPPED, PUT_ASIDE, WARNED, EXPIRED,
          DELETED)  # fmt: skip


def _order(step: str) -> tuple[int, str]:
    return next(at for at, each in enumerate(_ORDER) if step.startswith(each)), step
