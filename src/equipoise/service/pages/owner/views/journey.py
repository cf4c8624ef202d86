"""The journey: who came to each step, who left, how long it took, and what a change would gain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from equipoise.service.contexts.process import reading, services
from equipoise.service.contexts.process.reading import Change, Kept, Move, Picture, Step
from equipoise.service.pages.charts import Axis, Bar, Bars, Cell
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.owner import words
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import ABSENT, count, fixed, percent, points, points_span, span
from equipoise.texts.saying import retold, say

_MOST_MOVES = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A step, or a group at it, as a table writes it; `back` counts who could be won back."""

    step: str
    name: str
    group: str
    came: str
    went_on: str
    left: str
    interval: str
    declined: str
    open: str
    again: str
    turn: str
    days: tuple[str, str]
    hours: tuple[str, str]
    back: int


@require_safe
@may(Action.READ_PROCESS)
def index(request: HttpRequest) -> HttpResponse:
    """The funnel of everybody or by a group, what is worth changing, versions."""
    source, kept = chosen_picture(request)
    picture = kept.picture if kept else None
    shown: dict[str, Any] = {**about(source, kept), "sources": reading.sources()}
    if picture is not None:
        by = request.GET.get("by", "")
        by = by if by in picture.by else ""
        steps = [row for row in picture.steps if (row.by or "") == by]
        shown |= {
            "by": by,
            "groups": [(name, words.GROUPS.get(name, name)) for name in picture.by],
            "rows": list(_rows(picture, steps, reading.lost_counts(source))),
            "figure": None if by else _figure(picture, steps),
            "moves": list(_moves(picture, by)),
            "comparisons": [
                (pair, [_change(picture, row) for row in pair.rows]) for pair in picture.comparisons
            ],
            "notes": [retold(note) for note in picture.notes],
            "left_out": [words.GROUPS.get(name, name) for name in picture.left_out],
            "hazard": _hazard(picture),
        }
    return render(request, "owner/journey.html", shown)


@require_POST
@may(Action.READ_PROCESS)
def draw(request: HttpRequest) -> HttpResponse:
    """Have the picture drawn anew."""
    services.ask_drawing()
    messages.success(request, say("It is being drawn anew. This takes a minute or two."))
    return redirect("journey")


def chosen_picture(request: HttpRequest) -> tuple[str, Kept | None]:
    """The source that the address names, and its picture. Raises Http404 for another."""
    source = request.GET.get("source", reading.RECORD)
    if source not in {reading.RECORD, reading.LOG}:
        raise Http404
    return source, reading.kept(source)


def about(source: str, kept: Kept | None) -> dict[str, Any]:
    """What every page says of the picture that it shows."""
    picture = kept.picture if kept else None
    sizes = (picture.ways, picture.events) if picture else (0, 0)
    ways, events = map(count, sizes)
    return {"source": source, "kept": kept, "picture": picture, "ways": ways, "events": events}


def _rows(picture: Picture, steps: Sequence[Step], back: dict[str, int]) -> Iterator[Row]:
    for row in steps:
        yield Row(
            step=row.step,
            name=words.step_name(row.step, picture),
            group=words.group_name(row.group),
            came=count(row.came),
            went_on=words.said(row.going_on),
            left=words.said(row.dropping_off),
            interval=words.interval(row.dropping_off),
            declined=count(row.declined),
            open=count(row.open),
            again=words.said(row.rework),
            turn=words.PARTIES.get(row.turn or "", ""),
            days=words.both(row.calendar),
            hours=words.both(row.business, hours=True),
            back=back.get(row.step, 0),
        )


def _figure(picture: Picture, steps: Sequence[Step]) -> Bars:
    """Who left at each step, of those who came to it."""
    return Bars(
        title=say("Who left at each step"),
        described=say("Of those who came to each step, the share who left, with its interval."),
        axis=Axis(say("Left, of those who came"), "share"),
        names=("",),
        rows=tuple(
            Bar(
                words.step_name(row.step, picture),
                (
                    Cell(
                        row.dropping_off.value,
                        row.dropping_off.low,
                        row.dropping_off.high,
                        words.said(row.dropping_off),
                    ),
                ),
            )
            for row in steps
        ),
    )


def _moves(picture: Picture, by: str) -> Iterator[tuple[str, ...]]:
    """Step, group, change, whether it changes decisions and of how many, gain, interval, of a
    thousand."""
    moves = [each for each in picture.moves if (each.by or "") == by and each.gain is not None]
    for each in moves[:_MOST_MOVES]:
        yield (
            words.step_name(each.step, picture),
            words.group_name(each.group),
            words.KINDS[each.kind],
            words.VERDICTS[each.verdict],
            words.said(each.decides) if each.decides and each.kind == "take_away" else "",
            fixed(each.gain or 0.0, 1),
            _between(each),
            fixed(each.per_thousand or 0.0, 1),
        )


def _between(each: Move) -> str:
    if each.low is None or each.high is None:
        return ABSENT
    return span(fixed(each.low, 1), fixed(each.high, 1))


def _change(picture: Picture, row: Change) -> dict[str, object]:
    settled = row.low is not None and row.high is not None
    return {
        "name": words.step_name(row.measure, picture),
        "before": words.said(row.before),
        "after": words.said(row.after),
        "difference": ABSENT if row.difference is None else points(row.difference),
        "interval": points_span(row.low, row.high) if settled else ABSENT,
        "found": words.FOUND[row.found],
        "since": row.since,
    }


def _hazard(picture: Picture) -> str:
    hazard = picture.hazard_per_day
    if hazard is None or hazard.low is None or hazard.high is None:
        return ""
    low, high = map(percent, (hazard.low, hazard.high))
    return say(
        "Of those whom the lender keeps waiting, {share} leave each day ({low} to {high}).",
        share=percent(hazard.value), low=low, high=high,
    )  # fmt: skip


def address(name: str, source: str) -> str:
    """The address of a page about a source."""
    plain = reverse(name)
    return plain if source == reading.RECORD else f"{plain}?source={source}"


urlpatterns = [
    path("", index, name="journey"),
    path("draw", draw, name="journey-draw"),
]
