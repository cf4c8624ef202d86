"""Section 5: what each check buys and what it costs, on lines that add up to the net."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Readings, Section, Table, Text
from equipoise.report.charts.balance import friction_chart
from equipoise.report.story import Record, Story, complete, records
from equipoise.texts.numbers import count, fixed, plain, real, rounded

TITLE = "The friction of checks: what each buys and costs"
# The net's lines, in the order of the table; what is lost and spent counts against it.
_GAINS, _LOSSES = ("bad_avoided_money", "bad_left_money"), ("good_lost_money", "cost")
_FINE = 100.0  # below this, amounts are shown to the hundredth


def friction(story: Story) -> Section:
    rows = complete(
        records(story.balance, "friction"), "bad_avoided_money", "good_lost_money", "net"
    )
    if not rows:
        why = "no journey has a check, or the balance holds no friction table"
        return Section("friction", TITLE, "Friction", absent=why)
    rows = as_shown(rows)
    blocks: list[Block] = [
        Text(
            "Every check stops some bad loans and loses some good customers, who are stopped in "
            "error or give up. Bad payers give up too, and their losses are then avoided: that "
            "is in the net, on a line of its own, since driving people away is not what a check "
            "is for. Net = saved by the check + saved by bad payers leaving - lost with good "
            "customers - cost.".replace(" - ", " − ")
        ),
        _figure(story, rows),
        Readings([_verdict(story, row) for row in rows]),
        _table(story, rows),
    ]
    return Section("friction", TITLE, "Friction", blocks)


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
    spoken = "; ".join(f"{row['check']} net {story.money(row['net'])}" for row in rows)
    return Figure(
        "friction-chart",
        friction_chart(story, rows),
        f"Per check, money saved on bad loans and lost with good customers: {spoken}.",
        "Money saved and money lost, per check",
        legend=(
            Key("teal", "bad loans stopped by the check"),
            Key("muted", "bad payers who leave"),
            Key("rust", "good customers lost, and cost"),
            Key("ink", "net, with its low and high", "diamond"),
        ),
    )


def _verdict(story: Story, row: Record) -> str:
    low, high, net = row["net_low"], row["net_high"], row["net"]
    who = f"{row['check'][:1].upper()}{row['check'][1:]}: net {story.money(net)}"
    own = net - row["bad_left_money"]
    if net >= 0 > own:
        return (
            f"{who}, but only because bad payers leave; without them it costs "
            f"{story.money(-own)} more than it saves. That is no reason for a check."
        )
    if low is not None and high is not None and low < 0 < high:
        return f"{who}; within its range it may earn or lose. Measure it before deciding."
    if net < 0:
        return f"{who}; it costs more than it saves."
    return f"{who}; it earns its place: {story.money(own)} without those who leave."


def _table(story: Story, rows: list[Record]) -> Table:
    labels = (
        "Bad loans stopped",
        story.head("Saved by stopping"),
        "Bad payers who leave",
        story.head("Saved by their leaving"),
        "Good customers lost",
        story.head("Lost with them"),
        story.head("Cost"),
        story.head("Net"),
        story.head("Range of the net"),
        "Minutes in all",
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
    columns = (Column("Check"), *(Column(label, numeric=True) for label in labels))
    return Table("friction-table", "Friction", columns, cells)


def _money(row: Record, key: str) -> str:
    value = real(row.get(key))
    return plain(None) if value is None else fixed(value, row["places"])


def _ends(row: Record) -> str:
    if row["net_low"] is None or row["net_high"] is None:
        return plain(None)
    return f"{_money(row, 'net_low')} to {_money(row, 'net_high')}"
