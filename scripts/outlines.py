"""Write the outlines for maps to ``briefing/data/outlines.txt``.

Reads ``countries-50m.json`` from the npm package world-atlas 2.0.2, unpacked into a temporary folder:

    cd "$(mktemp -d)" && npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/outlines.py package/countries-50m.json

A second path names another output file.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "briefing" / "data" / "outlines.txt"
GRID = 50
TOLERANCE = 0.025  # maximum deviation of a simplified line, in degrees
LEAST = 0.015  # minimum area of an island's bounding box, in square degrees
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

# Names that have changed since the package was made. Abbreviated and disputed names are left out.
RENAMED = {"Macedonia": "North Macedonia", "Turkey": "Türkiye", "Swaziland": "Eswatini", "eSwatini": "Eswatini"}
UNNAMED = {"Somaliland", "Siachen Glacier"}

# Borders between these pairs are disputed, everywhere or within a box (south, west, north, east).
ANYWHERE = (-90, -180, 90, 180)
DISPUTED: dict[frozenset[str], tuple[float, float, float, float]] = {
    frozenset(pair): box
    for *pair, box in [
        ("Cyprus", "N. Cyprus", ANYWHERE),
        ("Serbia", "Kosovo", ANYWHERE),
        ("Morocco", "W. Sahara", ANYWHERE),
        ("Somalia", "Somaliland", ANYWHERE),
        ("Israel", "Palestine", ANYWHERE),
        ("Israel", "Syria", ANYWHERE),
        ("Ukraine", "Russia", (43, 32, 46.5, 37)),
        ("India", "Pakistan", ANYWHERE),  # only the north is disputed, but the border is a single line
        ("India", "China", ANYWHERE),
        ("India", "Siachen Glacier", ANYWHERE),
        ("Pakistan", "Siachen Glacier", ANYWHERE),
        ("China", "Siachen Glacier", ANYWHERE),
        ("Sudan", "S. Sudan", ANYWHERE),
    ]
}

Point = tuple[float, float]


def main() -> None:
    """Read the TopoJSON file named on the command line, and write the outlines."""
    world = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    countries = world["objects"]["countries"]["geometries"]
    arcs = [simplified(arc) for arc in unpacked(world)]
    kept: dict[int, int] = {}
    lands = []
    owners: dict[int, list[str]] = {}
    for country in countries:
        rings = list(kept_rings(country, arcs))
        for ring in rings:
            for index in ring:
                kept.setdefault(_plain(index), len(kept))
        for index in {_plain(index) for ring in rings for index in ring}:
            owners.setdefault(index, []).append(country["properties"]["name"])
        if rings:
            lands.append((_name(country), rings))
    lines = [kind(owners[index], arcs[index]) + packed(arcs[index]) for index in kept]
    said = [
        f"{name}:{';'.join(','.join(_number(index, kept) for index in ring) for ring in rings)}"
        for name, rings in sorted(lands)
    ]
    comments = [line for line in DATA.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    text = "\n".join([*comments, *lines, "", *said]) + "\n"
    to = Path(sys.argv[2]) if len(sys.argv) > 2 else DATA
    to.write_text(text, encoding="utf-8")
    points = sum(len(arcs[index]) for index in kept)
    print(f"{len(lands)} countries, {len(kept)} arcs, {points} points, {len(text.encode()) / 1000:.0f} kB")


def unpacked(world: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield every arc as (latitude, longitude). Longitudes continue past 180° instead of jumping."""
    (x_scale, y_scale), (left, bottom) = world["transform"]["scale"], world["transform"]["translate"]
    for arc in world["arcs"]:
        x = y = 0
        points: list[Point] = []
        for x_step, y_step in arc:
            x, y = x + x_step, y + y_step
            lon = x * x_scale + left
            turns = round((lon - points[-1][1]) / 360) if points else 0
            points.append((y * y_scale + bottom, lon - 360 * turns))
        yield points


def simplified(points: list[Point]) -> list[Point]:
    """Return the arc simplified by the Douglas-Peucker algorithm. Its ends stay, so that arcs still meet."""
    keep = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, index = max(
            ((_stray(points[i], points[first], points[last]), i) for i in range(first + 1, last)), default=(0.0, 0)
        )
        if far > TOLERANCE:
            keep.add(index)
            spans += [(first, index), (index, last)]
    return [points[i] for i in sorted(keep)]


def _stray(point: Point, start: Point, end: Point) -> float:
    run, rise = end[1] - start[1], end[0] - start[0]
    square = run * run + rise * rise
    along = ((point[1] - start[1]) * run + (point[0] - start[0]) * rise) / square if square else 0.0
    along = min(1.0, max(0.0, along))
    off_x, off_y = point[1] - start[1] - along * run, point[0] - start[0] - along * rise
    return float((off_x * off_x + off_y * off_y) ** 0.5)


def kept_rings(country: dict[str, Any], arcs: list[list[Point]]) -> Iterator[list[int]]:
    """Yield the rings that are large enough for a map, each as the indexes of its arcs."""
    shapes = country.get("arcs", [])
    polygons = [shapes] if country["type"] == "Polygon" else shapes
    for polygon in polygons:
        for ring in polygon:
            points = [point for index in ring for point in arcs[_plain(index)]]
            lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
            if len(points) > 3 and (max(lats) - min(lats)) * (max(lons) - min(lons)) >= LEAST:
                yield ring


def kind(owners: list[str], points: list[Point]) -> str:
    """Return ``.`` for a coast, ``:`` for a border, ``!`` for a disputed border."""
    if len(owners) < 2:
        return "."
    south, west, north, east = DISPUTED.get(frozenset(owners), (0, 0, 0, 0))
    return "!" if all(south <= lat <= north and west <= lon <= east for lat, lon in points) else ":"


def packed(points: Iterable[Point]) -> str:
    """Return the points as steps on the grid, zigzag-coded in digits of five bits. Equal neighbours are merged."""
    text, last = "", (0, 0)
    for index, (lat, lon) in enumerate(points):
        here = (round(lat * GRID), round(lon * GRID))
        if index and here == last:
            continue
        for step in (here[0] - last[0], here[1] - last[1]):
            number = step * 2 if step >= 0 else -step * 2 - 1
            while number > 31:
                text += DIGITS[32 | number & 31]
                number >>= 5
            text += DIGITS[number]
        last = here
    return text


def _plain(index: int) -> int:
    return index if index >= 0 else ~index


def _number(index: int, kept: dict[int, int]) -> str:
    return f"{'~' if index < 0 else ''}{kept[_plain(index)]}"


def _name(country: dict[str, Any]) -> str:
    name = str(country["properties"]["name"])
    return "" if "." in name or name in UNNAMED else RENAMED.get(name, name)


if __name__ == "__main__":
    main()
