"""Place the labels of a map so that none covers another label or a marker."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from briefing.model.briefing import Briefing
from briefing.model.records import Place
from briefing.views.maps.geometry import Box, Point, Rings, overlap, square, steps, within
from briefing.views.maps.outlines import Land

TEXT = 13.5  # the height of letters, in units
SIGN = 6.6  # from a marker's middle to its rim
GAP = 3.6


@dataclass(frozen=True, slots=True)
class Text:
    """A text, where the end of it stands that ``anchor`` names (start, middle, end), and the box that it fills."""

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
    """Each place's label: its name, or where that finds no room its number, or where there is none for that, none.

    A marker's name lies across a route only where it must. The routes have their names if there is room for all of
    them, each off the lines, and their numbers if not.
    """
    taken, crossed = list(taken), list(strewn(lines.values()))

    def label(points: list[Point], reach: float, *choices: tuple[str, list[Box]]) -> Text | None:
        texts = (
            text
            for says, avoided in choices
            for point in points
            for text in _beside(says, point, reach)
            if bounds.holds(text.box) and not any(text.box.meets(box) for box in (*taken, *avoided))
        )
        found = next(texts, None)
        if found:
            taken.append(found.box)
        return found

    labels: dict[str, Text | None] = {}
    for number, place in enumerate(places, 1):
        if place.id in spots:
            names = (place.name, crossed), (place.name, list[Box]())
            labels[place.id] = label([spots[place.id]], SIGN, *names, (str(number), []))
    routes = [(number, place) for number, place in enumerate(places, 1) if place.id in lines and place.id not in spots]
    stations = {
        place.id: _stations(lines[place.id], [line for id, line in lines.items() if id != place.id])
        for _, place in routes
    }
    before = len(taken)
    named = {place.id: label(stations[place.id], 0, (place.name, crossed)) for _, place in routes}
    if not all(named.values()):
        del taken[before:]
        named = {p.id: label(stations[p.id], 0, (str(number), crossed), (str(number), [])) for number, p in routes}
    return labels | named


def _beside(says: str, point: Point, reach: float) -> Iterator[Text]:
    """The text to the right of a point, to its left, above and below, best first."""
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
    """How wide a text is at most, in the fonts that readers have."""
    return TEXT * sum(map(_letter_width, says))


def _letter_width(letter: str) -> float:
    if letter in "fijlrtI.,:;'’()-– ":
        return 0.4
    if letter in "mwMW@%—" or letter >= "\u1100":
        return 1.05
    return 0.74 if letter.isupper() else 0.62


def _stations(runs: list[list[Point]], others: list[list[list[Point]]]) -> list[Point]:
    """Where a route's label may stand: its middle first, then towards its ends; where it runs alone, if it does."""
    along = [point for run in runs for point in steps(run, TEXT)]
    outward = [along[index] for index in sorted(range(len(along)), key=lambda index: abs(index - len(along) // 2))]
    near = [square(point, TEXT) for line in others for run in line for point in steps(run, TEXT)]
    alone = [point for point in outward if not any(square(point, 0.1).meets(box) for box in near)]
    return alone or outward


def strewn(lines: Iterable[list[list[Point]]]) -> Iterator[Box]:
    """Small boxes along lines, close enough that no label slips between them."""
    return (square(point, 1) for line in lines for run in line for point in steps(run, TEXT))


def country_names(
    briefing: Briefing, lands: tuple[tuple[Land, Rings], ...], bounds: Box, taken: list[Box]
) -> Iterator[Text]:
    """The names of countries, in the briefing's spelling, where they fit into what the map shows of the country."""
    spelling = {
        known.casefold(): actor.name
        for actor in briefing.actors
        if actor.kind == "state"
        for known in (*actor.aliases, actor.name)
    }
    for land, rings in lands:
        if (
            land.name
            and rings
            and (text := _inside(spelling.get(land.name.casefold(), land.name), rings, bounds, taken))
        ):
            yield text


def _inside(says: str, rings: Rings, bounds: Box, taken: list[Box]) -> Text | None:
    """The text where the rings leave it most room, near their middle rather than at their top or bottom."""
    width, height = text_width(says) + 2 * GAP, 1.2 * TEXT
    across = [x for ring in rings for x, _ in ring]
    if max(across) - min(across) < width:
        return None
    heights = [y for ring in rings for _, y in ring]
    middle = (min(heights) + max(heights)) / 2
    best, found = -math.inf, None
    edges = [edge for ring in rings for edge in pairwise((*ring, ring[0])) if edge[0][1] != edge[1][1]]
    top = max(min(heights), bounds.top + GAP)
    while top + height <= min(max(heights), bounds.bottom - GAP):
        free = [(bounds.left + GAP, bounds.right - GAP)]
        for y in (top, top + height / 2, top + height):
            free = overlap(free, within(edges, y))
        for box in taken:
            if box.top < top + height and top < box.bottom:
                free = overlap(free, [(-math.inf, box.left), (box.right, math.inf)])
        for left, right in free:
            worth = min(right - left, 2 * width) - abs(top + height / 2 - middle) / 2
            if right - left >= width and worth > best:
                x = (left + right) / 2
                box = Box(x - width / 2, top, x + width / 2, top + height)
                best, found = worth, Text(says, round(x, 1), round(top + 0.95 * TEXT, 1), "middle", box)
        top += TEXT / 4
    return found
