"""A map of places, drawn at build time: land, borders, routes and markers as SVG paths, and the same in words."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from briefing import paths
from briefing.freshness import is_overdue, review_by
from briefing.model import Briefing, Place
from briefing.outlines import Land, outlines
from briefing.views.entities import position_source, said_position
from briefing.views.sentence import Link, Sentence, sentences

WIDTH = 420.0  # units; the text can be read where the map is as wide as a phone
NARROWEST, WIDEST = 1.0, 1.5  # width by height
MARGIN = 0.16  # of the places' extent, on each side
LEAST = 5.0  # degrees of latitude, or as far in longitude, that a map shows at least
STEEPEST = 75.0  # the latitude beyond which longitudes draw no nearer
WORLD = ((-60.0, -179.0), (80.0, 179.0))  # what is shown where no place has a position
KILOMETRES = 111.2  # in a degree of latitude

TEXT = 13.5  # the height of letters, in units
SIGN = 6.6  # from a marker's middle to its rim
GAP = 3.6
FINEST = 0.4  # steps of an outline that are shorter are left out

# A standing is told by a marker's shape, around 0 0; its precision by the marker's being filled or dashed.
SIGNS = {
    "": "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z",
    "confirmed": "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z",
    "claimed": "M0-6.6L6.6 5.4H-6.6Z",
    "denied": "M-3-6L0-3L3-6L6-3L3 0L6 3L3 6L0 3L-3 6L-6 3L-3 0L-6-3Z",
    "planned": "M0-6.8L6.8 0L0 6.8L-6.8 0Z",
    "historical": "M-5.4-5.4H5.4V5.4H-5.4Z",
}

Point = tuple[float, float]  # of the map: x to the right and y down, in units


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


@dataclass(frozen=True, slots=True)
class Text:
    """A text, where the end of it stands that ``anchor`` names (start, middle, end), and the box that it fills."""

    says: str
    x: float
    y: float
    anchor: str
    box: Box


@dataclass(frozen=True, slots=True)
class Marker:
    """A place on the map. ``label`` is None where not even its number finds room; ``says`` is all of it in words."""

    number: int
    x: float
    y: float
    sign: str
    precision: str
    standing: str
    label: Text | None
    link: Link
    says: str


@dataclass(frozen=True, slots=True)
class Route:
    """A line on the map. ``label`` is None where its place has a marker, too, or no room."""

    number: int
    path: str
    standing: str
    label: Text | None
    link: Link
    says: str


@dataclass(frozen=True, slots=True)
class MapEntry:
    """A place in words, with the facts that its standing rests on.

    ``numbered`` where its number stands on the map for its name. ``sign`` is the shape of its marker: empty for a route
    and for a place that is not on the map. ``precision``, ``standing`` and ``as_of`` are empty where not said;
    ``origin`` is the source of the position, None where it is general knowledge.
    """

    number: int
    link: Link
    kind: str
    where: str
    origin: Link | None
    precision: str
    standing: str
    as_of: str
    overdue: str
    evidence: tuple[Sentence, ...]
    sign: str
    line: bool
    numbered: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A bar on the map and the length that it has at the map's middle latitude."""

    says: str
    x: float
    y: float
    length: float


@dataclass(frozen=True, slots=True)
class MapView:
    """What a map needs: paths for SVG, texts that do not overlap, and every place in words, in the order given."""

    width: float
    height: float
    land: str
    coasts: str
    borders: str
    disputed: str
    countries: tuple[Text, ...]
    routes: tuple[Route, ...]
    markers: tuple[Marker, ...]
    entries: tuple[MapEntry, ...]
    scale: Scale

    @property
    def tall(self) -> bool:
        """Nearly as high as wide, or higher."""
        return self.height > self.width * 0.8


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the world that a map shows: equirectangular, true to scale at its middle latitude."""

    lat: float
    lon: float
    scale: float  # units in a degree of latitude
    narrowing: float  # a degree of longitude by a degree of latitude
    box: Box

    def unwound(self, lon: float) -> float:
        """The same longitude, at most half the world from the middle."""
        return self.lon + (lon - self.lon + 180) % 360 - 180

    def project(self, lat: float, lon: float) -> Point:
        x = self.box.right / 2 + (lon - self.lon) * self.narrowing * self.scale
        return x, self.box.bottom / 2 - (lat - self.lat) * self.scale


_Rings = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class _World:
    """The world within a frame: countries with the parts that show, and everything as paths."""

    lands: tuple[tuple[Land, _Rings], ...]
    land: str
    coasts: str
    borders: str
    disputed: str


@dataclass(frozen=True, slots=True)
class _Outline:
    """A line on the globe (latitude, longitude), and how far it reaches: most outlines are on no map."""

    points: tuple[tuple[float, float], ...]
    south: float
    north: float
    west: float
    east: float


def _outline(points: tuple[tuple[float, float], ...]) -> _Outline:
    lats, lons = zip(*points, strict=True)
    return _Outline(points, min(lats), max(lats), min(lons), max(lons))


@cache
def _reaching() -> tuple[tuple[tuple[Land, tuple[_Outline, ...]], ...], tuple[tuple[_Outline, ...], ...]]:
    """The countries with their parts; and coasts, borders and disputed borders."""
    world = outlines()
    lands = tuple((land, tuple(map(_outline, land.rings))) for land in world.lands)
    return lands, tuple(tuple(map(_outline, lines)) for lines in (world.coasts, world.borders, world.disputed))


@lru_cache(16)
def _drawn_world(frame: _Frame) -> _World:
    all_lands, lines = _reaching()
    lands = tuple((land, shown) for land, rings in all_lands if (shown := _rings(frame, rings)))
    coasts, borders, disputed = (_drawn(frame, outlines) for outlines in lines)
    return _World(
        lands=lands,
        land="".join(_path(ring) + "Z" for _, rings in lands for ring in rings),
        coasts=coasts,
        borders=borders,
        disputed=disputed,
    )


def map_view(places: tuple[Place, ...], briefing: Briefing) -> MapView:
    """A map of places. Those with neither position nor line stand among the entries alone."""
    frame = _frame([point for place in places for point in _points(place)])
    spots = {
        place.id: frame.project(place.position.lat, frame.unwound(place.position.lon))
        for place in places
        if place.position
    }
    lines = {place.id: _runs(frame, place.line) for place in places if len(place.line) > 1}
    scale = _scale(frame)
    signs = [_square(spot, SIGN) for spot in spots.values()]
    bar = Box(0, scale.y - 1.5 * TEXT, scale.x + scale.length + GAP, frame.box.bottom)
    labels = _labels(places, frame.box, spots, lines, [*signs, bar])
    entries = tuple(_entry(briefing, place, number, labels.get(place.id)) for number, place in enumerate(places, 1))

    markers, routes = [], []
    for place, entry in zip(places, entries, strict=True):
        says = ", ".join(part for part in (place.name, place.kind, _said_standing(entry), entry.where) if part)
        label = labels.get(place.id)
        if place.id in spots:
            x, y = (round(value, 1) for value in spots[place.id])
            markers.append(
                Marker(entry.number, x, y, entry.sign, entry.precision, entry.standing, label, entry.link, says)
            )
            label = None
        if place.id in lines:
            route = "".join(_path(part) for line in lines[place.id] for part in clip_line(line, frame.box))
            routes.append(Route(entry.number, route, entry.standing, label, entry.link, says))

    drawn = _drawn_world(frame)
    taken = [*signs, bar, *(label.box for label in labels.values() if label), *_strewn(lines.values())]
    return MapView(
        width=frame.box.right,
        height=frame.box.bottom,
        land=drawn.land,
        coasts=drawn.coasts,
        borders=drawn.borders,
        disputed=drawn.disputed,
        countries=tuple(_country_names(briefing, drawn.lands, frame.box, taken)),
        routes=tuple(routes),
        markers=tuple(markers),
        entries=entries,
        scale=scale,
    )


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


def _points(place: Place) -> Iterator[tuple[float, float]]:
    if place.position:
        yield place.position.lat, place.position.lon
    yield from place.line


def _frame(points: list[tuple[float, float]]) -> _Frame:
    """What shows all the points, with a margin. Longitudes lie on a circle: the widest gap between them is left out."""
    points = points or list(WORLD)
    lats = [lat for lat, _ in points]
    lons = sorted({lon % 360 for _, lon in points})
    gap, east = max((after - before, before) for before, after in pairwise([*lons, lons[0] + 360]))
    span = 360 - gap
    lat = (min(lats) + max(lats)) / 2
    narrowing = math.cos(math.radians(min(abs(lat), STEEPEST)))
    wide = max(LEAST, span * narrowing * (1 + 2 * MARGIN))
    tall = max(LEAST, (max(lats) - min(lats)) * (1 + 2 * MARGIN))
    wide = max(wide, tall * NARROWEST)
    tall = max(tall, wide / WIDEST)
    box = Box(0, 0, WIDTH, round(WIDTH * tall / wide, 1))
    return _Frame(lat, (east - span / 2 + 180) % 360 - 180, WIDTH / wide, narrowing, box)


def _runs(frame: _Frame, line: tuple[tuple[float, float], ...]) -> list[list[Point]]:
    """A line on the map, broken where it would otherwise cross the whole of it."""
    runs: list[list[Point]] = []
    last = math.inf
    for lat, lon in line:
        lon = frame.unwound(lon)
        if abs(lon - last) > 180:
            runs.append([])
        runs[-1].append(frame.project(lat, lon))
        last = lon
    return runs


def _rings(frame: _Frame, rings: Iterable[_Outline]) -> _Rings:
    """The parts of a country that the map shows."""
    found = (
        points if within else clip_polygon(points, frame.box)
        for ring in rings
        for points, within in _projected(frame, ring)
    )
    return tuple(ring for ring in found if ring)


def _drawn(frame: _Frame, lines: Iterable[_Outline]) -> str:
    """Coasts or borders as a path."""
    return "".join(
        _path(part)
        for line in lines
        for points, within in _projected(frame, line)
        for part in ((points,) if within else clip_line(points, frame.box))
    )


def _projected(frame: _Frame, line: _Outline) -> Iterator[tuple[tuple[Point, ...], bool]]:
    """An outline on the map, once for each time round the world that it may be seen, and whether all of it is."""
    for turn in (-360, 0, 360):
        left, bottom = frame.project(line.south, line.west + turn)
        right, top = frame.project(line.north, line.east + turn)
        reach = Box(left, top, right, bottom)
        if frame.box.meets(reach):
            yield tuple(frame.project(lat, lon + turn) for lat, lon in line.points), frame.box.holds(reach)


def _path(points: Iterable[Point]) -> str:
    """An open path. Steps too fine to be seen are left out, but not the last."""
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


def _square(middle: Point, reach: float) -> Box:
    return Box(middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)


def _labels(
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
    taken, crossed = list(taken), list(_strewn(lines.values()))

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
    steps = [point for run in runs for point in _steps(run)]
    outward = [steps[index] for index in sorted(range(len(steps)), key=lambda index: abs(index - len(steps) // 2))]
    near = [_square(point, TEXT) for line in others for run in line for point in _steps(run)]
    alone = [point for point in outward if not any(_square(point, 0.1).meets(box) for box in near)]
    return alone or outward


def _steps(run: list[Point]) -> Iterator[Point]:
    """Points along a line, close enough that no label slips between them."""
    yield run[0]
    for start, end in pairwise(run):
        count = math.ceil(math.dist(start, end) / TEXT) or 1
        for index in range(1, count + 1):
            along = index / count
            yield start[0] + along * (end[0] - start[0]), start[1] + along * (end[1] - start[1])


def _strewn(lines: Iterable[list[list[Point]]]) -> Iterator[Box]:
    return (_square(point, 1) for line in lines for run in line for point in _steps(run))


def _scale(frame: _Frame) -> Scale:
    """The longest bar of a round length within a third of the map's width."""
    unit = frame.scale / KILOMETRES
    most = WIDTH / 3 / unit
    power = 10 ** math.floor(math.log10(most))
    length = max(power * step for step in (1, 2, 5) if power * step <= most)
    return Scale(f"{length:,} km", 10, round(frame.box.bottom - 10, 1), round(length * unit, 1))


def _country_names(
    briefing: Briefing, lands: tuple[tuple[Land, _Rings], ...], bounds: Box, taken: list[Box]
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


def _inside(says: str, rings: _Rings, bounds: Box, taken: list[Box]) -> Text | None:
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
            free = _common(free, _across(edges, y))
        for box in taken:
            if box.top < top + height and top < box.bottom:
                free = _common(free, [(-math.inf, box.left), (box.right, math.inf)])
        for left, right in free:
            worth = min(right - left, 2 * width) - abs(top + height / 2 - middle) / 2
            if right - left >= width and worth > best:
                x = (left + right) / 2
                box = Box(x - width / 2, top, x + width / 2, top + height)
                best, found = worth, Text(says, round(x, 1), round(top + 0.95 * TEXT, 1), "middle", box)
        top += TEXT / 4
    return found


def _across(edges: list[tuple[Point, Point]], y: float) -> list[tuple[float, float]]:
    """Where a level line runs within the rings that have these edges."""
    crossings = sorted(
        [
            x + (y - start) / (end - start) * (other - x)
            for (x, start), (other, end) in edges
            if (start <= y) != (end <= y)
        ]
    )
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def _common(some: list[tuple[float, float]], others: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Where stretches of both lists overlap."""
    both = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(start, end) for start, end in both if start < end]


def _entry(briefing: Briefing, place: Place, number: int, label: Text | None) -> MapEntry:
    position, standing = place.position, place.standing
    return MapEntry(
        number=number,
        link=Link(place.name, paths.entity(place)),
        kind=place.kind,
        where=said_position(place) or "not on the map: no position",
        origin=position_source(briefing, place),
        precision=position.precision if position else "",
        standing=standing.how if standing else "",
        as_of=standing.as_of.words if standing else "",
        overdue=by.words if is_overdue(briefing, by := review_by(briefing, place)) and by else "",
        evidence=sentences(briefing, tuple(briefing.fact_by_id[id] for id in standing.rests_on)) if standing else (),
        sign=SIGNS[standing.how if standing else ""] if position else "",
        line=len(place.line) > 1,
        numbered=label is not None and label.says != place.name,
    )


def _said_standing(entry: MapEntry) -> str:
    return f"{entry.standing} as of {entry.as_of}" if entry.standing else ""
