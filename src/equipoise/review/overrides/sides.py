"""What may be said of overrides: of loans that people granted, and of those they turned away.

The first is observed. The second never is: nobody lent. So the two are never one figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from equipoise.review.fairness.intervals import Interval

ApprovedAnswer = Literal[
    "loses_money",
    "earns",
    "worse_than_expected",
    "better_than_expected",
    "open",
    "too_few",
    "too_young",
    "withheld",
    "none",
]
DeclinedAnswer = Literal[
    "turns_away_good", "spares_losses", "open", "too_few", "not_known", "withheld", "none"
]
Action = Literal["retire", "tighten", "keep", "watch", "test", "review"]
CONCLUSIVE = frozenset(
    {
        "loses_money",
        "earns",
        "worse_than_expected",
        "better_than_expected",
        "turns_away_good",
        "spares_losses",
    }
)


@dataclass(frozen=True, slots=True)
class Next:
    """What to do. `cases` more until it can be said, or in a test; `pd_up_to` keeps a reason there.

    `cases` is None where nothing is to be waited for, or no number of cases would tell.
    """

    action: Action
    cases: int | None = None
    pd_up_to: float | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"action": self.action, "cases": self.cases, "pd_up_to": self.pd_up_to}


@dataclass(frozen=True, slots=True)
class Approved:
    """Loans that people granted against the strategy: what came of them.

    Counts stand always; the rest is None under the least number of known outcomes. `bad_rate` is
    for the whole window, loans still open standing behind those known. `expected_rate` is the
    model's for all of them; `expected_bad` the bads that should have shown by now, against which
    `p_rate` tests `bad`, exactly. `money` is against the strategy's answer, which earns nothing.
    `q` is adjusted for all questions of one kind of group. `pooled_rate` is drawn to the others'.
    """

    n: int
    known: int
    bad: int
    expected_rate: float | None = None
    expected_bad: float | None = None
    bad_rate: Interval | None = None
    pooled_rate: Interval | None = None
    break_even: float | None = None
    p_rate: float | None = None
    q_rate: float | None = None
    money: Interval | None = None
    p_money: float | None = None
    q_money: float | None = None
    safer_half: float | None = None
    safer_pd: float | None = None
    answer: ApprovedAnswer = "none"
    next: Next | None = None

    def counts(self) -> Approved:
        """How many alone, for whoever may not see what came of them."""
        return Approved(self.n, self.known, self.bad, answer="withheld" if self.n else "none")

    @property
    def open(self) -> int:
        """Loans whose outcome in the window is not known yet."""
        return self.n - self.known

    def as_dict(self) -> dict[str, Any]:
        return {
            "basis": "observed",
            "n": self.n,
            "known": self.known,
            "bad": self.bad,
            "open": self.open,
            "expected_rate": self.expected_rate,
            "expected_bad": self.expected_bad,
            "bad_rate": _ends(self.bad_rate),
            "pooled_rate": _ends(self.pooled_rate),
            "break_even": self.break_even,
            "p_rate": self.p_rate,
            "q_rate": self.q_rate,
            "money": _ends(self.money),
            "p_money": self.p_money,
            "q_money": self.q_money,
            "answer": self.answer,
            "next": self.next.as_dict() if self.next else None,
        }


@dataclass(frozen=True, slots=True)
class Declined:
    """Applicants whom people turned away against the strategy. No outcome of theirs exists.

    `bounds` is the money against the strategy's answer were all of them good, and all bad;
    `by_model` what the model's own PDs say. `inferred` takes them to be as often bad as accepted
    ones of their grade (`inferred_rate`, from `alike` known outcomes), `if_worse` so many times as
    often: what they were declined for may be true of them. `breaks_even_at` is how many times as
    often bad they must have been for the reason to cost nothing. `covered` are those of grades with
    enough accepted ones; inference is of these alone.
    """

    n: int
    expected_rate: float | None = None
    by_model: float | None = None
    bounds: tuple[float, float] | None = None
    covered: int = 0
    alike: int = 0
    inferred_rate: Interval | None = None
    inferred: Interval | None = None
    if_worse: Interval | None = None
    breaks_even_at: float | None = None
    break_even: float | None = None
    p: float | None = None
    q: float | None = None
    answer: DeclinedAnswer = "none"
    next: Next | None = None

    def counts(self) -> Declined:
        """How many alone."""
        return Declined(self.n, answer="withheld" if self.n else "none")

    def as_dict(self) -> dict[str, Any]:
        return {
            "basis": "inferred",
            "n": self.n,
            "expected_rate": self.expected_rate,
            "by_model": self.by_model,
            "bounds": list(self.bounds) if self.bounds else None,
            "covered": self.covered,
            "alike": self.alike,
            "inferred_rate": _ends(self.inferred_rate),
            "inferred": _ends(self.inferred),
            "if_worse": _ends(self.if_worse),
            "breaks_even_at": self.breaks_even_at,
            "break_even": self.break_even,
            "p": self.p,
            "q": self.q,
            "answer": self.answer,
            "next": self.next.as_dict() if self.next else None,
        }


def _ends(interval: Interval | None) -> dict[str, float | None] | None:
    return interval.as_dict() if interval is not None and interval.known else None
