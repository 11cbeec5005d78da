"""The outlines of land and borders, read from the package's data.

``scripts/outlines.py`` writes them, simplified for a map about 900 pixels wide and without smaller islands. The
borders are the de facto borders of Natural Earth. They imply no position on any claim, and disputed borders are
marked.
"""

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Points lie on a grid of 1/50°.
GRID = 50
_DIGITS = {char: value for value, char in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")}

# Pairs of latitude and longitude. Longitudes continue beyond 180°.
Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Land:
    """A country's name (empty if there is no generally accepted one) and its rings, including holes."""

    name: str
    rings: tuple[Points, ...]

    def is_near(self, lat: float, lon: float, tolerance: float) -> bool:
        """Return whether a point is in the country, or at most ``tolerance`` degrees from its outline."""
        inside = False
        for ring in self.rings:
            for (lat1, lon1), (lat2, lon2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                for turn in (-360, 0, 360):
                    x, width = lon + turn - lon1, lon2 - lon1
                    if (lat1 > lat) != (lat2 > lat) and x < width * (lat - lat1) / (lat2 - lat1):
                        inside = not inside
                if _distance(lat - lat1, lon - lon1, lat2 - lat1, lon2 - lon1) <= tolerance:
                    return True
        return inside


def _distance(lat: float, lon: float, end_lat: float, end_lon: float) -> float:
    """Return the distance in degrees of a point from a line that begins at the origin."""
    lon -= 360 * round(lon / 360)
    length = end_lat**2 + end_lon**2
    share = max(0.0, min(1.0, (lat * end_lat + lon * end_lon) / length)) if length else 0.0
    return math.hypot(lat - share * end_lat, lon - share * end_lon)


@dataclass(frozen=True, slots=True)
class Outlines:
    """Every country, and the lines between them. A line that two countries share occurs once."""

    lands: tuple[Land, ...]
    coasts: tuple[Points, ...]
    borders: tuple[Points, ...]
    disputed: tuple[Points, ...]


@cache
def _packed() -> tuple[list[str], list[tuple[str, str]]]:
    """Return the arcs and, for each country, its name and its rings, as the data file has them."""
    text = (files("briefing") / "data" / "outlines.txt").read_text(encoding="utf-8")
    arc_lines, land_lines = text.split("\n\n")
    lands = (line.partition(":") for line in land_lines.splitlines())
    return [line for line in arc_lines.splitlines() if line[0] != "#"], [(name, rings) for name, _, rings in lands]


@cache
def outlines() -> Outlines:
    """Return the outlines of all countries. The data file describes its format."""
    arcs, lands = _packed()
    kinds: dict[str, list[Points]] = {".": [], ":": [], "!": []}
    for number, line in enumerate(arcs):
        kinds[line[0]].append(_arc(number))
    found = tuple(_land(name, rings) for name, rings in lands)
    return Outlines(found, tuple(kinds["."]), tuple(kinds[":"]), tuple(kinds["!"]))


@cache
def land_named(names: tuple[str, ...]) -> Land | None:
    """Return the country with one of these English names, or None."""
    wanted = {name.casefold() for name in names}
    # Only this one is unpacked. All of them take a tenth of a second.
    return next((_land(name, rings) for name, rings in _packed()[1] if name.casefold() in wanted), None)


def _land(name: str, rings: str) -> Land:
    return Land(name, tuple(map(_joined, rings.split(";"))))


@cache
def _arc(number: int) -> Points:
    return _unpacked(_packed()[0][number][1:])


def _unpacked(packed: str) -> Points:
    """Return the steps on the grid from zigzag-coded digits of five bits, in which a sixth bit marks that more
    follow.
    """
    numbers, number, shift = [], 0, 0
    for char in packed:
        digit = _DIGITS[char]
        number |= (digit & 31) << shift
        shift += 5
        if digit < 32:
            # Zigzag coding keeps small negative numbers short: 0, -1, 1, -2 are written as 0, 1, 2, 3.
            numbers.append(number >> 1 ^ -(number & 1))
            number, shift = 0, 0
    lat = lon = 0
    points = []
    for lat_step, lon_step in zip(numbers[::2], numbers[1::2], strict=True):
        lat, lon = lat + lat_step, lon + lon_step
        points.append((lat / GRID, lon / GRID))
    return tuple(points)


def _joined(ring: str) -> Points:
    """Return the ring formed by arcs placed end to end. ``~`` before the number of an arc reverses it.

    Longitudes continue beyond 180°. A ring around a pole is closed through the pole.
    """
    points: list[tuple[float, float]] = []
    for number in ring.split(","):
        arc = _arc(int(number.lstrip("~")))
        if number.startswith("~"):
            arc = arc[::-1]
        for lat, lon in arc:
            if points:
                lon -= 360 * round((lon - points[-1][1]) / 360)
            points.append((lat, lon))
    (lat, start), (_, end) = points[0], points[-1]
    if abs(end - start) > 180:
        pole = math.copysign(90.0, lat)
        points += [(pole, end), (pole, start)]
    return tuple(points)
