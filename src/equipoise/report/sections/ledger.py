"""Section 5: what each check buys and what it costs."""

from __future__ import annotations

from equipoise.report.blocks import Block, Column, Figure, Key, Readings, Section, Table, Text
from equipoise.report.charts.balance import friction_ledger
from equipoise.report.numbers import count, money, plain, real
from equipoise.report.story import Record, Story, complete, records

TITLE = "The friction ledger: what each check buys and costs"


def ledger(story: Story) -> Section:
    rows = complete(
        records(story.balance, "friction_ledger"), "bad_avoided_money", "good_lost_money", "net"
    )
    if not rows:
        why = "no journey has a check, or the balance holds no friction ledger"
        return Section("ledger", TITLE, "Friction ledger", absent=why)
    rows = [
        {
            **row,
            "check": str(row.get("check", "")),
            "net_low": real(row.get("net_low")),
            "net_high": real(row.get("net_high")),
        }
        for row in sorted(rows, key=lambda row: -float(row["net"]))
    ]
    blocks: list[Block] = [
        Text(
            "Every check stops some bad loans and loses some good customers, who are stopped in "
            "error or give up. Both sides are in money; the difference, less the cost of the "
            "check, is its net."
        ),
        _figure(story, rows),
    ]
    if verdicts := [_verdict(story, row) for row in rows]:
        blocks.append(Readings(verdicts))
    blocks.append(_table(story, rows))
    return Section("ledger", TITLE, "Friction ledger", blocks)


def _figure(story: Story, rows: list[Record]) -> Figure:
    spoken = "; ".join(f"{row['check']} net {story.money(row['net'])}" for row in rows)
    return Figure(
        "ledger-chart",
        friction_ledger(story, rows),
        f"Per check, money saved on bad loans and lost with good customers: {spoken}.",
        "Money saved and money lost, per check",
        legend=(
            Key("teal", "bad loans avoided"),
            Key("rust", "good customers lost"),
            Key("ink", "net, with its low and high", "diamond"),
        ),
    )


def _verdict(story: Story, row: Record) -> str:
    low, high = row["net_low"], row["net_high"]
    who = f"{row['check'][:1].upper()}{row['check'][1:]}: net {story.money(row['net'])}"
    if low is not None and high is not None and low < 0 < high:
        return f"{who}; within its range it may earn or lose. Measure it before deciding."
    if row["net"] < 0:
        return f"{who}; it costs more than it saves."
    return f"{who}; it earns its place."


def _table(story: Story, rows: list[Record]) -> Table:
    unit = f", {story.currency}" if story.currency else ""
    labels = (
        "Bad loans avoided",
        f"worth{unit}",
        "Good customers lost",
        f"worth{unit}",
        f"Cost{unit}",
        f"Net{unit}",
        f"Net low{unit}",
        f"Net high{unit}",
        "Minutes",
    )
    cells = [
        [
            row["check"],
            count(row.get("bad_avoided")),
            money(row["bad_avoided_money"], ""),
            count(row.get("good_lost")),
            money(row["good_lost_money"], ""),
            *(money(row.get(key), "") for key in ("cost", "net", "net_low", "net_high")),
            plain(row.get("minutes")),
        ]
        for row in rows
    ]
    columns = (Column("Check"), *(Column(label, numeric=True) for label in labels))
    return Table("ledger-table", "Friction ledger", columns, cells)
