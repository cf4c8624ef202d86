"""Where a map's activities stand: by rings, layers and crossings that are known beforehand."""

from __future__ import annotations

import itertools

from equipoise.service.pages.charts.layers import HEIGHT, Follows, laid_out


def edges(*pairs: tuple[str, str, int]) -> list[Follows]:
    return [Follows(source, target, times, times) for source, target, times in pairs]


def test_every_activity_stands_below_all_that_lead_to_it() -> None:
    drawing = laid_out(edges(("a", "b", 9), ("b", "c", 8), ("a", "c", 3), ("c", "d", 7)))
    down = {box.name: box.y for box in drawing.boxes}
    assert down["a"] < down["b"] < down["c"] < down["d"]
    assert not any(line.back for line in drawing.lines)


def test_of_a_ring_the_rarest_edge_runs_back() -> None:
    drawing = laid_out(edges(("a", "b", 9), ("b", "c", 8), ("c", "a", 2)))
    assert {(e.follows.source, e.follows.target) for e in drawing.lines if e.back} == {("c", "a")}


def test_edges_that_need_not_cross_do_not() -> None:
    """Two ways side by side: whichever order they were told in, each stands below its own."""
    drawing = laid_out(
        edges(
            ("s", "a", 9), ("s", "b", 9), ("b", "y", 8), ("a", "x", 8), ("x", "t", 7), ("y", "t", 7)
        )
    )
    across = {box.name: box.x for box in drawing.boxes}
    assert (across["a"] < across["b"]) == (across["x"] < across["y"])


def test_boxes_of_a_layer_stand_apart_and_within_the_drawing() -> None:
    names = [f"a long name of activity {n}" for n in range(6)]
    drawing = laid_out(edges(*(("start", name, 5) for name in names)))
    boxes = sorted((box for box in drawing.boxes if box.name != "start"), key=lambda box: box.x)
    for one, other in itertools.pairwise(boxes):
        assert one.x + one.width / 2 < other.x - other.width / 2
    assert boxes[-1].x + boxes[-1].width / 2 <= drawing.width
    assert max(box.y for box in drawing.boxes) + HEIGHT / 2 <= drawing.height


def test_the_rarest_are_left_out_and_counted_but_nobody_loses_their_only_way() -> None:
    many = [("hub", f"n{n}", 100 - n) for n in range(60)]
    drawing = laid_out(edges(*many, ("hub", "hub", 50), ("n0", "n1", 1)), most=10)
    assert {box.name for box in drawing.boxes} == {"hub", *(f"n{n}" for n in range(60))}
    kept = {(each.follows.source, each.follows.target) for each in drawing.lines}
    assert ("hub", "hub") not in kept
    assert len(drawing.lines) + drawing.left_out == 61
    assert laid_out(edges(*many)) == laid_out(edges(*many))


def test_nothing_is_drawn_of_nothing() -> None:
    assert laid_out([]).boxes == ()
