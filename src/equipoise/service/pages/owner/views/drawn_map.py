"""The process map: what comes directly after what, drawn, with a table beside it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from equipoise.service.contexts.process.reading import Edge, Picture
from equipoise.service.pages.charts.layers import Box, Drawing, Follows, Line, laid_out
from equipoise.service.pages.frame.guard import may
from equipoise.service.pages.owner import words
from equipoise.service.pages.owner.views.journey import about, chosen_picture
from equipoise.service.platform.accounts.permissions import Action
from equipoise.texts.numbers import count
from equipoise.texts.saying import say

_MOST_ROWS = 60


@require_safe
@may(Action.READ_PROCESS)
def index(request: HttpRequest) -> HttpResponse:
    """The map of everybody or of one group, from the kept picture."""
    source, kept = chosen_picture(request)
    picture = kept.picture if kept else None
    shown = about(source, kept)
    if picture is not None:
        by, _, group = request.GET.get("of", "").partition("=")
        edges = [
            each
            for each in picture.edges
            if (each.by or "") == by and (each.group or "") == group
        ] if by in picture.by else [each for each in picture.edges if each.by is None]  # fmt: skip
        chosen = f"{by}={group}" if by in picture.by and edges else ""
        drawing = _drawing(picture, edges)
        shown |= {
            "drawing": drawing,
            "boxes": [_box(picture, each) for each in drawing.boxes],
            "lines": [_line(picture, each) for each in drawing.lines],
            "rows": [_row(picture, each) for each in edges[:_MOST_ROWS]],
            "more": max(len(edges) - _MOST_ROWS, 0),
            "chosen": chosen,
            "groups": _groups(picture),
        }
    return render(request, "owner/map.html", shown)


def _drawing(picture: Picture, edges: Sequence[Edge]) -> Drawing:
    follows = [
        Follows(each.activity, each.followed_by, each.times, each.cases, each.days_p50)
        for each in edges
    ]
    names = {each.source for each in follows} | {each.target for each in follows}
    return laid_out(follows, {name: words.step_name(name, picture) for name in names})


def _box(picture: Picture, box: Box) -> dict[str, object]:
    return {
        "x": box.x - box.width / 2,
        "y": box.y - box.height / 2,
        "width": box.width,
        "height": box.height,
        "middle": box.x,
        "line": box.y + 4,
        "name": words.step_name(box.name, picture),
    }


def _line(picture: Picture, line: Line) -> dict[str, object]:
    each = line.follows
    return {
        "path": line.path,
        "weight": line.weight,
        "back": line.back,
        "x": line.label[0],
        "y": line.label[1],
        "times": count(each.times),
        "tip": say(
            "{first}, then {second}: {times} times, {cases} people",
            first=words.step_name(each.source, picture),
            second=words.step_name(each.target, picture),
            times=count(each.times),
            cases=count(each.cases),
        ),
    }


def _row(picture: Picture, each: Edge) -> tuple[str, str, str, str, str]:
    return (
        words.step_name(each.activity, picture),
        words.step_name(each.followed_by, picture),
        count(each.times),
        count(each.cases),
        words.lasting(each.days_p50),
    )


def _groups(picture: Picture) -> list[tuple[str, str, str]]:
    """Each group that has a map: what the address says, what it is of, what it is called."""
    seen = dict.fromkeys((each.by, each.group) for each in picture.edges if each.by and each.group)
    return [
        (f"{by}={group}", words.GROUPS.get(by or "", by or ""), words.group_name(group))
        for by, group in seen
    ]


urlpatterns = [path("map/", index, name="journey-map")]
