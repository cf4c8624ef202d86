"""What a log comes to, reckoned by a job and kept: the picture, and whom it lost at which step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction

from equipoise.contract import day_of
from equipoise.errors import EquipoiseError
from equipoise.experience.document import CalendarSection, WaitingSection
from equipoise.experience.log import CANCELLED, CaseLog
from equipoise.experience.tables import plain
from equipoise.files import present
from equipoise.review.process.funnel import MOST_GROUPS
from equipoise.review.process.process_map import ProcessMap, map_log
from equipoise.review.process.versions import compare_versions
from equipoise.service.contexts.cases.reading import WorkKind, promised_hours
from equipoise.service.contexts.process.assembling import GROUPS, assembled, happened, ways
from equipoise.service.contexts.process.changed import changed_by_step
from equipoise.service.contexts.process.happening import CONSENTS, OFFER, PAGE, SENT, SIGN
from equipoise.service.contexts.process.models import Lost, Picture
from equipoise.service.contexts.process.promises import answered_in_time, kept_by_tier
from equipoise.service.contexts.process.told import written
from equipoise.service.contexts.registry.reading import Unusable, in_force, loaded
from equipoise.workspace.desks import read_desks
from equipoise.workspace.folder import CONTRACT, EXPERIENCE, Workspace
from equipoise.workspace.mapping import map_workspace

RECORD, LOG = "record", "log"
WITHIN = 7.0
"""Days after which a person counts in a comparison of versions: as long as silence lasts."""
MOST_PAIRS, MOST_LOST = 4, 100_000
_NEEDED = frozenset({CONSENTS, SENT, OFFER, SIGN})
_FEW = 10  # ways of a version that is compared
_AT_ONCE = 1000
_WAITING = WaitingSection(hazard_per_day="measured", phase="any")


def draw(now: datetime) -> int:
    """Draw the picture of the record's own events; how many ways are on it."""
    calendar = calendar_of_lender()
    cases, after = ways()
    if not cases.height:
        return 0
    log, steps = assembled(happened(after), cases, calendar, now)
    if not steps:
        return 0
    by = [name for name in GROUPS if 1 < cases[name].drop_nulls().n_unique() <= MOST_GROUPS]
    changed, columns = changed_by_step(log.events)
    drawing = map_log(
        log, _WAITING, cases.join(changed, on="case", how="left", maintain_order="left"),
        steps=steps, by=by,
        decides={step: name for step, name in columns.items() if step in steps},
    )  # fmt: skip
    document = _picture_of(drawing, log, steps, by, now)
    document["moves"] = [each for each in document["moves"] if _can_be_made(each)]
    document |= {
        "left_out": [name for name in GROUPS if cases[name].n_unique() > MOST_GROUPS],
        "comparisons": list(_comparisons(log, drawing, cases)),
        "labels": dict(_labels()),
        **_tiers(log, cases, now),
    }
    _keep(RECORD, now, document, _lost(drawing).join(
        cases.select("case", "known_as"), on="case", how="left"
    ).with_columns(case="known_as"))  # fmt: skip
    return cases.height


def _can_be_made(move: Mapping[str, Any]) -> bool:
    """Nobody can take an offer, an agreement or a consent away, and still lend."""
    return move["kind"] != "take_away" or move["step"] not in _NEEDED


def draw_log(now: datetime) -> int:
    """Draw the picture of the log that the workspace names, where it changed; how many ways are on
    it, 0 where there is none."""
    workspace = Workspace(settings.CONFIGURATION.workspace)
    there = Picture.objects.filter(pk=LOG).first()
    changed = _changed(workspace)
    if changed is None:
        Picture.objects.filter(pk=LOG).delete()
        return 0
    if there is not None and there.at > changed:
        return 0
    try:
        drawing = map_workspace(workspace)
        known = [name for name in drawing.stays.columns if name in {*GROUPS, "tier", "segment"}]
        by = [name for name in known if drawing.stays[name].n_unique() <= MOST_GROUPS]
        if by:
            drawing = map_workspace(workspace, by=by)
    except EquipoiseError as error:
        Picture.objects.update_or_create(
            pk=LOG, defaults={"at": now, "told": "", "fault": str(error)}
        )
        return 0
    order = drawing.stays["step"].unique(maintain_order=True).to_list()
    until = drawing.stays["finish"].max()
    document = _picture_of(drawing, None, order, by, until if isinstance(until, datetime) else now)
    _keep(LOG, now, document | {"named": True, "left_out": [], "comparisons": [], "labels": {}},
          _lost(drawing))  # fmt: skip
    return int(drawing.counts["cases"])


def _changed(workspace: Workspace) -> datetime | None:
    """When the log that is named, or what is said of it, was written last; None without one."""
    path = workspace.folder / EXPERIENCE
    if not path.is_file():
        return None
    try:
        section = workspace.experience().value.log
    except EquipoiseError:
        return datetime.max.replace(tzinfo=UTC)  # what is wrong with it is told below
    if section is None:
        return None
    files = (path, workspace.folder / section.path)
    last = max((status.st_mtime for _, status in present(files)), default=0.0)
    return datetime.fromtimestamp(last, UTC)


def calendar_of_lender() -> CalendarSection:
    """When the lender is open: as experience.yaml says, else weekdays in the zone of the strategy
    that answers where none is named."""
    folder = settings.CONFIGURATION.workspace
    if (folder / EXPERIENCE).is_file():
        try:
            section = Workspace(folder).experience().value.log
        except EquipoiseError:  # `equipoise check` says what is wrong with it
            section = None
        if section is not None:
            return section.calendar
    for digest in in_force().values():
        try:
            return CalendarSection(time_zone=loaded(digest).content.contract.time_zone)
        except Unusable:
            continue
    return CalendarSection()


def _picture_of(
    drawing: ProcessMap, log: CaseLog | None, order: Sequence[str], by: Sequence[str], now: datetime
) -> dict[str, Any]:
    whole = drawing.as_dict()
    kept = {name: whole[name] for name in ("steps", "moves", "edges", "notes", "hazard_per_day")}
    return {
        **kept,
        "ways": drawing.counts["cases"],
        "events": drawing.counts["events"] if log is None else log.events.height,
        "until": day_of(now, drawing.time_zone).isoformat(),
        "zone": drawing.time_zone,
        "order": list(order),
        "by": list(by),
    }


def _comparisons(
    log: CaseLog, drawing: ProcessMap, cases: pl.DataFrame
) -> Iterator[Mapping[str, Any]]:
    """Each version beside the one before it, the newest first."""
    known = (
        cases.filter(pl.col("version").is_not_null())
        .with_columns(number=pl.col("version").str.extract(r"(\d+)$").cast(pl.Int64))
        .group_by("product", "version", "number")
        .len()
        .filter(pl.col("len") >= _FEW)
        .sort("product", "number")
    )
    pairs = [
        (one, other)
        for (_,), part in known.group_by(["product"], maintain_order=True)
        for one, other in pairwise(part["version"].to_list())
    ]
    for before, after in pairs[::-1][:MOST_PAIRS]:
        rows = compare_versions(
            log, drawing.stays, "version", before, after, within_days=WITHIN, cases=cases
        )
        yield plain(
            {
                "before": before,
                "after": after,
                "within_days": WITHIN,
                "rows": [_dated(asdict(row)) for row in rows],
            }
        )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    days = {name: row[name] and row[name].isoformat() for name in ("since", "first_look")}
    return row | days


def _tiers(log: CaseLog, cases: pl.DataFrame, now: datetime) -> dict[str, Any]:
    """To how many an answer came in the time that everybody is promised, and whether each tier has
    what it is promised; or what is wrong with how they are declared."""
    folder = settings.CONFIGURATION.workspace
    section: dict[str, Any]
    try:
        contract = Workspace(folder).contract().value if (folder / CONTRACT).is_file() else None
        tiers = read_desks(folder, contract).tiers
    except EquipoiseError as error:
        section = {"tiers": [], "tiers_fault": str(error)}
        tiers = None
    else:
        section = {"tiers": [] if tiers is None else list(kept_by_tier(tiers, log, cases, now))}
    hours = promised_hours(WorkKind.REFERRED)
    answers = list(answered_in_time(tiers, log, cases, hours, now))
    return {**section, "answer_hours": hours, "answers": answers}


def _labels() -> Iterator[tuple[str, Mapping[str, str]]]:
    """What the pages of the strategies in force ask, by their activities."""
    for digest in reversed(in_force().values()):
        try:
            fields = loaded(digest).content.contract.fields
        except Unusable:
            continue
        yield from ((f"{PAGE}{each.name}", each.label) for each in fields if each.label)


def _lost(drawing: ProcessMap) -> pl.DataFrame:
    """Who left at each step: case, step, left_at, turn, by_clock, channel; the latest first."""
    channel = "channel" if "channel" in drawing.stays.columns else None
    return (
        drawing.stays.filter((pl.col("fate") == CANCELLED) & (pl.col("outcome") == CANCELLED))
        .sort("finish", descending=True)
        .select(
            "case", "step", "turn", "by_clock",
            left_at=pl.col("finish"),
            channel=pl.col(channel).cast(pl.String) if channel else pl.lit(""),
        )
    )  # fmt: skip


def _keep(source: str, now: datetime, document: Mapping[str, Any], lost: pl.DataFrame) -> None:
    Picture.objects.update_or_create(
        pk=source, defaults={"at": now, "told": written(document), "fault": ""}
    )
    rows = lost.drop_nulls("case").unique(["case", "step"], keep="first", maintain_order=True)
    wanted = {
        (row["case"], row["step"]): Lost(
            source=source, case=row["case"][:80], step=row["step"][:100], left_at=row["left_at"],
            turn=row["turn"] or "", by_clock=row["by_clock"], channel=row["channel"] or "",
        )
        for row in rows.head(MOST_LOST).to_dicts()
    }  # fmt: skip
    there = Lost.objects.filter(source=source).values_list("id", "case", "step", "left_at")
    stays, goes = set(), list[int]()
    for number, case, step, left_at in there.iterator(_AT_ONCE):
        row = wanted.get((case, step))
        if row is not None and row.left_at == left_at:
            stays.add((case, step))
        else:
            goes.append(number)
    new = [row for key, row in wanted.items() if key not in stays]
    for piece in _pieces(goes):
        Lost.objects.filter(pk__in=piece).delete()
    for made in _pieces(new):
        with transaction.atomic():
            Lost.objects.bulk_create(made)


def _pieces(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
