"""What a look at overrides ends with: tables and sentences, or one JSON document."""

from __future__ import annotations

from equipoise.cli.printing import document, line, notes, table
from equipoise.review.fairness.intervals import Interval
from equipoise.review.overrides import Approved, Declined, Finding, Group, Next, OverrideReview

ANSWERS = {
    "loses_money": "✗ loses money",
    "earns": "✓ earns",
    "worse_than_expected": "✗ worse than the model said",
    "better_than_expected": "✓ better than the model said",
    "turns_away_good": "✗ turns away good customers",
    "spares_losses": "✓ spares losses",
    "open": "? not settled",
    "too_few": "? too few",
    "too_young": "? too young",
    "not_known": "? not known",
    "withheld": "one person's",
}
KINDS = {"all": "all", "reason": "reason", "person": "person", "level": "level"}


def measured(review: OverrideReview, *, as_json: bool) -> None:
    """Those observed and those inferred in tables of their own; then what to do."""
    if as_json:
        document(review.as_dict())
        return
    sides = [(each, each.approved) for each in review.groups if each.approved.n]
    if sides:
        table(
            f"Granted against the strategy, as observed within {review.horizon} months",
            ("", "n", "known", "bad", "bad rate", "model's", "money", "answer"),
            [_granted(group, side) for group, side in sides],
        )
    away = [(each, each.declined) for each in review.groups if each.declined.n]
    if away:
        table(
            "Turned away against the strategy: nothing observed, all inferred",
            ("", "n", "model's", "alike", "money, all good", "if alike", "answer"),
            [_away(group, side) for group, side in away],
        )
        line(f"Answered for up to {review.worse:g} times as often bad as accepted ones alike.")
    if not sides and not away:
        line("Nobody decided against the strategy.")
    for finding in review.findings:
        line(f"{_named(finding.by, finding.name)}: {_sentence(finding)}")
    if review.withheld:
        line(f"Figures of {review.withheld} people are not shown; --people shows them.")
    notes("To know", review.notes)
    line(
        f"Until {review.until}; intervals of {review.confidence:.0%} one by one; of findings by "
        f"one kind at most {review.false_share:.0%} are false on average."
    )


def _granted(group: Group, side: Approved) -> list[str]:
    counts = [_named(group.by, group.name), f"{side.n:,}", f"{side.known:,}", f"{side.bad:,}"]
    expected = "" if side.expected_rate is None else f"{side.expected_rate:.1%}"
    return [*counts, _rate(side.bad_rate), expected, _money(side.money), _answer(side)]


def _away(group: Group, side: Declined) -> list[str]:
    expected = "" if side.expected_rate is None else f"{side.expected_rate:.1%}"
    good = "" if side.bounds is None else f"{side.bounds[0]:,.0f}"
    name = _named(group.by, group.name)
    rate = _rate(side.inferred_rate)
    return [name, f"{side.n:,}", expected, rate, good, _money(side.inferred), _answer(side)]


def _answer(side: Approved | Declined) -> str:
    answer = ANSWERS.get(side.answer, "")
    waits = side.answer in {"open", "too_few"} and side.next is not None and side.next.cases
    return f"{answer}, {side.next.cases:,} more" if waits and side.next else answer


def _sentence(finding: Finding) -> str:
    """What was found with its figures, and what to do next."""
    side = finding.side
    verdict = ANSWERS[finding.answer].split(" ", 1)[1]
    if isinstance(side, Approved):
        expected = "" if side.expected_bad is None else f", {side.expected_bad:.1f} expected by now"
        figures = f"{side.bad} bad of {side.known} known{expected}"
        if side.money is not None:
            figures += f"; {_money(side.money)}"
    else:
        figures = f"{side.n} turned away; {_money(side.inferred)} if like accepted ones"
        if side.breaks_even_at is not None:
            figures += f", nothing if {side.breaks_even_at:.1f} times as often bad"
    return f"{verdict} ({figures}). {_advice(finding.next)}"


def _advice(then: Next) -> str:
    if then.action == "tighten" and then.pd_up_to is not None:
        return f"Tighten: allow it up to a PD of {then.pd_up_to:.1%}, where it earned."
    if then.action == "test":
        many = "some" if then.cases is None else f"{then.cases:,}"
        return f"Test: lend to {many} of them drawn at random, and see."
    if then.action == "watch":
        many = "" if then.cases is None else f"; {then.cases:,} more tell whether it costs money"
        return f"Keep and watch{many}."
    return {
        "retire": "Retire the reason: its safer half does not earn either.",
        "keep": "Keep it, and ask whether the model could know it.",
        "review": "Read the cases together.",
    }.get(then.action, "")


def _named(by: str, name: str) -> str:
    return KINDS[by] if not name else f"{KINDS[by]} {name}"


def _rate(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{interval.value:.1%} ({interval.low:.1%} to {interval.high:.1%})"


def _money(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"{interval.value:,.0f} ({interval.low:,.0f} to {interval.high:,.0f})"
