"""The map: clipping, labels that neither overlap nor leave the map, and places anywhere on earth."""

import math
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefing.compile import Inputs, check
from briefing.evidence.outlines import outlines
from briefing.model.briefing import Briefing
from briefing.model.records import Place
from briefing.views.maps.geometry import Box, clip_line, clip_polygon
from briefing.views.maps.labels import Text, text_width
from briefing.views.maps.map import MapView, map_view

BOX = Box(0, 0, 300, 200)

coordinates = st.floats(-1000, 1000, allow_nan=False, allow_subnormal=False)
lines_drawn = st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=12)
positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.fixture(scope="module")
def briefing(vasa: Inputs) -> Briefing:
    found = check(vasa).briefing
    assert found is not None
    return found


def place(name: str, lat: float, lon: float, precision: str = "exact") -> Place:
    position = {"lat": lat, "lon": lon, "precision": precision}
    return Place.model_validate({"id": name.lower(), "name": name, "kind": "port", "position": position})


def route(name: str, *points: tuple[float, float]) -> Place:
    return Place.model_validate({"id": name.lower(), "name": name, "kind": "route", "line": points})


def within(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def drawn(path: str) -> list[list[tuple[float, float]]]:
    """Return the points of each part of a path."""
    parts = [[*map(float, part.removesuffix("Z").split())] for part in path.split("M")[1:]]
    return [list(zip(part[::2], part[1::2], strict=True)) for part in parts]


def labels(view: MapView) -> list[Text]:
    signed = (*(marker.label for marker in view.markers), *(route.label for route in view.routes))
    return [*(text for text in signed if text), *view.countries]


def area(ring: tuple[tuple[float, float], ...]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise((*ring, ring[0])))) / 2 if ring else 0


def assert_sound(view: MapView) -> None:
    box = Box(0, 0, view.width, view.height)
    assert 1 <= view.width / view.height <= 1.51
    for path in (view.land, view.coasts, view.borders, view.disputed, *(route.path for route in view.routes)):
        parts = drawn(path)
        assert all(within(box, x, y) for part in parts for x, y in part)
        assert all(len(part) > 1 for part in parts)
    for marker in view.markers:
        assert within(Box(10, 10, view.width - 10, view.height - 10), marker.x, marker.y)
    assert all(box.holds(text.box) for text in labels(view))
    assert not [(a.says, b.says) for a, b in combinations(labels(view), 2) if a.box.meets(b.box)]
    signs = [Box(m.x - 5, m.y - 5, m.x + 5, m.y + 5) for m in view.markers]
    assert not [text.says for text in labels(view) for sign in signs if text.box.meets(sign)]


@pytest.mark.slow
@given(lines_drawn)
def test_clipped_polygon_lies_within_the_box(points: list[tuple[float, float]]) -> None:
    clipped = clip_polygon(points, BOX)
    assert all(within(BOX, x, y) for x, y in clipped)
    assert clip_polygon(clipped, BOX) == clipped


@pytest.mark.slow
@given(lines_drawn)
def test_clipped_line_lies_within_the_box(points: list[tuple[float, float]]) -> None:
    for part in clip_line(points, BOX):
        assert len(part) > 1
        assert all(within(BOX, x, y) for x, y in part)


@pytest.mark.slow
@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=3, max_size=12))
def test_polygon_within_the_box_is_not_clipped(points: list[tuple[float, float]]) -> None:
    assert clip_polygon(points, BOX) == tuple(points)


@pytest.mark.parametrize(
    ("ring", "left"),
    [
        (((-10, -10), (310, -10), (310, 210), (-10, 210)), 300 * 200),
        (((-100, 50), (100, 50), (100, 150), (-100, 150)), 100 * 100),
        (((400, 0), (500, 0), (500, 100)), 0),
        (((150, -200), (450, 100), (150, 400), (-150, 100)), 300 * 200),
    ],
)
def test_clipping_keeps_the_part_within_the_box(ring: tuple[tuple[float, float], ...], left: float) -> None:
    assert area(clip_polygon(ring, BOX)) == pytest.approx(left)


def test_line_that_leaves_and_returns_becomes_two() -> None:
    parts = list(clip_line([(100, 100), (400, 100), (400, 150), (100, 150)], BOX))
    assert parts == [((100, 100), (300, 100)), ((300, 150), (100, 150))]


@pytest.mark.slow
@settings(max_examples=15)
@given(st.lists(positions, min_size=1, max_size=6))
def test_any_places_give_a_valid_map(briefing: Briefing, spots: list[tuple[float, float]]) -> None:
    places = tuple(place(f"Harbour-{index}", lat, lon) for index, (lat, lon) in enumerate(spots))
    view = map_view(places, briefing)
    assert_sound(view)
    assert len(view.markers) == len(view.entries) == len(places)


@pytest.mark.slow
@settings(max_examples=15)
@given(st.lists(positions, min_size=2, max_size=6))
def test_any_line_gives_a_valid_map(briefing: Briefing, points: list[tuple[float, float]]) -> None:
    assert_sound(map_view((route("Way", *points),), briefing))


@pytest.mark.parametrize("spots", [[(90, 0)], [(-90, 180)], [(0, 180), (0, -180)], [(52, 179), (53, -179)], [(0, 0)]])
def test_edges_of_the_world(briefing: Briefing, spots: list[tuple[float, float]]) -> None:
    assert_sound(map_view(tuple(place(f"Edge-{index}", *spot) for index, spot in enumerate(spots)), briefing))


def test_neighbours_across_the_antimeridian_are_neighbours(briefing: Briefing) -> None:
    west, east = map_view((place("West", 66, 179), place("East", 66, -179)), briefing).markers
    assert west.x < east.x
    assert math.isclose(east.y, west.y)
    land = drawn(map_view((place("West", 66, 179), place("East", 66, -179)), briefing).land)
    assert any(min(x for x, _ in part) < west.x and max(x for x, _ in part) > east.x for part in land), "split in two"


def test_map_is_reproducible(briefing: Briefing) -> None:
    places = (place("Aden", 12.8, 45.0), place("Mocha", 13.3, 43.2, "approximate"), route("Way", (12, 44), (15, 42)))
    assert map_view(places, briefing) == map_view(places, briefing)


def test_many_places_stay_readable(briefing: Briefing) -> None:
    spots = [(50, 10), (50, 10.2), (50.2, 10.1), (49.8, 10.1), (50, 10.1), (50, 10.1)]
    view = map_view(tuple(place(f"Harbour-{index}", *spot) for index, spot in enumerate(spots)), briefing)
    assert_sound(view)
    assert sum(marker.label is not None for marker in view.markers) >= 4


def test_label_without_room_becomes_a_number_in_the_list(briefing: Briefing) -> None:
    view = map_view((place("Aden", 12.8, 45.0), place("Lla" + "nfair" * 15, 13.3, 43.2)), briefing)
    assert [marker.label and marker.label.says for marker in view.markers] == ["Aden", "2"]
    assert [entry.numbered for entry in view.entries] == [False, True]


def test_routes_are_all_named_or_all_numbered(briefing: Briefing) -> None:
    apart = (route("North", (50, 0), (50, 20)), route("South", (40, 0), (40, 20)))
    assert [r.label and r.label.says for r in map_view(apart, briefing).routes] == ["North", "South"]
    long = (*apart, route("Lla" + "nfair" * 15, (45, 0), (45, 20)))
    assert [r.label and r.label.says for r in map_view(long, briefing).routes] == ["1", "2", "3"]


def test_standing_and_precision_are_shown_by_shape_and_text(briefing: Briefing) -> None:
    fact = briefing.facts[0].id
    shapes = set()
    for how in ("confirmed", "claimed", "denied", "planned", "historical"):
        one = place("Aden", 12.8, 45.0, "approximate").model_dump(by_alias=True)
        one["position"].pop("from")
        standing = {"how": how, "as_of": "2024-05", "rests_on": [fact]}
        view = map_view((Place.model_validate({**one, "standing": standing}),), briefing)
        shapes.add(view.markers[0].sign)
        assert view.markers[0].precision == "approximate"
        assert f"{how.capitalize()}, as of May 2024" in view.markers[0].says
        assert "about 12.8° N" in view.markers[0].says
        assert [sentence.id for sentence in view.entries[0].evidence] == [fact]
    assert len(shapes) == 5


@pytest.mark.slow
def test_place_without_position_is_listed_in_text(briefing: Briefing) -> None:
    lost = Place.model_validate({"id": "lost", "name": "Lost", "kind": "port"})
    view = map_view((lost, place("Aden", 12.8, 45.0)), briefing)
    assert [marker.number for marker in view.markers] == [2]
    assert view.entries[0].where == "not on the map: no position"
    assert_sound(map_view((lost,), briefing))


def test_country_labels_use_the_spelling_of_the_briefing(briefing: Briefing) -> None:
    places = (place("Kiruna", 67.9, 20.2), place("Malmo", 55.6, 13.0))
    assert {"Sweden", "Norway"} <= {text.says for text in map_view(places, briefing).countries}
    actors = [
        actor.model_copy(update={"name": "Sverige", "aliases": ("Sweden",)}) if actor.name == "Sweden" else actor
        for actor in briefing.actors
    ]
    names = {text.says for text in map_view(places, replace(briefing, actors=tuple(actors))).countries}
    assert "Sverige" in names
    assert "Sweden" not in names


def test_outlines_are_complete() -> None:
    world = outlines()
    assert len(world.lands) > 200
    assert world.disputed
    for land in world.lands:
        for ring in land.rings:
            assert all(-90 <= lat <= 90 and -360 <= lon <= 360 for lat, lon in ring)
            jumps = [b for a, b in pairwise(ring) if abs(a[1] - b[1]) > 180 and a[0] != -90]
            assert not jumps, f"{land.name} jumps across the map"


def test_wide_characters_count_as_wide() -> None:
    assert text_width("illi") < text_width("abcd") < text_width("WWWW")
