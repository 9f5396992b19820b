"""KML 2.2: ground tracks in the air and on orbit, the pad, the landing place and the ellipse of its rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

import numpy as np

from kernels.constants import R_EQUATOR
from sim.core.ground_site import GroundSite
from sim.core.landing_area import LandingEllipse
from sim.export.ground import geodetic
from sim.export.stored import PlotData
from sim.export.trajectories import FlownPath, Trajectories

STEP_S, FINE_S, LONG_S = 30.0, 2.0, 6 * 3600.0  # between two points; a longer leg keeps its ends only
FINE = ("ascent", "entry", "descent")
COLOURS = ("ff3c78ff", "ffffc83c", "ff50c850", "ffc864ff")  # alpha, blue, green, red
SIDES = 72


def kml(data: PlotData, flown: Trajectories, crafts: Sequence[str]) -> str:
    """The document; of a leg of more than LONG_S the first and the last hours."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<kml xmlns="http://www.opengis.net/kml/2.2">',
        "<Document>",
        f"<name>{escape(str(data.record['name']))}</name>",
        "<description>Simulated by tiangong-sim; heights in metres over the WGS-84 ellipsoid</description>",
    ]
    for i in range(len(crafts)):
        colour = COLOURS[i % len(COLOURS)]
        style = f"<LineStyle><color>{colour}</color><width>2</width></LineStyle>"
        lines.append(f'<Style id="craft{i}">{style}</Style>')
    lines.append('<Style id="area"><LineStyle><color>ff0000ff</color></LineStyle>')
    lines.append("<PolyStyle><color>400000ff</color></PolyStyle></Style>")
    for i, craft in enumerate(crafts):
        lines += [f"<Folder><name>{escape(craft)}</name>"]
        for path in flown.vehicles[craft]:
            for t in _spans(path):
                lines += _track(craft, path, t, flown, f"craft{i}")
        lines.append("</Folder>")
    return "\n".join([*lines, *_places(data), "</Document>", "</kml>", ""])


def _spans(path: FlownPath) -> Iterator[np.ndarray]:
    """Times of the points of one leg, in one stretch or two."""
    start, end = path.trajectory.start, path.trajectory.end
    step = FINE_S if path.phase in FINE else STEP_S
    halves = [(start, end)] if end - start <= LONG_S else [(start, start + 0.5 * LONG_S), (end - 0.5 * LONG_S, end)]
    for a, b in halves:
        if b > a:
            yield np.append(np.arange(a, b, step), b)


def _track(craft: str, path: FlownPath, t: np.ndarray, flown: Trajectories, style: str) -> list[str]:
    r, _, _ = path.trajectory.at(t)
    lat, lon, height = geodetic(flown.earth.itrs(t, r))
    first, last = (flown.zero.plus(float(x)).utc(3) for x in (t[0], t[-1]))
    points = " ".join(f"{x:.6f},{y:.6f},{z:.1f}" for x, y, z in zip(lon, lat, height, strict=True))
    return [
        f"<Placemark><name>{escape(craft)}: {path.phase}</name>",
        f"<TimeSpan><begin>{first}</begin><end>{last}</end></TimeSpan><styleUrl>#{style}</styleUrl>",
        f"<LineString><altitudeMode>absolute</altitudeMode><coordinates>{points}</coordinates></LineString>",
        "</Placemark>",
    ]


def _places(data: PlotData) -> Iterator[str]:
    launched = data.ascent or data.await_launch
    if launched is not None:
        yield _point(launched.pad, "launch pad")
    if data.descent is None:
        return
    site = data.descent.site
    yield _point(site, "landing site")
    landing = data.record.get("landing")
    if isinstance(landing, dict):
        place = GroundSite("Landing place", float(landing["latitude_deg"]), float(landing["longitude_deg"]))
        yield _point(place, f"touchdown {landing['utc']}")
    if data.descent.ellipse is not None:
        yield _polygon(site, data.descent.ellipse)


def _point(place: GroundSite, what: str) -> str:
    at = f"{place.longitude_deg:.6f},{place.latitude_deg:.6f},0"
    return (
        f"<Placemark><name>{escape(place.name)}</name><description>{escape(what)}</description>"
        f"<Point><coordinates>{at}</coordinates></Point></Placemark>"
    )


def outline(site: GroundSite, ellipse: LandingEllipse) -> np.ndarray:
    """Latitudes and longitudes (n, 2) deg of the edge, closed: on the tangent plane, good to metres at its size."""
    angle, heading = np.linspace(0.0, 2.0 * np.pi, SIDES + 1), np.radians(ellipse.heading_deg)
    along, across = 1e3 * ellipse.along_km * np.cos(angle), 1e3 * ellipse.across_km * np.sin(angle)
    north = along * np.cos(heading) - across * np.sin(heading)
    east = along * np.sin(heading) + across * np.cos(heading)
    lat = site.latitude_deg + np.degrees(north / R_EQUATOR)
    return np.column_stack([lat, site.longitude_deg + np.degrees(east / (R_EQUATOR * np.cos(np.radians(lat))))])


def _polygon(site: GroundSite, ellipse: LandingEllipse) -> str:
    points = " ".join(f"{lon:.6f},{lat:.6f},0" for lat, lon in outline(site, ellipse))
    ring = f"<LinearRing><coordinates>{points}</coordinates></LinearRing>"
    return (
        "<Placemark><name>Ellipse of the landing rule</name><styleUrl>#area</styleUrl>"
        f"<Polygon><outerBoundaryIs>{ring}</outerBoundaryIs></Polygon></Placemark>"
    )
