"""The queue itself: cases, pools of people, and time that passes only in working hours.

Each case waits in one pool until as many different people as it needs have signed, one after the
other; after each signature it joins the end of the queue again. First come, first served, unless
`Turns` say what each case is worth. All instants are seconds since 1970; work is in seconds of a
person of usual speed who does nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from equipoise.numeric.arrays import Array
from equipoise.numeric.compiled import summing_kernel

NONE = -1


class Pools(NamedTuple):
    """People by pool and when they work, as flat arrays.

    Pool p has the people `person_first[p]:person_first[p + 1]`, gives the share `rate[p]` of its
    open time to cases, and is open in `span_first[p]:span_first[p + 1]` of `opens`, `closes` and
    `before`, each span beginning `into` open seconds after its day did, of the `whole` that the day
    has. Person s is away in `away_first[s]:away_first[s + 1]` of `away_start`, `away_end`; their
    work takes `slow[s]` times the usual in the morning, and `tires[s]` times that more at the end
    of the day.
    Move m sends the share `move_share[m]` of the cases that reach pool `move_from[m]` in its time
    to `move_to[m]`.
    """

    person_first: Array
    rate: Array
    span_first: Array
    opens: Array
    closes: Array
    before: Array
    into: Array
    whole: Array
    slow: Array
    tires: Array
    away_first: Array
    away_start: Array
    away_end: Array
    move_from: Array
    move_to: Array
    move_start: Array
    move_end: Array
    move_share: Array


class Cases(NamedTuple):
    """Cases in order of arrival; signatures `first[c]:first[c + 1]` of case c take `work` each."""

    arrival: Array
    pool: Array
    first: Array
    work: Array


class Turns(NamedTuple):
    """What a minute on each case is worth, where the first to come is not the first served.

    Case c is worth `base[c] + slope[c] * max(0, t - onset[c])` at t, in open seconds of the
    lender's clock (`opens`, `closes`, `before`). From `overdue[c]` on it goes before all that are
    not. Ties, and those overdue: who came first. With nothing in `base`: first come, first served.
    """

    base: Array
    slope: Array
    onset: Array
    overdue: Array
    opens: Array
    closes: Array
    before: Array


IN_TURN = Turns(*(np.empty(0) for _ in Turns._fields))


class Visits(NamedTuple):
    """What happened to each signature: pool, person, when it was ready, begun and done.

    `day` is the share of the working day that was over when it was begun.
    """

    first: Array
    pool: Array
    person: Array
    ready: Array
    start: Array
    end: Array
    day: Array


class _State(NamedTuple):
    """Who is at what: `busy` until when with `case_of`; each pool's queue as a linked list.

    A pool is `mixed` once a case joined it again, so that its list is not in order of arrival.
    """

    busy: Array
    case_of: Array
    head: Array
    tail: Array
    mixed: Array
    follows: Array
    done: Array
    pool: Array
    owed: Array


def run_queue(cases: Cases, pools: Pools, turns: Turns = IN_TURN) -> Visits | None:
    """Let the cases through; None where the pools' spans end before the work does.

    A case must not need more people than its pool has.
    """
    total, people = int(cases.first[-1]), int(pools.person_first[-1])
    size, count = cases.arrival.size, pools.rate.size
    person = np.full(total, NONE, np.int64)
    visits = Visits(
        cases.first, np.empty(0, np.int64), person, np.empty(total), np.empty(total),
        np.empty(total), np.empty(total),
    )  # fmt: skip
    state = _State(
        busy=np.full(people, np.inf),
        case_of=np.full(people, NONE, np.int64),
        head=np.full(count, NONE, np.int64),
        tail=np.full(count, NONE, np.int64),
        mixed=np.zeros(count, np.bool_),
        follows=np.full(size, NONE, np.int64),
        done=np.zeros(size, np.int64),
        pool=np.empty(size, np.int64),
        owed=np.zeros(pools.move_share.size),
    )
    # by value, each opening chooses from what came since; in turn, it would change nothing
    wakes = np.concatenate([pools.away_end, pools.opens]) if turns.base.size else pools.away_end
    if not _run(cases, pools, visits, state, np.sort(wakes), turns):
        return None
    return visits._replace(pool=np.repeat(state.pool, np.diff(cases.first)))


@summing_kernel
def _run(  # noqa: PLR0917 - compiled functions take their arguments by position
    cases: Cases, pools: Pools, visits: Visits, state: _State, wakes: Array, turns: Turns
) -> bool:  # fmt: skip
    """Take events in order of time: a signature done, then an arrival, then a return to work."""
    came, woke = 0, 0
    while True:
        s = _next_done(state.busy)
        done = state.busy[s] if s >= 0 else np.inf
        arrives = cases.arrival[came] if came < cases.arrival.size else np.inf
        returns = wakes[woke] if woke < wakes.size else np.inf
        now = min(done, arrives, returns)
        if now == np.inf:
            return True
        if done == now:
            c = _release(s, state)
        elif arrives == now:
            c = came
            came += 1
            state.pool[c] = _route(c, now, cases, pools, state.owed)
        else:
            woke += 1
            for p in range(state.head.size):
                if not _serve(p, now, cases, pools, visits, state, turns):
                    return False
            continue
        if state.done[c] < cases.first[c + 1] - cases.first[c]:
            visits.ready[cases.first[c] + state.done[c]] = now
            _join(c, state)
        if not _serve(state.pool[c], now, cases, pools, visits, state, turns):
            return False


@summing_kernel
def _next_done(busy: Array) -> int:
    """The person who is done next; -1 where there is nobody at all."""
    s = -1
    for k in range(busy.size):
        if s < 0 or busy[k] < busy[s]:
            s = k
    return s


@summing_kernel
def _release(s: int, state: _State) -> int:
    """Free a person from a case, which is given back."""
    c = int(state.case_of[s])
    state.busy[s], state.case_of[s] = np.inf, NONE
    state.done[c] += 1
    return c


@summing_kernel
def _join(c: int, state: _State) -> None:
    """Put a case at the end of its pool's queue."""
    p = state.pool[c]
    if state.done[c]:
        state.mixed[p] = True
    if state.head[p] == NONE:
        state.head[p] = c
    else:
        state.follows[state.tail[p]] = c
    state.tail[p], state.follows[c] = c, NONE


@summing_kernel
def _route(c: int, now: float, cases: Cases, pools: Pools, owed: Array) -> int:
    """The pool a case goes to: every so many, in turn, to the delegate's."""
    pool = int(cases.pool[c])
    need = cases.first[c + 1] - cases.first[c]
    for m in range(owed.size):
        to = pools.move_to[m]
        enough = pools.person_first[to + 1] - pools.person_first[to] >= need
        in_time = pools.move_start[m] <= now < pools.move_end[m]
        if enough and in_time and pools.move_from[m] == pool:
            owed[m] += pools.move_share[m]
            if owed[m] >= 1 - 1e-9:
                owed[m] -= 1
                return int(to)
    return pool


@summing_kernel
def _serve(  # noqa: PLR0917 - compiled functions take their arguments by position
    p: int, now: float, cases: Cases, pools: Pools, visits: Visits, state: _State, turns: Turns
) -> bool:  # fmt: skip
    """Give waiting cases to free people who have not signed them; False past the last span."""
    if state.head[p] == NONE:
        return True
    low, high = pools.span_first[p], pools.span_first[p + 1]
    at = np.searchsorted(pools.closes[low:high], now, side="right") + low
    if at >= high:
        return False
    begin = max(now, pools.opens[at])
    clock = 0.0
    if turns.base.size:
        if begin > now:
            return True  # chosen at the opening, from all that will have come by then
        clock = _elapsed(now, turns)
    begun = pools.before[at] + begin - pools.opens[at]
    day = (pools.into[at] + begin - pools.opens[at]) / pools.whole[at]
    for s in range(pools.person_first[p], pools.person_first[p + 1]):
        if state.head[p] == NONE:
            break
        if state.case_of[s] != NONE or _away(s, begin, pools):
            continue
        c = _take(p, s, clock, cases.first, visits.person, state, turns)
        if c == NONE:
            continue
        v = cases.first[c] + state.done[c]
        slowness = pools.slow[s] * (1.0 + pools.tires[s] * day)
        end = _finish(p, begun + cases.work[v] * slowness / pools.rate[p], pools)
        if end == np.inf:
            return False
        visits.person[v], visits.start[v], visits.end[v], visits.day[v] = s, begin, end, day
        state.busy[s], state.case_of[s] = end, c
    return True


@summing_kernel
def _away(s: int, now: float, pools: Pools) -> bool:
    for k in range(pools.away_first[s], pools.away_first[s + 1]):
        if pools.away_start[k] <= now < pools.away_end[k]:
            return True
    return False


@summing_kernel
def _take(  # noqa: PLR0917 - compiled functions take their arguments by position
    p: int, s: int, clock: float, first: Array, person: Array, state: _State, turns: Turns
) -> int:  # fmt: skip
    """Take the pool's next case that person s has not signed from its queue; -1 for none."""
    if turns.base.size:
        last, c = _most_valued(p, s, clock, first, person, state, turns)
    else:
        last, c = NONE, int(state.head[p])
        while c != NONE and _has_signed(s, first[c], first[c] + state.done[c], person):
            last, c = c, int(state.follows[c])
    if c == NONE:
        return c
    if last == NONE:
        state.head[p] = state.follows[c]
    else:
        state.follows[last] = state.follows[c]
    if state.tail[p] == c:
        state.tail[p] = last
    return c


@summing_kernel
def _most_valued(  # noqa: PLR0917 - compiled functions take their arguments by position
    p: int, s: int, clock: float, first: Array, person: Array, state: _State, turns: Turns
) -> tuple[int, int]:  # fmt: skip
    """Who stands before the case worth most that person s has not signed, and that case."""
    before, best, worth = NONE, NONE, -np.inf
    last, c = NONE, int(state.head[p])
    if c != NONE and not state.mixed[p] and clock >= turns.overdue[c]:
        return NONE, c  # nobody joined again, so the oldest stands in front
    while c != NONE:
        if not _has_signed(s, first[c], first[c] + state.done[c], person):
            value = np.inf
            if clock < turns.overdue[c]:
                value = turns.base[c] + turns.slope[c] * max(0.0, clock - turns.onset[c])
            if best == NONE or value > worth or (value == worth and c < best):
                before, best, worth = last, c, value
        last, c = c, int(state.follows[c])
    return before, best


@summing_kernel
def _elapsed(now: float, turns: Turns) -> float:
    """Open seconds of the lender's clock until now."""
    at = np.searchsorted(turns.opens, now, side="right") - 1
    if at < 0:
        return 0.0
    return float(turns.before[at] + min(now, turns.closes[at]) - turns.opens[at])


@summing_kernel
def _has_signed(s: int, begin: int, end: int, person: Array) -> bool:
    for v in range(begin, end):  # noqa: SIM110 - numba compiles no generator here
        if person[v] == s:
            return True
    return False


@summing_kernel
def _finish(p: int, elapsed: float, pools: Pools) -> float:
    """The instant at which a pool has been open that long; infinite past its last span."""
    low, high = pools.span_first[p], pools.span_first[p + 1]
    at = max(np.searchsorted(pools.before[low:high], elapsed, side="left") - 1, 0) + low
    end = float(pools.opens[at] + elapsed - pools.before[at])
    return end if end <= pools.closes[at] + 1e-6 else np.inf
