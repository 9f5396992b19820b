"""The landing on the map: ground track, footprint, ballistic point, places of events, and the site enlarged."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon

from sim.catalogue.facts import fact
from sim.core.ground_site import GroundSite
from sim.core.landing_area import Footprint, LandingEllipse
from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData
from sim.plots.areas import beside, region
from sim.plots.boxes import Point
from sim.plots.ground_track import split
from sim.plots.return_marks import HALO, KM_A_DEGREE, Place, distance_km, local_km, place_text, places, through_the_air
from sim.plots.sheet import Sheet
from sim.plots.style import BLUE, GREEN, INK, ORANGE, PURPLE, SOFT, VERMILLION, Labels, Look, event_name, panel, sheet

EVENTS = (
    "service_module_separation",
    "entry_interface",
    "blackout_start",
    "peak_load",
    "blackout_end",
    "drogue_deployment",
    "touchdown",
)
NEAR = ("drogue_deployment", "main_chute_deployment", "heat_shield_jettison", "touchdown")
WIDE, TALL = 9.87, 4.3  # in, of the map
WIDTH_SEEN = 0.1  # of the length, below which an ellipse would be a line on the map
FAR_KM = 60.0  # of a touchdown, from which on the site is not on the map about it
BEFORE_S = 60.0  # of the track before the modules part


def draw(data: PlotData) -> Sheet | None:
    air = through_the_air(data)
    if data.entry is None or air is None or data.when("entry_interface") is None:
        return None
    figure = sheet(11.35, "Where the capsule comes down", _subtitle(data))
    _map(panel(figure, 0.55, 6.0, WIDE, TALL), data, data.entry.footprint)
    if data.descent is not None:
        _near(panel(figure, 0.8, 1.05, 4.55, 4.0), data, air, data.descent.ellipse)
        _drift(panel(figure, 6.35, 1.05, 4.0, 4.0), data)
    return figure


def _subtitle(data: PlotData) -> str:
    text = data.record["name"]
    for event in data.events("touchdown")[:1]:
        when = data.clock(data.seconds(event["utc"]), "%d %b %Y %H:%M:%S")
        text += f" · touchdown {when} UTC, {event['values']['miss_km']:.1f} km from the site"
    return text


# ---- the map


def _map(axes: Axes, data: PlotData, reach: Footprint | None) -> None:
    assert data.entry is not None  # it is drawn for flights that entered
    site = data.entry.site
    middle = site.longitude_deg
    found = places(data, EVENTS)
    track = _track(data, (min(p.t for p in found) if found else data.entry.entry.t_s[0]) - BEFORE_S)
    lon, lat = beside(track["longitude_deg"], middle), track["latitude_deg"]
    all_lon, all_lat = [lon, np.array([middle])], [lat, np.array([site.latitude_deg])]
    if reach is not None:
        all_lon += [beside(reach.edge_longitude_deg, middle), beside([reach.ballistic_longitude_deg], middle)]
        all_lat += [reach.edge_latitude_deg, np.array([reach.ballistic_latitude_deg])]
    wide = 1.1 * float(np.ptp(np.concatenate(all_lon)))
    step = next(step for step in (1.0, 2.0, 5.0, 10.0, 20.0) if wide / step <= 12.0 or step == 20.0)
    region(axes, np.concatenate(all_lon), np.concatenate(all_lat), TALL / WIDE, step)
    axes.set_title(_map_title(reach))
    axes.add_collection(LineCollection(split(lon, lat), colors=VERMILLION, linewidths=2.2, zorder=3))
    axes.plot([], [], color=VERMILLION, lw=2.2, label="ground track")
    marks = [(float(beside([p.longitude_deg], middle)[0]), p.latitude_deg) for p in found]
    labels = Labels(axes, [*marks, (middle, site.latitude_deg)])
    labels.block(lon, lat)
    if reach is not None and len(reach.edge_latitude_deg):
        _footprint(axes, labels, reach, middle)
    axes.plot(middle, site.latitude_deg, "s", ms=9, mfc="none", mec=INK, mew=1.6, zorder=5, label=site.name, ls="none")
    _modules(axes, labels, data, middle)
    for place, mark in zip(found, marks, strict=True):
        axes.plot(*mark, "D", ms=6, mfc="white", mec=INK, mew=1.3, zorder=5)
        labels.add(*mark, place_text(data, place), fontsize=8.5, bbox=HALO)
    _scale_bar(axes)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=6, fontsize=8.5, columnspacing=1.2, handlelength=1.8
    )


def _map_title(reach: Footprint | None) -> str:
    title = "Entry and footprint"
    return title if reach is None else f"{title}: what is reached with at most {reach.load_limit_g:g} g"


def _track(data: PlotData, start: float) -> dict[str, np.ndarray]:
    ship = data.ship("entry_interface")
    parts = [track for phase in ("deorbit", "entry", "descent") if (track := data.track(ship, phase))]
    whole = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    return {key: column[whole["t_s"] >= start] for key, column in whole.items()}


def _footprint(axes: Axes, labels: Labels, reach: Footprint, middle: float) -> None:
    edge = np.column_stack([beside(reach.edge_longitude_deg, middle), reach.edge_latitude_deg])
    axes.add_patch(Polygon(edge, fc=(0.0, 0.45, 0.7, 0.12), ec=BLUE, lw=1.5, zorder=1.8, label="footprint"))
    within = reach.peak_load_g <= reach.load_limit_g
    lon, lat = beside(reach.longitude_deg, middle), reach.latitude_deg
    axes.plot(lon[within], lat[within], "o", ms=4, mfc="white", mec=BLUE, mew=1.1, ls="none", zorder=2.5)
    labels.block(edge[:, 0], edge[:, 1])
    for bank, x, y, load in zip(reach.bank_deg, lon, lat, reach.peak_load_g, strict=True):
        if load <= reach.load_limit_g and (bank == 0.0 or abs(bank) == 45.0):
            labels.add(
                x, y, f"bank {bank:+.0f}°, {load:.1f} g" if bank else f"lift up, {load:.1f} g", fontsize=8, color=BLUE
            )
    x, y = float(beside([reach.ballistic_longitude_deg], middle)[0]), reach.ballistic_latitude_deg
    axes.plot(x, y, "X", ms=9, mfc=PURPLE, mec=INK, mew=0.9, zorder=5, ls="none", label="ballistic")
    labels.add(x, y, f"ballistic, {reach.ballistic_load_g:.1f} g", fontsize=8.5, bbox=HALO)


def _modules(axes: Axes, labels: Labels, data: PlotData, middle: float) -> None:
    """The 99 % ellipses in which the pieces of the service module come down, where the flight records them."""
    fallen = data.deorbit.fragments if data.deorbit is not None else None
    if fallen is None:
        return
    columns = (
        fallen.latitude_deg,
        fallen.longitude_deg,
        fallen.half_length_km,
        fallen.half_width_km,
        fallen.heading_deg,
    )
    for i, (latitude, longitude, length, width, heading) in enumerate(zip(*columns, strict=True)):
        east, north = outline(length, max(width, WIDTH_SEEN * length), heading)
        x = float(beside([longitude], middle)[0]) + east / (KM_A_DEGREE * np.cos(np.radians(latitude)))
        y = latitude + north / KM_A_DEGREE
        words = "service module's pieces, 99 % (width at least 1/10)" if i == 0 else None
        axes.plot(x, y, color=INK, lw=1.1, ls=(0, (3, 1.5)), zorder=2.6, label=words)
        labels.block(x, y, 4)
    west, east_most = int(np.argmin(fallen.longitude_deg)), int(np.argmax(fallen.longitude_deg))
    x, y = float(beside([fallen.longitude_deg[west]], middle)[0]), float(fallen.latitude_deg[west])
    labels.add(x, y, f"{fallen.name[west]} to {fallen.name[east_most]}", fontsize=8, bbox=HALO)


def _scale_bar(axes: Axes) -> None:
    """So many km along the parallel at the lower edge of the map."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    y = low + 0.07 * (high - low)
    km_a_degree = KM_A_DEGREE * np.cos(np.radians(y))
    length = next(x for x in (50, 100, 200, 500, 1000) if x / km_a_degree > 0.08 * (right - left) or x == 1000)
    x0 = right - 0.03 * (right - left) - length / km_a_degree
    axes.plot([x0, x0 + length / km_a_degree], [y, y], color=INK, lw=2.2, solid_capstyle="butt", zorder=6)
    axes.annotate(
        f"{length} km",
        (x0 + 0.5 * length / km_a_degree, y),
        (0, 4),
        textcoords="offset points",
        ha="center",
        fontsize=8.5,
        zorder=6,
    )


# ---- about the site


def _near(axes: Axes, data: PlotData, air: EntryHistory, ellipse: LandingEllipse | None) -> None:
    """East and north of the site, km: the last of the entry, the drift, and the ellipses; of a touchdown far from the
    site about that, without them."""
    assert data.descent is not None  # where the descent was flown
    site, below = data.descent.site, data.descent.entry
    down = GroundSite("touchdown", float(below.latitude_deg[-1]), float(below.longitude_deg[-1]))
    apart = float(distance_km(down.latitude_deg, down.longitude_deg, site.latitude_deg, site.longitude_deg))
    if far := apart > FAR_KM:
        site, ellipse = down, None
    found = places(data, NEAR)
    east, north = local_km(air.latitude_deg, air.longitude_deg, site)
    spots = [_spot(place, site) for place in found]
    published = fact("return.landing_ellipse").numbers if data.record.get("published_return") else []
    size = max([5.0, *(1.25 * abs(x) for spot in spots for x in spot)])
    size = max(size, 1.1 * ellipse.along_km if ellipse is not None else 0.0)
    flat = 4.55 / 4.0
    axes.set(xlim=(-size * flat, size * flat), ylim=(-size, size), xlabel="east, km", ylabel="north, km")
    axes.spines[["top", "right"]].set_visible(True)
    axes.set_title(f"About the touchdown, {apart:.0f} km from the site" if far else "About the site")
    shapes: list[tuple[np.ndarray, np.ndarray]] = []
    if ellipse is not None:
        for half, look, words in _ellipses(ellipse, published):
            shapes.append(outline(*half, ellipse.heading_deg))
            axes.plot(*shapes[-1], **look, label=words, zorder=2)
    axes.plot(east, north, color=VERMILLION, lw=1.6, zorder=2.5)
    drift = air.t_s >= data.descent.entry.t_s[0]
    axes.plot(east[drift], north[drift], color=BLUE, lw=3.0, zorder=3, label="under the parachutes")
    if not far:
        axes.plot(0, 0, "s", ms=9, mfc="none", mec=INK, mew=1.6, zorder=5)
    labels = Labels(axes, [*spots, (0.0, 0.0)])
    for shape in shapes:
        labels.block(*shape)
    near = (np.abs(east) < 1.2 * size) & (np.abs(north) < 1.2 * size)
    labels.block(east[near], north[near], 3)
    groups = _together(labels, found, spots)
    for spot, text in groups:
        axes.plot(*spot, "D", ms=6, mfc="white", mec=INK, mew=1.3, zorder=5)
        labels.add(*spot, text, fontsize=8.5, bbox=HALO)
    if not far:
        labels.add(0.0, 0.0, site.name, fontsize=8.5, bbox=HALO)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, fontsize=8.5)


def _spot(place: Place, site: GroundSite) -> Point:
    """East and north of the site, km."""
    east, north = local_km(place.latitude_deg, place.longitude_deg, site)
    return float(east), float(north)


def _ellipses(ellipse: LandingEllipse, published: list[float]) -> list[tuple[Point, Look, str]]:
    """Half axes, look and words: that of the rule, and the published one in both readings where it is another."""
    rule = (ellipse.along_km, ellipse.across_km)
    found: list[tuple[Point, Look, str]] = [
        (rule, {"color": ORANGE, "lw": 1.8}, f"rule, {2 * rule[0]:g} × {2 * rule[1]:g} km")
    ]
    if not published:
        return found
    long, wide = published
    size = f"{long:g} × {wide:g} km"
    readings: list[tuple[Point, Look, str]] = [
        ((0.5 * long, 0.5 * wide), {"color": GREEN, "lw": 1.4, "ls": (0, (5, 2))}, f"published {size}"),
        ((long, wide), {"color": GREEN, "lw": 1.1, "ls": (0, (1, 1.5))}, f"published, if {size} are half axes"),
    ]
    return found + [(half, look, words) for half, look, words in readings if half != rule]


def outline(along: float, across: float, heading_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """East and north of an ellipse about the origin, its first half axis along the heading; in the unit of its axes."""
    angle, heading = np.linspace(0.0, 2.0 * np.pi, 121), np.radians(heading_deg)
    a, b = along * np.cos(angle), across * np.sin(angle)
    return a * np.sin(heading) + b * np.cos(heading), a * np.cos(heading) - b * np.sin(heading)


def _together(labels: Labels, found: list[Place], spots: list[Point]) -> list[tuple[Point, str]]:
    """One label for the places that are one to the eye, with their names in the order of time."""
    groups: list[tuple[Point, list[str]]] = []
    for place, spot in zip(found, spots, strict=True):
        group = next((g for g in groups if labels.same_place(spot, g[0])), None)
        if group is None:
            groups.append((spot, [event_name(place.name)]))
        else:
            group[1].append(event_name(place.name))
    return [(spot, "\n".join(dict.fromkeys(names))) for spot, names in groups]


def _drift(axes: Axes, data: PlotData) -> None:
    """How far it is from the touchdown, by altitude; and the wind there as arrows, east to the right, north upward."""
    assert data.descent is not None  # where the descent was flown
    descent, wind = data.descent.entry, data.descent.wind
    apart = distance_km(
        descent.latitude_deg, descent.longitude_deg, float(descent.latitude_deg[-1]), float(descent.longitude_deg[-1])
    )
    axes.plot(apart, descent.altitude_km, color=BLUE, lw=2.2, zorder=3)
    top = 1.08 * float(descent.altitude_km.max())
    axes.set(xlabel="distance from the touchdown, km", ylabel="altitude, km", ylim=(0, top))
    axes.set_xlim(-0.05 * max(apart.max(), 0.5), 1.7 * max(float(apart.max()), 0.5))
    axes.set_title(f"Drift under the parachutes, {apart[0]:.1f} km")
    if wind is None or not len(wind.height_m):
        axes.annotate(
            "no wind in this mission", (0.97, 0.03), xycoords="axes fraction", ha="right", fontsize=9, color=SOFT
        )
        return
    x = axes.get_xlim()[1] * 0.75
    note: Look = {"textcoords": "offset points", "fontsize": 8.5, "color": SOFT, "va": "center"}
    axes.annotate("wind, north upward", (x, 0.45), (-14, 0), **note)
    for km in np.arange(1.0, top, 1.0):
        if km < descent.altitude_km[-1]:
            continue
        east, north = (float(np.interp(1e3 * km, wind.height_m, part)) for part in (wind.east_m_s, wind.north_m_s))
        speed = float(np.hypot(east, north))
        arrow = {"arrowstyle": "-|>", "color": ORANGE, "lw": 1.6, "shrinkA": 0, "shrinkB": 0}
        length = 24.0 / max(speed, 1e-9)
        axes.annotate("", (x, km), (-east * length, -north * length), textcoords="offset points", arrowprops=arrow)
        axes.annotate(f"{speed:.0f} m/s", (x, km), (20, 0), textcoords="offset points", fontsize=8.5, va="center")
