"""Place the labels of a map so that none covers another label or a marker."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from briefing.evidence.outlines import Land
from briefing.model.briefing import Briefing
from briefing.model.records import Place
from briefing.views.maps.geometry import Box, Point, Rings, box_around, intersect, points_along, spans_at

# In units of the map: the height of letters, the radius of a marker, and the margin around a text.
TEXT = 13.5
SIGN = 6.6
GAP = 3.6


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the position of the end that ``anchor`` names (start, middle, end), and the box that it fills."""

    says: str
    x: float
    y: float
    anchor: str
    box: Box


def place_labels(
    places: tuple[Place, ...],
    bounds: Box,
    spots: dict[str, Point],
    lines: dict[str, list[list[Point]]],
    taken: list[Box],
) -> dict[str, Text | None]:
    """Return the label of each place: its name, its number if there is no room for the name, or None if there is no
    room at all.

    The name of a marker crosses a route only if it must. The routes have their names if there is room for all of them
    off the lines, and otherwise their numbers.
    """
    taken = list(taken)
    route_boxes = list(boxes_along(lines.values()))

    def place_label(points: list[Point], reach: float, *choices: tuple[str, list[Box]]) -> Text | None:
        """Place the first of the texts that has room. Each text comes with additional boxes to avoid."""
        for says, avoided in choices:
            for point in points:
                for text in _texts_around(says, point, reach):
                    if bounds.holds(text.box) and not any(text.box.meets(box) for box in (*taken, *avoided)):
                        taken.append(text.box)
                        return text
        return None

    labels: dict[str, Text | None] = {}
    routes: list[tuple[str, Place]] = []
    for number, place in enumerate(places, 1):
        if place.id in spots:
            choices: list[tuple[str, list[Box]]] = [(place.name, route_boxes), (place.name, []), (str(number), [])]
            labels[place.id] = place_label([spots[place.id]], SIGN, *choices)
        elif place.id in lines:
            routes.append((str(number), place))
    stations = {place.id: _stations(place.id, lines) for _, place in routes}
    before = len(taken)
    names = {place.id: place_label(stations[place.id], 0, (place.name, route_boxes)) for _, place in routes}
    if all(names.values()):
        return labels | names
    del taken[before:]
    numbers = {
        place.id: place_label(stations[place.id], 0, (number, route_boxes), (number, [])) for number, place in routes
    }
    return labels | numbers


def _texts_around(says: str, point: Point, reach: float) -> Iterator[Text]:
    """Yield the text to the right of a point, to its left, above and below, best first."""
    x, y = point
    width, height, off = text_width(says), 1.2 * TEXT, reach + GAP
    for anchor, at, left, top in (
        ("start", x + off, x + off, y - height / 2),
        ("end", x - off, x - off - width, y - height / 2),
        ("middle", x, x - width / 2, y - off - height),
        ("middle", x, x - width / 2, y + off),
    ):
        box = Box(left, top, left + width, top + height)
        yield Text(says, round(at, 1), round(top + 0.95 * TEXT, 1), anchor, box)


def text_width(says: str) -> float:
    """Return the maximum width of a text in the fonts that readers have."""
    return TEXT * sum(map(_letter_width, says))


def _letter_width(letter: str) -> float:
    if letter in "fijlrtI.,:;'’()-– ":
        return 0.4
    # From U+1100 (Hangul) on, many scripts have characters as wide as they are high.
    if letter in "mwMW@%—" or letter >= "\u1100":
        return 1.05
    if letter.isupper():
        return 0.74
    return 0.62


def _stations(route_id: str, lines: dict[str, list[list[Point]]]) -> list[Point]:
    """Return the possible positions of a route's label, its middle first: where it runs alone, or anywhere if it
    never does.
    """
    along = list(_points_of_line(lines[route_id]))
    middle = len(along) // 2
    outward = [along[index] for index in sorted(range(len(along)), key=lambda index: abs(index - middle))]
    others = [line for other_id, line in lines.items() if other_id != route_id]
    near = [box_around(point, TEXT) for line in others for point in _points_of_line(line)]
    alone = [point for point in outward if not any(box_around(point, 0.1).meets(box) for box in near)]
    return alone or outward


def boxes_along(lines: Iterable[list[list[Point]]]) -> Iterator[Box]:
    """Yield small boxes along lines, close enough that no label fits between them."""
    return (box_around(point, 1) for line in lines for point in _points_of_line(line))


def _points_of_line(runs: list[list[Point]]) -> Iterator[Point]:
    for run in runs:
        yield from points_along(run, TEXT)


def country_names(
    briefing: Briefing, lands: tuple[tuple[Land, Rings], ...], bounds: Box, taken: list[Box]
) -> Iterator[Text]:
    """Yield the names of countries in the briefing's spelling and language, if they fit into the map."""
    spelling = {
        known.casefold(): actor.name
        for actor in briefing.actors
        if actor.kind == "state"
        for known in (*actor.aliases, actor.name)
    }
    for land, rings in lands:
        if not land.name or not rings:
            continue
        name = spelling.get(land.name.casefold()) or briefing.language.country_name(land.name)
        text = _place_inside(name, rings, bounds, taken)
        if text:
            yield text


def _place_inside(says: str, rings: Rings, bounds: Box, taken: list[Box]) -> Text | None:
    """Place the text where the rings leave it most room, preferably near their middle."""
    width, height = text_width(says) + 2 * GAP, 1.2 * TEXT
    xs = [x for ring in rings for x, _ in ring]
    if max(xs) - min(xs) < width:
        return None
    ys = [y for ring in rings for _, y in ring]
    middle = (min(ys) + max(ys)) / 2
    best_worth = -math.inf
    best_text = None
    tops = []
    top = max(min(ys), bounds.top + GAP)
    while top + height <= min(max(ys), bounds.bottom - GAP):
        tops.append(top)
        top += TEXT / 4
    for top, spans in zip(tops, _spans_within(rings, tops, height), strict=True):
        for left, right in _free_spans(spans, top, height, bounds, taken):
            # Room beyond twice the width brings nothing, so a wide country has its name near its middle.
            worth = min(right - left, 2 * width) - abs(top + height / 2 - middle) / 2
            if right - left >= width and worth > best_worth:
                x = (left + right) / 2
                box = Box(x - width / 2, top, x + width / 2, top + height)
                best_worth = worth
                best_text = Text(says, round(x, 1), round(top + 0.95 * TEXT, 1), "middle", box)
    return best_text


def _spans_within(rings: Rings, tops: list[float], height: float) -> list[list[tuple[float, float]]]:
    """Return for each top where a line of text of this height lies entirely within the rings."""
    edges = [edge for ring in rings for edge in pairwise((*ring, ring[0]))]
    # Test only the top, middle and bottom of the line, because outlines rarely cut in between.
    middle, bottom = height / 2, height
    heights = sorted({top + down for top in tops for down in (0, middle, bottom)})
    spans = dict(zip(heights, spans_at(edges, heights), strict=True))
    return [intersect(intersect(spans[top], spans[top + middle]), spans[top + bottom]) for top in tops]


def _free_spans(
    free: list[tuple[float, float]], top: float, height: float, bounds: Box, taken: list[Box]
) -> list[tuple[float, float]]:
    """Return where a line of text that lies within these spans is on the map and covers nothing else."""
    free = intersect(free, [(bounds.left + GAP, bounds.right - GAP)])
    for box in taken:
        if box.top < top + height and top < box.bottom:
            free = intersect(free, [(-math.inf, box.left), (box.right, math.inf)])
    return free
