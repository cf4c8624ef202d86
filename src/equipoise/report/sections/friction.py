"""Section 5: what each check buys and what it costs, on lines that add up to the net."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.balance.result_document import CheckFriction
from equipoise.report.blocks import Block, Column, Figure, Key, Readings, Section, Table, Text
from equipoise.report.charts.balance import ShownFriction, friction_chart
from equipoise.report.story import Story
from equipoise.texts.numbers import count, fixed, rounded, span
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("The friction of checks: what each buys and costs")
_FINE = 100.0  # below this, amounts are shown to the hundredth


def friction(story: Story) -> Section:
    if not story.balance.friction:
        why = say("no journey has a check, or the balance holds no friction table")
        return Section("friction", say(TITLE), say("Friction"), absent=why)
    rows = as_shown(story.balance.friction)
    blocks: list[Block] = [
        Text(
            say(
                "Every check stops some bad loans and loses some good customers, who are "
                "stopped in error or give up. Bad payers give up too, and their losses are "
                "then avoided: that is in the net, on a line of its own, since driving "
                "people away is not what a check is for. Net = saved by the check + saved "
                "by bad payers leaving − lost with good customers − cost."
            )
        ),
        _figure(story, rows),
        Readings([_verdict(story, row) for row in rows]),
        _table(story, rows),
    ]
    return Section("friction", say(TITLE), say("Friction"), blocks)


def as_shown(rows: Sequence[CheckFriction]) -> list[ShownFriction]:
    """The rows with money as the page rounds it, and a net that is the sum of its lines."""
    sizes = [
        abs(money)
        for row in rows
        for money in (row.bad_avoided_money, row.bad_left_money, row.good_lost_money, row.cost)
    ]
    places = 2 if max(sizes, default=0.0) < _FINE else 0
    return [_as_shown(row, places) for row in sorted(rows, key=lambda row: -row.net)]


def _as_shown(row: CheckFriction, places: int) -> ShownFriction:
    stopped, left = rounded(row.bad_avoided_money, places), rounded(row.bad_left_money, places)
    lost, cost = rounded(row.good_lost_money, places), rounded(row.cost, places)
    return ShownFriction(
        check=row.check.replace("_", " "),
        bad_avoided=row.bad_avoided,
        bad_avoided_money=stopped,
        bad_left=row.bad_left,
        bad_left_money=left,
        good_lost=row.good_lost,
        good_lost_money=lost,
        cost=cost,
        net=round(left - (lost + cost - stopped), places),
        net_low=rounded(row.net_low, places),
        net_high=rounded(row.net_high, places),
        minutes=row.minutes,
        places=places,
    )


def _figure(story: Story, rows: list[ShownFriction]) -> Figure:
    spoken = joined(
        (say("{check} net {net}", check=row.check, net=story.money(row.net)) for row in rows),
        "; ",
    )
    return Figure(
        "friction-chart",
        friction_chart(story, rows),
        say(
            "Per check, money saved on bad loans and lost with good customers: {spoken}.",
            spoken=spoken,
        ),
        say("Money saved and money lost, per check"),
        legend=(
            Key("teal", say("bad loans stopped by the check")),
            Key("muted", say("bad payers who leave")),
            Key("rust", say("good customers lost, and cost")),
            Key("ink", say("net, with its low and high"), "diamond"),
        ),
    )


def _verdict(story: Story, row: ShownFriction) -> str:
    net = row.net
    who = say(
        "{check}: net {net}",
        check=first_up(row.check),
        net=story.money(net),
    )
    own = net - row.bad_left_money
    if net >= 0 > own:
        return say(
            "{who}, but only because bad payers leave; without them it costs {own} "
            "more than it saves. That is no reason for a check.",
            who=who,
            own=story.money(-own),
        )
    if row.net_low < 0 < row.net_high:
        return say(
            "{who}; within its range it may earn or lose. Measure it before deciding.", who=who
        )
    if net < 0:
        return say("{who}; it costs more than it saves.", who=who)
    return say(
        "{who}; it earns its place: {own} without those who leave.", who=who, own=story.money(own)
    )


def _table(story: Story, rows: list[ShownFriction]) -> Table:
    labels = (
        say("Bad loans stopped"),
        story.head(say("Saved by stopping")),
        say("Bad payers who leave"),
        story.head(say("Saved by their leaving")),
        say("Good customers lost"),
        story.head(say("Lost with them")),
        story.head(say("Cost")),
        story.head(say("Net")),
        story.head(say("Range of the net")),
        say("Minutes in all"),
    )
    cells = [
        [
            row.check,
            count(row.bad_avoided),
            fixed(row.bad_avoided_money, row.places),
            count(row.bad_left),
            fixed(row.bad_left_money, row.places),
            count(row.good_lost),
            fixed(row.good_lost_money, row.places),
            fixed(row.cost, row.places),
            fixed(row.net, row.places),
            span(fixed(row.net_low, row.places), fixed(row.net_high, row.places)),
            count(row.minutes),
        ]
        for row in rows
    ]
    columns = (Column(say("Check")), *(Column(label, numeric=True) for label in labels))
    return Table("friction-table", say("Friction"), columns, cells)
