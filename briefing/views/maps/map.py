"""A map of places, drawn when the site is built: land, borders, routes and markers as SVG paths, and as text."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from briefing.evidence.outlines import Land, outlines
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.records import Place
from briefing.model.review_dates import is_overdue, review_by
from briefing.text.language import Language
from briefing.views.entities import format_position, format_status, position_source
from briefing.views.maps.geometry import Box, Point, Rings, box_around, clip_line, clip_polygon, path
from briefing.views.maps.labels import GAP, SIGN, TEXT, Text, boxes_along, country_names, place_labels
from briefing.views.statement import Link, Sentence, named_sentences

# In units. At this width, text is readable on a map as wide as a phone.
WIDTH = 420.0
# Width by height.
NARROWEST, WIDEST = 1.0, 1.5
# The margin on each side, as a share of the places' extent.
MARGIN = 0.16
# The minimum extent of a map in degrees of latitude, or the same distance in longitude.
LEAST = 5.0
# Meridians converge towards the poles. Beyond this latitude they are drawn as far apart as here.
STEEPEST = 75.0
# The extent if no place has a position: all but the polar regions, which this projection stretches most.
WORLD = ((-60.0, -179.0), (80.0, 179.0))
# In a degree of latitude.
KILOMETRES = 111.2

# Shapes differ by status, so that the map does not rely on colour alone. They are drawn around 0 0.
SIGNS = {
    "": "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z",
    "confirmed": "M6 0A6 6 0 1 1-6 0A6 6 0 1 1 6 0Z",
    "claimed": "M0-6.6L6.6 5.4H-6.6Z",
    "denied": "M-3-6L0-3L3-6L6-3L3 0L6 3L3 6L0 3L-3 6L-6 3L-3 0L-6-3Z",
    "planned": "M0-6.8L6.8 0L0 6.8L-6.8 0Z",
    "historical": "M-5.4-5.4H5.4V5.4H-5.4Z",
}


@dataclass(frozen=True, slots=True)
class Marker:
    """A place on the map. ``label`` is None if there is no room even for its number. ``says`` describes the place in
    words.
    """

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
    """A line on the map. ``label`` is None if its place also has a marker, or if there is no room."""

    number: int
    path: str
    standing: str
    label: Text | None
    link: Link
    says: str


@dataclass(frozen=True, slots=True)
class MapEntry:
    """A place in words, with the facts that support its status.

    ``numbered`` is true if the map shows its number instead of its name. ``sign`` is the shape of its marker, empty
    for a route and for a place that is not on the map. ``standing`` is a word for the style sheet, and ``status`` the
    same in words. Both, and ``precision``, are empty if not given. ``origin`` is the source of the position, or None
    if it is general knowledge.
    """

    number: int
    link: Link
    kind: str
    where: str
    origin: Link | None
    precision: str
    standing: str
    status: str
    overdue: bool
    evidence: tuple[Sentence, ...]
    sign: str
    line: bool
    numbered: bool


@dataclass(frozen=True, slots=True)
class Scale:
    """A bar on the map and the length that it represents at the map's middle latitude."""

    says: str
    x: float
    y: float
    length: float


@dataclass(frozen=True, slots=True)
class MapView:
    """The content of a map: SVG paths, texts that do not overlap, and every place in words, in the given order."""

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
        """Whether the map is nearly as high as it is wide, or higher."""
        return self.height > self.width * 0.8


@dataclass(frozen=True, slots=True)
class _Frame:
    """The part of the world that a map shows: equirectangular, true to scale at its middle latitude."""

    lat: float
    lon: float
    scale: float  # Units per degree of latitude.
    narrowing: float  # The ratio of a degree of longitude to a degree of latitude.
    box: Box

    def unwound(self, lon: float) -> float:
        """Return the same longitude, at most half a turn from the middle."""
        return self.lon + (lon - self.lon + 180) % 360 - 180

    def project(self, lat: float, lon: float) -> Point:
        x = self.box.right / 2 + (lon - self.lon) * self.narrowing * self.scale
        return x, self.box.bottom / 2 - (lat - self.lat) * self.scale


@dataclass(frozen=True, slots=True)
class _World:
    """The world within a frame: the visible parts of countries, and everything as paths."""

    lands: tuple[tuple[Land, Rings], ...]
    land: str
    coasts: str
    borders: str
    disputed: str


@dataclass(frozen=True, slots=True)
class _Outline:
    """A line on the globe (latitude, longitude) and its extent, because most outlines lie outside a map."""

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
    """Return the countries with their parts, and coasts, borders and disputed borders."""
    world = outlines()
    lands = tuple((land, tuple(map(_outline, land.rings))) for land in world.lands)
    return lands, tuple(tuple(map(_outline, lines)) for lines in (world.coasts, world.borders, world.disputed))


@lru_cache(16)
def _drawn_world(frame: _Frame) -> _World:
    all_lands, lines = _reaching()
    lands = tuple((land, _rings(frame, rings)) for land, rings in all_lands)
    lands = tuple((land, rings) for land, rings in lands if rings)
    coasts, borders, disputed = (_drawn(frame, outlines) for outlines in lines)
    return _World(
        lands=lands,
        land="".join(path(ring) + "Z" for _, rings in lands for ring in rings),
        coasts=coasts,
        borders=borders,
        disputed=disputed,
    )


def map_view(places: tuple[Place, ...], briefing: Briefing) -> MapView:
    """Return a map of places. Places with neither a position nor a line are only among its entries."""
    frame = _frame([point for place in places for point in _points(place)])
    spots = {
        place.id: frame.project(place.position.lat, frame.unwound(place.position.lon))
        for place in places
        if place.position
    }
    lines = {place.id: _runs(frame, place.line) for place in places if len(place.line) > 1}
    scale = _scale(frame, briefing.language)
    taken = [box_around(spot, SIGN) for spot in spots.values()]
    taken.append(Box(0, scale.y - 1.5 * TEXT, scale.x + scale.length + GAP, frame.box.bottom))
    labels = place_labels(places, frame.box, spots, lines, taken)
    entries = tuple(_entry(briefing, place, number, labels.get(place.id)) for number, place in enumerate(places, 1))

    markers, routes = [], []
    for place, entry in zip(places, entries, strict=True):
        label = labels.get(place.id)
        if place.id in spots:
            markers.append(_marker(place, entry, spots[place.id], label))
            # The marker carries the label of a place that is also a route.
            label = None
        if place.id in lines:
            routes.append(_route(place, entry, lines[place.id], label, frame))

    drawn = _drawn_world(frame)
    # Place the names of countries last, because they matter least and find room most easily.
    taken += [label.box for label in labels.values() if label]
    taken += boxes_along(lines.values())
    return MapView(
        width=frame.box.right,
        height=frame.box.bottom,
        land=drawn.land,
        coasts=drawn.coasts,
        borders=drawn.borders,
        disputed=drawn.disputed,
        countries=tuple(country_names(briefing, drawn.lands, frame.box, taken)),
        routes=tuple(routes),
        markers=tuple(markers),
        entries=entries,
        scale=scale,
    )


def _marker(place: Place, entry: MapEntry, spot: Point, label: Text | None) -> Marker:
    return Marker(
        number=entry.number,
        x=round(spot[0], 1),
        y=round(spot[1], 1),
        sign=entry.sign,
        precision=entry.precision,
        standing=entry.standing,
        label=label,
        link=entry.link,
        says=_describe(place, entry),
    )


def _route(place: Place, entry: MapEntry, runs: list[list[Point]], label: Text | None, frame: _Frame) -> Route:
    shown = "".join(path(part) for run in runs for part in clip_line(run, frame.box))
    return Route(entry.number, shown, entry.standing, label, entry.link, _describe(place, entry))


def _describe(place: Place, entry: MapEntry) -> str:
    return " · ".join(part for part in (place.name, place.kind, entry.status, entry.where) if part)


def _points(place: Place) -> Iterator[tuple[float, float]]:
    if place.position:
        yield place.position.lat, place.position.lon
    yield from place.line


def _frame(points: list[tuple[float, float]]) -> _Frame:
    """Return the part of the world that shows all the points, with a margin."""
    points = points or list(WORLD)
    # Longitudes lie on a circle. The map leaves out the widest gap between two neighbours.
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
    """Return a line on the map, broken where it would otherwise cross the whole map."""
    runs: list[list[Point]] = []
    last = math.inf
    for lat, lon in line:
        lon = frame.unwound(lon)
        if abs(lon - last) > 180:
            runs.append([])
        runs[-1].append(frame.project(lat, lon))
        last = lon
    return runs


def _rings(frame: _Frame, rings: Iterable[_Outline]) -> Rings:
    """Return the parts of a country that the map shows."""
    found: list[tuple[Point, ...]] = []
    for ring in rings:
        for points, is_within in _projected(frame, ring):
            # Most outlines are short and need no clipping, which is slow.
            if is_within:
                found.append(points)
            else:
                found.append(clip_polygon(points, frame.box))
    return tuple(ring for ring in found if ring)


def _drawn(frame: _Frame, lines: Iterable[_Outline]) -> str:
    """Return coasts or borders as a path."""
    paths: list[str] = []
    for line in lines:
        for points, is_within in _projected(frame, line):
            if is_within:
                paths.append(path(points))
            else:
                paths += [path(part) for part in clip_line(points, frame.box)]
    return "".join(paths)


def _projected(frame: _Frame, line: _Outline) -> Iterator[tuple[tuple[Point, ...], bool]]:
    """Return an outline on the map, once for each turn around the world in which it is visible, and whether all of it
    is.
    """
    for turn in (-360, 0, 360):
        left, bottom = frame.project(line.south, line.west + turn)
        right, top = frame.project(line.north, line.east + turn)
        reach = Box(left, top, right, bottom)
        if frame.box.meets(reach):
            yield tuple(frame.project(lat, lon + turn) for lat, lon in line.points), frame.box.holds(reach)


def _scale(frame: _Frame, language: Language) -> Scale:
    """Return the longest bar of a round length within a third of the map's width."""
    unit = frame.scale / KILOMETRES
    most = WIDTH / 3 / unit
    power = 10 ** math.floor(math.log10(most))
    length = max(power * step for step in (1, 2, 5) if power * step <= most)
    says = language.gettext("%(distance)s km", distance=language.format_number(length))
    return Scale(says, 10, round(frame.box.bottom - 10, 1), round(length * unit, 1))


def _entry(briefing: Briefing, place: Place, number: int, label: Text | None) -> MapEntry:
    position, standing = place.position, place.standing
    how = status = ""
    evidence: tuple[Sentence, ...] = ()
    if standing:
        how = standing.how
        status = format_status(standing, briefing.language)
        evidence = named_sentences(briefing, standing.rests_on)
    precision = sign = ""
    if position:
        precision = position.precision
        sign = SIGNS[how]
    return MapEntry(
        number=number,
        link=Link(place.name, routes.entity(place)),
        kind=place.kind,
        where=format_position(place, briefing.language) or briefing.language.gettext("not on the map: no position"),
        origin=position_source(briefing, place),
        precision=precision,
        standing=how,
        status=status,
        overdue=is_overdue(briefing, review_by(briefing, place)),
        evidence=evidence,
        sign=sign,
        line=len(place.line) > 1,
        numbered=label is not None and label.says != place.name,
    )
