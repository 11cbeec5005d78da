"""Places with positions as GeoJSON (RFC 7946): longitude first, WGS 84."""

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pydantic import Field

from briefing.exports.edition import Edition, Exported
from briefing.exports.json_records import HASHED, json_bytes, plain
from briefing.model import routes
from briefing.model.briefing import Briefing
from briefing.model.fields import Date, Slug, Slugs
from briefing.model.records import License, Place
from briefing.text.language import N_

Coordinates = tuple[float, float]


class PlaceProperties(Exported):
    """The properties of a feature. A place with both a position and a route has two features."""

    place: Slug = Field(description=N_("The place's id."))
    name: str = Field(description=N_("The one spelling used on the site."))
    aliases: tuple[str, ...] = Field(description=N_("Other names and spellings."))
    kind: str = Field(description=N_("The kind of place."))
    country: Slug | None = Field(description=N_("Its country, as the id of an actor."))
    precision: str | None = Field(description=N_("exact or approximate; null for a route."))
    position_from: Slug | None = Field(description=N_("The source of the position; null if it is general knowledge."))
    standing: str | None = Field(description=N_("Its status: confirmed, claimed, denied, planned or historical."))
    as_of: Date | None = Field(description=N_("The date of this status, in EDTF."))
    rests_on: Slugs = Field(description=N_("The facts that this status is based on."))
    facts: Slugs = Field(description=N_("The facts about the place."))
    page: str = Field(description=N_("The address of its entry on the site."))


class Geometry(Exported):
    """A position or a route."""

    type: str = Field(description="Point; LineString, or MultiLineString where a route crosses the 180th meridian.")
    coordinates: list[Any] = Field(description="Longitude and latitude in decimal degrees, in this order.")


class Feature(Exported):
    """A place."""

    type: str = Field(description="Feature.")
    id: str = Field(description="The place's id, followed by #route for a route.")
    geometry: Geometry = Field(description="Its position or route.")
    properties: PlaceProperties = Field(description="The place that it shows.")


class PlacesFile(Exported):
    """Every place that has a position or a route."""

    type: str = Field(description="FeatureCollection.")
    title: str = Field(description="The briefing's title.")
    license: License | None = Field(description="The licence of the content.")
    content_hash: str = Field(description="The content hash of the briefing, as in the JSON of all facts.")
    features: tuple[Feature, ...] = Field(description="The places.")


def places_geojson(briefing: Briefing, edition: Edition) -> bytes:
    """Return a FeatureCollection (``PlacesFile``)."""
    assert briefing.head
    file = PlacesFile(
        type="FeatureCollection",
        title=edition.title,
        license=briefing.head.license,
        content_hash=HASHED + edition.digest,
        features=tuple(feature for place in briefing.places for feature in _features(briefing, place, edition)),
    )
    return json_bytes(plain(file))


def _features(briefing: Briefing, place: Place, edition: Edition) -> Iterator[Feature]:
    about = PlaceProperties.model_construct(
        place=place.id,
        name=place.name,
        aliases=place.aliases,
        kind=place.kind,
        country=place.country,
        precision=None,
        position_from=None,
        standing=None,
        as_of=None,
        rests_on=(),
        facts=tuple(fact.id for fact in briefing.facts_about.get(place.id, ())),
        page=edition.url(routes.entity(place)),
    )
    standing = place.standing
    if standing:
        update = {"standing": standing.how, "as_of": standing.as_of, "rests_on": standing.rests_on}
        about = about.model_copy(update=update)
    position = place.position
    if position:
        point = Geometry(type="Point", coordinates=[position.lon, position.lat])
        located = about.model_copy(update={"precision": position.precision, "position_from": position.origin})
        yield Feature.model_construct(type="Feature", id=place.id, geometry=point, properties=located)
    if place.line:
        # The ids of features must differ, and the position already has the place's id.
        yield Feature.model_construct(
            type="Feature", id=f"{place.id}#route", geometry=split_at_antimeridian(place.line), properties=about
        )


def split_at_antimeridian(points: tuple[tuple[float, float], ...]) -> Geometry:
    """Return a route of (latitude, longitude) points, split where it crosses the 180th meridian (RFC 7946, 3.1.9)."""
    lines: list[list[Coordinates]] = [[(points[0][1], points[0][0])]]
    for (lat, lon), (next_lat, next_lon) in pairwise(points):
        if abs(next_lon - lon) > 180:
            edge = math.copysign(180.0, lon)
            width = next_lon + 2 * edge - lon
            share = 0.0
            # The width is 0 if the route runs along the meridian.
            if width:
                share = (edge - lon) / width
            crossing = round(lat + share * (next_lat - lat), 6)
            lines[-1].append((edge, crossing))
            lines.append([(-edge, crossing)])
        lines[-1].append((next_lon, next_lat))
    if len(lines) == 1:
        return Geometry(type="LineString", coordinates=lines[0])
    return Geometry(type="MultiLineString", coordinates=lines)
