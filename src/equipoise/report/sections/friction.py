"""Section 5: what each check buys and what it costs, on lines that add up to the net."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Readings, Section, Table, Text
from equipoise.report.charts.balance import friction_chart
from equipoise.report.story import Record, Story, complete, records
from equipoise.texts.numbers import count, fixed, plain, real, rounded, span
from equipoise.texts.saying import first_up, joined, marked, say

TITLE = marked("The friction of checks: what each buys and costs")
# The net's lines, in the order of the table; what is lost and spent counts against it.
_GAINS, _LOSSES = ("bad_avoided_money", "bad_left_money"), ("good_lost_money", "cost")
_FINE = 100.0  # below this, amounts are shown to the hundredth


def friction(story: Story) -> Section:
    rows = complete(
        records(story.balance, "friction"), "bad_avoided_money", "good_lost_money", "net"
    )
    if not rows:
        why = say("no journey has a check, or the balance holds no friction table")
        return Section("friction", say(TITLE), say("Friction"), absent=why)
    rows = as_shown(rows)
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


def as_shown(rows: list[Record]) -> list[Record]:
    """The rows with money as the page rounds it, and a net that is the sum of its lines.

    Where a result does not say what bad payers who leave save, that is what the net lacks.
    """
    sizes = [abs(float(real(row.get(key)) or 0.0)) for row in rows for key in (*_GAINS, *_LOSSES)]
    places = 2 if max(sizes, default=0.0) < _FINE else 0
    shown = []
    for row in sorted(rows, key=lambda row: -float(row["net"])):
        money = {key: rounded(row.get(key), places) for key in (*_GAINS, *_LOSSES)}
        rest = sum(money[key] for key in _LOSSES) - money["bad_avoided_money"]
        if real(row.get("bad_left_money")) is None:
            money["bad_left_money"] = rounded(row["net"] + rest, places)
        net = round(money["bad_left_money"] - rest, places)
        ends = {
            key: None if real(row.get(key)) is None else rounded(row[key], places)
            for key in ("net_low", "net_high")
        }
        name = str(row.get("check", "")).replace("_", " ")
        shown.append({**row, **money, **ends, "net": net, "places": places, "check": name})
    return shown


def _figure(story: Story, rows: list[Record]) -> Figure:
    spoken = joined(
        (say("{check} net {net}", check=row["check"], net=story.money(row["net"])) for row in rows),
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


def _verdict(story: Story, row: Record) -> str:
    low, high, net = row["net_low"], row["net_high"], row["net"]
    who = say(
        "{check}: net {net}",
        check=first_up(row["check"]),
        net=story.money(net),
    )
    own = net - row["bad_left_money"]
    if net >= 0 > own:
        return say(
            "{who}, but only because bad payers leave; without them it costs {own} "
            "more than it saves. That is no reason for a check.",
            who=who,
            own=story.money(-own),
        )
    if low is not None and high is not None and low < 0 < high:
        return say(
            "{who}; within its range it may earn or lose. Measure it before deciding.", who=who
        )
    if net < 0:
        return say("{who}; it costs more than it saves.", who=who)
    return say(
        "{who}; it earns its place: {own} without those who leave.", who=who, own=story.money(own)
    )


def _table(story: Story, rows: list[Record]) -> Table:
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
            row["check"],
            count(row.get("bad_avoided")),
            _money(row, "bad_avoided_money"),
            count(row.get("bad_left")),
            _money(row, "bad_left_money"),
            count(row.get("good_lost")),
            _money(row, "good_lost_money"),
            _money(row, "cost"),
            _money(row, "net"),
            _ends(row),
            count(row.get("minutes")),
        ]
        for row in rows
    ]
    columns = (Column(say("Check")), *(Column(label, numeric=True) for label in labels))
    return Table("friction-table", say("Friction"), columns, cells)


def _money(row: Record, key: str) -> str:
    value = real(row.get(key))
    return plain(None) if value is None else fixed(value, row["places"])


def _ends(row: Record) -> str:
    if row["net_low"] is None or row["net_high"] is None:
        return plain(None)
    return span(_money(row, "net_low"), _money(row, "net_high"))
