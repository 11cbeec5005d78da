"""Plane geometry for maps: boxes, clipping, paths."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Shorter steps of an outline are invisible.
FINEST = 0.4

# On a map, in units: x to the right and y down, as in SVG.
Point = tuple[float, float]
Rings = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the map."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        """Return whether the other box lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def meets(self, other: "Box") -> bool:
        """Return whether the boxes overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def clip_polygon(ring: Iterable[Point], box: Box) -> tuple[Point, ...]:
    """Return the part of a ring within the box (Sutherland and Hodgman), or an empty list if there is none."""
    points = list(ring)
    # Cut off what lies beyond each edge in turn. ``inward`` is the direction of the box.
    for axis, edge, inward in ((0, box.left, 1), (0, box.right, -1), (1, box.top, 1), (1, box.bottom, -1)):
        clipped: list[Point] = []
        for index, end in enumerate(points):
            # A ring is closed, so the last point precedes the first.
            start = points[index - 1]
            start_in = (start[axis] - edge) * inward >= 0
            end_in = (end[axis] - edge) * inward >= 0
            if start_in != end_in:
                clipped.append(_crossing(start, end, axis, edge))
            if end_in:
                clipped.append(end)
        points = clipped
    return tuple(points)


def _crossing(start: Point, end: Point, axis: int, edge: float) -> Point:
    """Return the point at which a step crosses an edge that is perpendicular to the axis."""
    along = (edge - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + along * (end[1 - axis] - start[1 - axis])
    if axis == 0:
        return edge, other
    return other, edge


def clip_line(points: Iterable[Point], box: Box) -> Iterator[tuple[Point, ...]]:
    """Return the parts of a line within the box, each of two or more points (Liang and Barsky)."""
    run: list[Point] = []
    for start, end in pairwise(points):
        part = _clip_step(start, end, box)
        # The line has left the box, and may have returned elsewhere within one step.
        if run and (part is None or run[-1] != part[0]):
            yield tuple(run)
            run = []
        if part is None:
            continue
        if not run:
            run.append(part[0])
        run.append(part[1])
    if run:
        yield tuple(run)


def _clip_step(start: Point, end: Point, box: Box) -> tuple[Point, Point] | None:
    # Shares of the step, from 0 at its start to 1 at its end.
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

    return _point_within(start, end, enters, box), _point_within(start, end, leaves, box)


def _point_within(start: Point, end: Point, along: float, box: Box) -> Point:
    """Return the point at this share of a step. It lies in ``box`` except for rounding."""
    x, y = end
    # Return the end without a rounding error, so that the next step starts exactly there.
    if along != 1:
        x, y = (a + along * (b - a) for a, b in zip(start, end, strict=True))
    return min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)


def path(points: Iterable[Point]) -> str:
    """Return an open SVG path. Steps too small to see are left out, except the last."""
    drawn: list[Point] = []
    skipped: Point | None = None
    for x, y in points:
        # Adding 0 turns -0, which would be printed as "-0", into 0.
        point = round(x, 1) + 0.0, round(y, 1) + 0.0
        if drawn and math.dist(point, drawn[-1]) < FINEST:
            skipped = point
            continue
        skipped = None
        drawn.append(point)
    # A path with one point would be invisible, so it gets a second point, even at the same place.
    if skipped and (len(drawn) == 1 or skipped != drawn[-1]):
        drawn.append(skipped)
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in drawn)


def box_around(middle: Point, reach: float) -> Box:
    """Return the box that extends this far to each side of its middle."""
    return Box(middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)


def points_along(run: list[Point], apart: float) -> Iterator[Point]:
    """Yield points along a line, at most this far apart."""
    yield run[0]
    for start, end in pairwise(run):
        count = math.ceil(math.dist(start, end) / apart) or 1
        for index in range(1, count + 1):
            along = index / count
            yield start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1])


def spans_at(edges: Iterable[tuple[Point, Point]], heights: Sequence[float]) -> list[list[tuple[float, float]]]:
    """Return for each height, in rising order, the stretches at it that lie within the rings with these edges."""
    crossings: list[list[float]] = [[] for _ in heights]
    for (x, start), (other, end) in edges:
        # A corner at one of the heights counts as above it, so that crossings come in pairs.
        for number in range(bisect_left(heights, min(start, end)), bisect_left(heights, max(start, end))):
            crossings[number].append(x + (heights[number] - start) / (end - start) * (other - x))
    spans = []
    for row in crossings:
        row.sort()
        spans.append(list(zip(row[::2], row[1::2], strict=True)))
    return spans


def intersect(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the stretches at which both lists overlap."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(start, end) for start, end in both if start < end]
