"""The ground track: the world with ascent, rendezvous and return, and the two ends of the flight enlarged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.ticker import FuncFormatter, MultipleLocator

from sim.core.epoch import Epoch
from sim.core.ground_site import GroundSite
from sim.export.stored import PlotData
from sim.files import packaged
from sim.plots import sun
from sim.plots.sheet import Sheet, renderer_of
from sim.plots.style import BLUE, GREEN, INK, ORANGE, SOFT, VERMILLION, Labels, event_name, panel, sheet

LAND, SEA, NIGHT = "#e9e4d8", "#f7fafc", "#1b2a41"
UPWARD = ("ascent", "phasing", "homing", "transfer", "fly_around", "docking")
HOMEWARD = ("undocking", "departure", "deorbit", "entry", "descent")
LOOK = {
    "ascent": (VERMILLION, 3.2),
    "up": (BLUE, 1.3),
    "departure": (ORANGE, 1.1),
    "down": (GREEN, 3.0),
}
WORLD_MARKS = ("liftoff", "orbit_insertion", "contact", "undocking", "deorbit_burn_start", "touchdown")
ASCENT_MARKS = ("liftoff", "booster_separation", "fairing_separation", "main_engine_cutoff", "orbit_insertion")
RETURN_MARKS = ("entry_interface", "peak_load", "main_chute_deployment", "touchdown")


def draw(data: PlotData) -> Sheet | None:
    up, down = data.ship("liftoff"), data.ship("undocking")
    start, pad = data.when("liftoff"), data.ascent.pad if data.ascent else None
    if start is None or pad is None:
        return None
    liftoff = data.zero.plus(start)
    figure = sheet(9.0, "Ground track", f"{data.record['name']} · {_span(data, start)} · night side as at lift-off")
    world = panel(figure, 0.55, 4.3, 9.87, 3.85)
    world_map(world, (-180, 180), (-62, 78), coast="coast110.npz", step=30, step_up=30)
    night(world, liftoff)
    tracks = _tracks(data, up, down)
    _lines(world, tracks)
    _ten_minutes(world, data, tracks)
    _marks(world, data, (up, down), WORLD_MARKS, "%d %b %H:%M")
    _legend(world, tracks)
    _enlarged(figure, data, 0.55, (up,), ("ascent",), ASCENT_MARKS, pad, "Launch", liftoff)
    touchdown = data.when("touchdown")
    if touchdown is not None and data.descent is not None:
        site = data.descent.site
        epoch, miss = data.zero.plus(touchdown), data.events("touchdown")[0]["values"]["miss_km"]
        axes = _enlarged(figure, data, 5.75, (down,), HOMEWARD[-2:], RETURN_MARKS, site, "Landing", epoch)
        axes.set_title(axes.get_title("left") + f", {miss:.1f} km from the site", fontsize=9.5)
    return figure


def _span(data: PlotData, start: float) -> str:
    last = data.when("touchdown") or data.when("docked")
    first = data.clock(start, "%d %b %Y")
    return first + (f" to {data.clock(last, '%d %b %Y')}" if last else "") + " (UTC)"


def _tracks(data: PlotData, up: str, down: str) -> dict[str, list[dict]]:
    """The tracks by the name of their look; the week of docked flight is left out on purpose."""
    returning = [data.track(down, phase) for phase in HOMEWARD]
    burn = data.when("deorbit_burn_start") or np.inf  # its phase begins with hours of coasting
    found = {
        "ascent": [data.track(up, "ascent")],
        "up": [data.track(up, phase) for phase in UPWARD[1:]],
        "departure": [_where(track, track["t_s"] <= burn) for track in returning if track],
        "down": [_where(track, track["t_s"] >= burn) for track in returning if track],
    }
    return {look: kept for look, tracks in found.items() if (kept := [t for t in tracks if t and len(t["t_s"]) > 1])}


def _where(track: dict, these: np.ndarray) -> dict:
    return {key: column[these] for key, column in track.items()}


@cache
def _rings(coast: str) -> tuple[np.ndarray, ...]:
    """Every ring of land (n,2), longitudes and latitudes in deg; one across the date line is carried on."""
    file = packaged.arrays(f"seeds/assets/{coast}")
    points = np.column_stack([file["lon"], file["lat"]]).astype(float)
    rings = []
    for ring in np.split(points, np.flatnonzero(np.isnan(points[:, 0]))):
        ring = ring[np.isfinite(ring[:, 0])]
        if len(ring) >= 3:
            rings.append(np.column_stack([np.unwrap(ring[:, 0], period=360.0), ring[:, 1]]))
    return tuple(rings)


def _land(coast: str, lon: tuple[float, float]) -> list[np.ndarray]:
    """Rings of land (n,2) within the longitudes `lon`; a ring across the date line is drawn twice."""
    return [
        ring + (shift, 0.0)
        for ring in _rings(coast)
        for shift in (-360.0, 0.0, 360.0)
        if ring[:, 0].max() + shift > lon[0] and ring[:, 0].min() + shift < lon[1]
    ]


def world_map(
    axes: Axes, lon: tuple[float, float], lat: tuple[float, float], coast: str, step: float, step_up: float
) -> None:
    """Land and sea between two longitudes and two latitudes, deg, ticked every `step` and `step_up`.

    Without `coast` all is land: a body without seas.
    """
    if coast:
        land = PolyCollection(_land(coast, lon), facecolors=LAND, edgecolors="#b9b2a3", linewidths=0.6, zorder=0.5)
        axes.add_collection(land)
    axes.set(xlim=lon, ylim=lat, facecolor=SEA if coast else LAND)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.yaxis.set_major_locator(MultipleLocator(step_up))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: _degrees(v, "E", "W")))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: _degrees(v, "N", "S")))
    axes.spines[["top", "right"]].set_visible(True)


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):g}°{positive if value > 0 else negative if value < 0 else ''}"


def night(axes: Axes, epoch: Epoch) -> None:
    """Shade where the Sun stands below the horizon, and mark where it is overhead; near the right edge its name stands
    to the left of it."""
    latitude, longitude = sun.subsolar_point(epoch)
    x = np.linspace(-180.0, 180.0, 361)
    declination = np.radians(latitude if abs(latitude) > 0.05 else 0.05)
    edge = np.degrees(np.arctan(-np.cos(np.radians(x - longitude)) / np.tan(declination)))
    axes.fill_between(x, edge, -90.0 if latitude > 0 else 90.0, color=NIGHT, alpha=0.16, lw=0, zorder=1)
    axes.plot(longitude, latitude, "o", ms=9, mfc="#F0E442", mec=SOFT, mew=0.8, zorder=3, clip_on=False)
    at, offset = (longitude, latitude), (8, 0)
    words = axes.annotate("Sun", at, offset, textcoords="offset points", fontsize=9, va="center", color=SOFT)
    measure = renderer_of(axes)
    if words.get_window_extent(measure).x1 > axes.get_window_extent(measure).x1:
        words.set(ha="right", position=(-8, 0))


def split(longitude: np.ndarray, latitude: np.ndarray) -> list[np.ndarray]:
    """A track cut where it leaves the map at +-180 deg, as pieces of shape (n,2); each cut is carried to the edge."""
    points = np.column_stack([longitude, latitude])
    pieces: list[np.ndarray] = []
    start = 0
    ends: list[np.ndarray] = []
    for i in np.flatnonzero(np.abs(np.diff(longitude)) > 180.0):
        side = np.sign(points[i, 0]) * 180.0
        step = points[i + 1, 0] - points[i, 0] + 2 * side
        share = (side - points[i, 0]) / step if step else 0.0
        edge = points[i, 1] + share * (points[i + 1, 1] - points[i, 1])
        pieces.append(np.vstack([*ends, points[start : i + 1], [side, edge]]))
        ends, start = [np.array([-side, edge])], int(i) + 1
    return [*pieces, np.vstack([*ends, points[start:]])]


def _lines(axes: Axes, tracks: dict, scale: float = 1.0) -> None:
    for look, parts in tracks.items():
        colour, width = LOOK[look]
        pieces = [p for t in parts for p in split(t["longitude_deg"], t["latitude_deg"])]
        axes.add_collection(LineCollection(pieces, colors=colour, linewidths=width * scale, zorder=3, capstyle="round"))


def _ten_minutes(axes: Axes, data: PlotData, tracks: dict) -> None:
    """A dot on the way up and down at every whole ten minutes of UTC."""
    for look, parts in tracks.items():
        t, lon, lat = (np.concatenate([p[k] for p in parts]) for k in ("t_s", "longitude_deg", "latitude_deg"))
        offset = data.zero.tai_ns / 1e9 - data.zero.tai_minus_utc
        ticks = np.arange(np.ceil((t[0] + offset) / 600), np.floor((t[-1] + offset) / 600) + 1) * 600 - offset
        i = np.clip(np.searchsorted(t, ticks), 0, len(t) - 1)
        axes.plot(lon[i], lat[i], "o", ms=3.2, mfc="white", mec=LOOK[look][0], mew=0.9, zorder=3.5, ls="none")


def _place(data: PlotData, ships: tuple[str, ...], t: float) -> tuple[float, float] | None:
    """Longitude and latitude of whichever ship has a track at `t`."""
    for ship in ships:
        for phase in (*UPWARD, *HOMEWARD):
            track = data.track(ship, phase)
            if track and track["t_s"][0] - 1 <= t <= track["t_s"][-1] + 1:
                i = int(np.argmin(np.abs(track["t_s"] - t)))
                return track["longitude_deg"][i], track["latitude_deg"][i]
    return None


def _marks(
    axes: Axes,
    data: PlotData,
    ships: tuple[str, ...],
    names: Iterable[str],
    clock: str,
    clear: Iterable[tuple[np.ndarray, np.ndarray]] = (),
) -> None:
    """Event marks with name and UTC in the form `clock`, as far as they lie on this map."""
    found = [(name, when) for name in names if (when := data.when(name)) is not None]
    places = [(name, t, _place(data, ships, t)) for name, t in found]
    placed = [(name, t, place) for name, t, place in places if place and _within(axes, *place)]
    labels = Labels(axes, [p[2] for p in placed])
    labels.block_texts()
    for lon, lat in clear:
        labels.block(lon, lat)
    for name, t, (x, y) in placed:
        axes.plot(x, y, "D", ms=6.5, mfc="white", mec=INK, mew=1.4, zorder=5, clip_on=False)
        halo = {"boxstyle": "square,pad=0.12", "fc": "white", "ec": "none", "alpha": 0.8}
        labels.add(x, y, f"{event_name(name)}\n{data.clock(t, clock)}", bbox=halo, fontweight="bold", fontsize=8.5)


def _within(axes: Axes, x: float, y: float) -> bool:
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return left < x < right and low < y < high


def _legend(axes: Axes, tracks: dict) -> None:
    words = {
        "ascent": "ascent",
        "up": "phasing to docking",
        "departure": "undocking to deorbit",
        "down": "return and entry",
    }
    for look in tracks:
        axes.plot([], [], color=LOOK[look][0], lw=LOOK[look][1] + 0.5, label=words[look])
    axes.plot([], [], "o", ms=4, mfc="white", mec=SOFT, ls="none", label="each 10 min of UTC")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=5, handlelength=1.8, columnspacing=1.6)


def _enlarged(
    figure: Sheet,
    data: PlotData,
    left: float,
    ships: tuple[str, ...],
    phases: Iterable[str],
    names: Iterable[str],
    site: GroundSite,
    title: str,
    epoch: Epoch,
) -> Axes:
    """One end of the flight on a regional map, with the site and the Sun there."""
    look = "ascent" if "ascent" in phases else "down"
    tracks = {look: [t for ship in ships for phase in phases if (t := data.track(ship, phase))]}
    lon, lat = (
        np.concatenate([[here], *(t[k] for t in tracks[look])])
        for here, k in ((site.longitude_deg, "longitude_deg"), (site.latitude_deg, "latitude_deg"))
    )
    middle = (lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2
    flat = 2.75 / 4.67 * np.cos(np.radians(middle[1]))  # degrees of latitude a degree of longitude, so that shapes keep
    wide = max(np.ptp(lon) * 1.3, np.ptp(lat) * 1.5 / flat, 8.0)
    axes = panel(figure, left, 0.5, 4.67, 2.75)
    across = middle[0] - wide / 2, middle[0] + wide / 2
    world_map(
        axes,
        across,
        (middle[1] - wide * flat / 2, middle[1] + wide * flat / 2),
        "coast50.npz",
        _step(wide),
        _step(1.5 * wide * flat),
    )
    elevation = sun.elevation_deg(epoch, site.latitude_deg, site.longitude_deg)
    axes.set_title(f"{title} {epoch.text('%d %b %H:%M')} UTC, Sun {elevation:+.0f}°", fontsize=9.5)
    _lines(axes, tracks)
    axes.plot(site.longitude_deg, site.latitude_deg, "s", ms=12, mfc="none", mec=INK, mew=1.2, zorder=4.5)
    _marks(axes, data, ships, names, "%H:%M:%S", [(t["longitude_deg"], t["latitude_deg"]) for t in tracks[look]])
    return axes


def _step(wide: float) -> float:
    return next(step for step in (1, 2, 5, 10, 20) if wide / step <= 8 or step == 20)
