"""Where the names of marks stand, so that they cover neither marks nor each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from equipoise.service.pages.charts.drawn import LINE, SIZE, room_of

Box = tuple[float, float, float, float]  # left, top, right, bottom
Place = tuple[float, float, str]  # x, baseline, anchor
MARK = 7.0  # from the middle of a mark to its side


@dataclass(slots=True)
class Room:
    """What is taken of a picture; marks reach `mark` from their middle."""

    width: float
    top: float
    bottom: float
    mark: float
    _taken: list[Box] = field(default_factory=list)

    def take(self, box: Box) -> None:
        self._taken.append(box)

    def beside(self, name: str, x: float, y: float) -> Place:
        """Take the place about (x, y) where the name covers least: right or left, then above."""
        place, box = min(self._tries(name, x, y), key=lambda each: self._cover(each[1]))
        self.take(box)
        return place

    def _tries(self, name: str, x: float, y: float) -> list[tuple[Place, Box]]:
        wide, off = room_of(name, bold=True), self.mark + 5
        tries: list[tuple[Place, Box]] = []
        for dy in (4.0, off + 10, -off - 1, off + 10 + LINE, -off - 1 - LINE):
            top = y + dy - SIZE
            right, left = x + off, x - off
            tries.append(((right, y + dy, "start"), (right, top, right + wide, top + LINE)))
            tries.append(((left, y + dy, "end"), (left - wide, top, left, top + LINE)))
        return tries

    def _cover(self, box: Box) -> float:
        """How much of a box lies outside the picture, or on what is taken."""
        left, top, right, bottom = box
        outside = max(0.0, -left) + max(0.0, right - self.width)
        outside += max(0.0, self.top - top) + max(0.0, bottom - self.bottom)
        return outside * LINE * 4 + sum(shared(box, each) for each in self._taken)


def shared(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)
