# ruff: noqa: PLR0917  (compiled loops take their arrays by position)
"""The best plan of checks and terms for one applicant: dynamic programming over sets of checks.

For each of the terms that may be offered, and from the full set of checks down to those passed,
the value of standing there is the best of: offering now, asking for one more check and going on
from there, handing to a person, and (where the prices decide) letting go. All orders of all
sets are thereby compared. Values are per applicant who stands there, net of prices, in money.

Who is asked pays minutes and costs, some leave or tire of waiting, and by Bayes those pass who
will repay with 1 - false alarm and those who will not with 1 - sensitivity; the odds of default
then shrink by the ratio of the two.
"""

from __future__ import annotations

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import compilable
from equipoise.value.compiled.arithmetic import lookup
from equipoise.value.compiled.formula import at_terms, capital_place, measured, standing
from equipoise.value.compiled.loops import MEASURED
from equipoise.value.measures import MEASURES

OFFER, NOTHING, PERSON = 100, 101, 102  # below: the check asked for; from PERSON: a treatment
APPROVALS, PROFIT, MINUTES, QUESTIONS, HOURS = (
    MEASURES.index(name)
    for name in ("approvals", "profit", "minutes", "questions", "underwriter_hours")
)
# columns of a request
STAYS, BAD, GOOD, TAKES_MINUTES, TAKES_QUESTIONS, TAKES_HOURS, COST = range(7)


@compilable
def worth(
    measures: Array, terms: Array, at: Array, rest: Array, lender: Array, unit: Array,
    weights: Array, seen: float, lgd: float, ratio: float, log_ratio: float, wait: float,
) -> float:  # fmt: skip
    """Net value of an offer to one whose odds checks have multiplied by `ratio`.

    `at` is what `at_terms` gave; the measures are left in `measures`.
    """
    place = capital_place(at[7], log_ratio, lender[3], lender[4])
    expected = measured(
        seen, lgd, at[0], at[1], at[2], at[4], at[5], at[6] * ratio, lookup(unit, place),
        terms[5] + rest[2] * wait, rest[0], 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0,
        lender[5], lender[6], lender[7], lender[8], lender[9], lender[10], lender[11],
    )  # fmt: skip
    net = weights[0] * expected[0]
    measures[0] = expected[0]
    for m in range(1, MEASURED):
        measures[m] = expected[m]
        net += weights[m] * expected[m]
    return float(net)


@compilable
def fill_terms(
    at: Array, terms: Array, lender: Array, seen: float, instalment: float,
    amount: float, months: float, income: float, apr: float,
) -> None:  # fmt: skip
    """What `at_terms` gives for one row of terms."""
    (at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7]) = at_terms(
        seen, instalment, amount, months, income, apr,
        terms[0], terms[1], terms[2], terms[3], terms[4], lender[0], lender[1], lender[2],
    )  # fmt: skip


@compilable
def charged(request: Array, weights: Array) -> float:
    """What asking one applicant for a check takes, at the strategy's prices; as a gain."""
    return float(
        weights[MINUTES] * request[TAKES_MINUTES]
        + weights[QUESTIONS] * request[TAKES_QUESTIONS]
        + weights[HOURS] * request[TAKES_HOURS]
        - weights[PROFIT] * request[COST]
    )


@compilable
def going_on(request: Array, odds: float) -> float:
    """Share of those asked for a check who stay and pass it, at these odds of default."""
    return float(request[STAYS] * (request[GOOD] + request[BAD] * odds) / (1.0 + odds))


@compilable
def to_person(
    start: int, needs: int, odds: float, requests: Array, sets: Array, offers: Array, weights: Array
) -> float:
    """Value of a person's journey: its checks that are left, in order, then the offer."""
    value, reach, here = 0.0, 1.0, start
    for c in range(requests.shape[0]):
        if needs >> c & 1 and not here >> c & 1:
            value += reach * charged(requests[c], weights)
            reach *= going_on(requests[c], odds * sets[here, 0])
            here |= 1 << c
    return float(value + reach * offers[here])


@compilable
def without_asking(
    h: int, here: int, best: float, odds: float,
    requests: Array, sets: Array, terms_of: Array, needs: Array, person: Array,
    weights: Array, allowed: Array, offers: Array,
) -> tuple[float, int]:  # fmt: skip
    """The best of offering these terms now and of a person's journey; `best` is to be beaten."""
    what = NOTHING
    for k in range(terms_of.size):
        if not allowed[k] or terms_of[k] != h:
            continue
        if person[k]:
            worth_of_person = to_person(here, needs[k], odds, requests, sets, offers, weights)
            if worth_of_person > best:
                best, what = worth_of_person, PERSON + k
        elif needs[k] & here == needs[k] and offers[here] > best:
            best, what = offers[here], OFFER
    return best, what


@compilable
def plan_terms(
    h: int, passed: int, pool: int, may_decline: bool, odds: float,
    requests: Array, sets: Array, terms_of: Array, needs: Array, person: Array,
    weights: Array, allowed: Array, offers: Array, value: Array, act: Array,
) -> None:  # fmt: skip
    """The best act and its value in every set of checks that can be reached under one terms row."""
    for here in range(pool, passed - 1, -1):
        if here & passed != passed or here & pool != here:
            continue
        none = 0.0 if may_decline and here != passed else -np.inf
        best, what = without_asking(
            h, here, none, odds,
            requests, sets, terms_of, needs, person, weights, allowed, offers,
        )  # fmt: skip
        for c in range(requests.shape[0]):
            if pool & ~here & 1 << c:
                worth_of_asking = charged(requests[c], weights)
                worth_of_asking += (
                    going_on(requests[c], odds * sets[here, 0]) * value[here | 1 << c]
                )
                if worth_of_asking > best:
                    best, what = worth_of_asking, c
        value[here], act[here] = best, what


@compilable
def within_reach(
    h: int, passed: int, terms_of: Array, needs: Array, person: Array, allowed: Array
) -> tuple[int, int]:
    """The checks of all journeys with these terms, and of those in which no person decides.

    The first is -1 where nobody may have the terms.
    """
    wanted, pool, may_have = passed, passed, False
    for k in range(terms_of.size):
        if allowed[k] and terms_of[k] == h:
            may_have = True
            wanted |= needs[k]
            pool |= 0 if person[k] else needs[k]
    return wanted if may_have else -1, pool


@compilable
def plan_one(
    terms: Array, requests: Array, sets: Array, terms_of: Array, needs: Array, person: Array,
    rest: Array, lender: Array, unit: Array,
    weights: Array, allowed: Array, passed: int, may_decline: bool, all_start: bool,
    pd: float, lgd: float, amount: float, months: float, income: float, apr: float,
    offers: Array, value: Array, act: Array, at: Array, measures: Array,
) -> tuple[int, int, float, int]:  # fmt: skip
    """The treatment planned for, the check to ask for first (-1: none), the value, the terms' row.

    The value, act and offer of every set under these terms are left in their arrays (2^n,), NaN
    where it cannot be reached; what `at_terms` gives in the last row of `at`, the expected
    measures in `measures`: per applicant who stands here, or with `all_start` as the menu counts.
    Treatment 0 declines. `allowed` (k,) leaves the decline out.
    """
    seen, instalment = standing(pd, amount, months, apr)
    best, chosen = -np.inf, -1
    size, scratch = sets.shape[0], np.empty(MEASURED)
    some_offers, some_value = np.empty(size), np.empty(size)
    some_act = np.empty(size, dtype=np.int64)
    for h in range(terms.shape[0]):
        wanted, pool = within_reach(h, passed, terms_of, needs, person, allowed)
        if wanted < 0:
            continue
        some_offers[:], some_value[:], some_act[:] = np.nan, np.nan, NOTHING
        fill_terms(at[0], terms[h], lender, seen, instalment, amount, months, income, apr)
        for here in range(passed, wanted + 1):
            if here & passed == passed and here & wanted == here:
                some_offers[here] = worth(
                    scratch, terms[h], at[0], rest, lender, unit, weights,
                    seen, lgd, sets[here, 0], sets[here, 1], sets[here, 2],
                )  # fmt: skip
        plan_terms(
            h, passed, pool, may_decline, at[0, 6],
            requests, sets, terms_of, needs, person, weights, allowed,
            some_offers, some_value, some_act,
        )  # fmt: skip
        if some_value[passed] > best:
            best, chosen = some_value[passed], h
            offers[:], value[:], act[:], at[1] = some_offers, some_value, some_act, at[0]
    measures[:] = 0.0
    if chosen < 0 or (may_decline and not best > 0.0):
        return 0, -1, 0.0, chosen
    end, asked, reach = follow(
        act, passed, at[1, 6], requests, sets, needs, measures, rest, all_start
    )  # fmt: skip
    index = ending(end, act[end], chosen, terms_of, needs, person, allowed)
    if index == 0:
        measures[:] = 0.0
        return 0, -1, 0.0, chosen
    last = end if act[end] == OFFER else end | needs[index - 1]
    worth(
        scratch, terms[chosen], at[1], rest, lender, unit, weights,
        seen, lgd, sets[last, 0], sets[last, 1], sets[last, 2],
    )  # fmt: skip
    for m in range(MEASURED):
        measures[m] += reach * scratch[m]
    if all_start:
        measures[APPROVALS] = 1.0
    return index, asked, best, chosen


@compilable
def follow(
    act: Array, passed: int, odds: float, requests: Array, sets: Array, needs: Array,
    measures: Array, rest: Array, all_start: bool,
) -> tuple[int, int, float]:  # fmt: skip
    """Where the plan ends, the check it asks for first, and the share who get there.

    What is asked on the way is added to `measures`: of those who reach it, or with `all_start`,
    as the menu counts whole journeys, everything of everybody who starts.
    """
    here, first, reach = passed, -1, 1.0
    if all_start:
        reach = rest[3]
        measures[MINUTES], measures[QUESTIONS], measures[PROFIT] = rest[4], rest[5], -rest[6]
    while act[here] < OFFER:
        c = act[here]
        first = c if first < 0 else first
        burden(c, 1.0 if all_start else reach, requests, measures)
        reach *= going_on(requests[c], odds * sets[here, 0])
        here |= 1 << c
    if act[here] >= PERSON:
        left = here
        for c in range(requests.shape[0]):
            if needs[act[here] - PERSON] >> c & 1 and not left >> c & 1:
                burden(c, 1.0 if all_start else reach, requests, measures)
                reach *= going_on(requests[c], odds * sets[left, 0])
                left |= 1 << c
    return here, first, reach


@compilable
def burden(c: int, reach: float, requests: Array, measures: Array) -> None:
    """Add what check `c` asks of a share of applicants."""
    measures[MINUTES] += reach * requests[c, TAKES_MINUTES]
    measures[QUESTIONS] += reach * requests[c, TAKES_QUESTIONS]
    measures[HOURS] += reach * requests[c, TAKES_HOURS]
    measures[PROFIT] -= reach * requests[c, COST]


@compilable
def ending(
    end: int, what: int, h: int, terms_of: Array, needs: Array, person: Array, allowed: Array
) -> int:
    """The place on the menu of what a plan ends with: of journeys passed, the one asking most."""
    if what >= PERSON:
        return what - PERSON + 1
    index, most = 0, -1
    if what == OFFER:
        for k in range(terms_of.size):
            if allowed[k] and terms_of[k] == h and not person[k] and needs[k] & end == needs[k]:
                count, left = 0, needs[k]
                while left:
                    count += left & 1
                    left >>= 1
                if count > most:
                    index, most = k + 1, count
    return index


@compilable
def plan_many(
    terms: Array, requests: Array, sets: Array, terms_of: Array, needs: Array, person: Array,
    rest: Array, lender: Array, unit: Array,
    base: Array, rows: Array, masks: Array, allowed: Array, passed: Array, may_decline: bool,
    pd: Array, lgd: Array, amount: Array, months: Array, income: Array, apr: Array,
    index: Array, asked: Array, net: Array, measures: Array, chosen: Array,
) -> None:  # fmt: skip
    """`plan_one` for each applicant, into the last five arrays; weights as in `best_many`.

    Measures are counted as the menu counts them, for strategies to be compared.
    """
    size, at, weights = sets.shape[0], np.empty((2, 8)), np.empty(MEASURED)
    offers, value = np.empty(size), np.empty(size)
    act = np.empty(size, dtype=np.int64)
    for i in range(pd.size):
        weights[:] = base
        for j in range(rows.shape[0]):
            if masks[i, j]:
                for m in range(MEASURED):
                    weights[m] += rows[j, m]
        index[i], asked[i], net[i], _ = plan_one(
            terms, requests, sets, terms_of, needs, person, rest, lender, unit,
            weights, allowed[i], passed[i], may_decline, True,
            pd[i], lgd[i], amount[i], months[i], income[i], apr[i],
            offers, value, act, at, measures[i],
        )  # fmt: skip
        for m in range(4):
            chosen[i, m] = at[1, m] if index[i] > 0 else 0.0
