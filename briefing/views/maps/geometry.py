"""Plane geometry for maps: boxes, clipping, paths."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

FINEST = 0.4  # steps of an outline that are shorter are left out

Point = tuple[float, float]  # of a map: x to the right and y down, in units
Rings = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        """Whether the other lies within."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def meets(self, other: "Box") -> bool:
        """Whether the two overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def clip_polygon(ring: Iterable[Point], box: Box) -> tuple[Point, ...]:
    """The part of a ring within the box (Sutherland and Hodgman); empty where there is none."""
    points = list(ring)
    for axis, edge, sign in ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1)):
        kept: list[Point] = []
        for index, end in enumerate(points):
            start = points[index - 1]
            start_in, end_in = ((point[axis] - edge) * sign >= 0 for point in (start, end))
            if start_in != end_in:
                along = (edge - start[axis]) / (end[axis] - start[axis])
                other = start[1 - axis] + along * (end[1 - axis] - start[1 - axis])
                kept.append((other, edge) if axis else (edge, other))
            if end_in:
                kept.append(end)
        points = kept
    return tuple(points)


def clip_line(points: Iterable[Point], box: Box) -> Iterator[tuple[Point, ...]]:
    """The parts of a line within the box, each of two points or more (Liang and Barsky)."""
    run: list[Point] = []
    for start, end in pairwise(points):
        part = _clip_step(start, end, box)
        if not part or (run and run[-1] != part[0]):
            if run:
                yield tuple(run)
            run = []
        if part:
            run = [*run, part[1]] if run else list(part)
    if run:
        yield tuple(run)


def _clip_step(start: Point, end: Point, box: Box) -> tuple[Point, Point] | None:
    enters, leaves = 0.0, 1.0
    for axis, least, most in ((0, box.left, box.right), (1, box.top, box.bottom)):
        step = end[axis] - start[axis]
        if not step:
            if not least <= start[axis] <= most:
                return None
            continue
        near, far = sorted(((least - start[axis]) / step, (most - start[axis]) / step))
        enters, leaves = max(enters, near), min(leaves, far)
    if enters >= leaves:
        return None

    def at(along: float) -> Point:
        x, y = end if along == 1 else (a + along * (b - a) for a, b in zip(start, end, strict=True))
        return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)

    return at(enters), at(leaves)


def path(points: Iterable[Point]) -> str:
    """An open path of SVG. Steps too fine to be seen are left out, but not the last."""
    kept: list[Point] = []
    skipped: Point | None = None
    for x, y in points:
        point = round(x, 1) + 0.0, round(y, 1) + 0.0  # no -0
        skipped = point if kept and math.dist(point, kept[-1]) < FINEST else None
        if not skipped:
            kept.append(point)
    if skipped and (len(kept) == 1 or skipped != kept[-1]):
        kept.append(skipped)
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in kept)


def square(middle: Point, reach: float) -> Box:
    """The box that reaches so far to each side of its middle."""
    return Box(middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)


def steps(run: list[Point], apart: float) -> Iterator[Point]:
    """Points along a line, at most so far apart."""
    yield run[0]
    for start, end in pairwise(run):
        count = math.ceil(math.dist(start, end) / apart) or 1
        for index in range(1, count + 1):
            along = index / count
            yield start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1])


def within(edges: list[tuple[Point, Point]], y: float) -> list[tuple[float, float]]:
    """Where a level line runs within the rings that have these edges."""
    crossings = sorted(
        [
            x + (y - start) / (end - start) * (other - x)
            for (x, start), (other, end) in edges
            if (start <= y) != (end <= y)
        ]
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def overlap(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where stretches of both lists overlap."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(start, end) for start, end in both if start < end]
