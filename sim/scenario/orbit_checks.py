"""What no single key of an orbit file can get wrong: keys that need, exclude or limit each other.

A key of a force that is switched off may stand, so that forces can be turned on and off with one key; a key of a rival
model may not, since it would be ignored in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.catalogue.places import places
from sim.core.dates import ALLOWED, flown
from sim.core.epoch import Epoch
from sim.files.problems import Path, listed, nearest
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View

R_EQUATOR, FLATTENING = 6378137.0, 1.0 / 298.257223563  # m; WGS-84
SLOWEST_M_S = 20.0  # below, a state in km/s has been written
MOST_ROWS, BYTES_A_ROW = 1_000_000, 150
USUAL_DEGREE = 20  # of egm2008 where the file gives none
SHAPES = ("point", "j2")  # gravity fields without a file
STARTS = ("state", "keplerian", "elements")
AIR_KEYS = {
    "constant": ("density_kg_m3",),
    "exponential": ("reference_density_kg_m3", "reference_altitude_m", "scale_height_m"),
    "nrlmsise00": ("f107", "f107a", "ap"),
}
TURN_KEYS = {"uniform": ("theta0_deg", "rate_rad_s"), "iau": ("ut1_utc_s", "polar_motion_arcsec")}


EARTH = "earth"


def about_earth(view: View) -> bool:
    """Whether the orbit is about the Earth, with all of the tables that an orbit file has for it."""
    return view("environment", "body") in (None, EARTH)


def given(view: View, *path: str | int) -> bool:
    """Whether a key stands in the file, right or wrong."""
    return path[-1] in view.keys(*path[:-1]) if len(path) > 1 else path[0] in view.raw


def missing(view: View, path: Path, why: str) -> Iterator[Finding]:
    if not given(view, *path):
        yield Finding(path, "nothing", why)


def element_key(view: View) -> Path | None:
    """Where the file names its element set: at the top, or in [state]."""
    return next((path for path in (("elements",), ("state", "elements")) if given(view, *path)), None)


# ---- where it starts


def start(view: View) -> Iterator[Finding]:
    found = [key for key in STARTS if given(view, key)]
    if len(found) != 1:
        yield Finding((), " and ".join(found) or "no start", "exactly one of [state], [keplerian] and elements")
    in_state, whole = given(view, "state", "elements"), given(view, "state")
    for key in ("position_m", "velocity_m_s") if whole else ():
        if in_state and given(view, "state", key):
            yield Finding(("state", key), "a vector beside elements", "one of the two")
        elif not in_state:
            yield from missing(view, ("state", key), "an array of 3, GCRF unless frame says otherwise")
    for place in ((), ("state",)):
        for key in ("elements_index", "elements_number"):
            if given(view, *place, key) and element_key(view) != (*place, "elements"):
                yield Finding(
                    (*place, key), "a key without elements beside it", "elements, the file that it chooses from"
                )
    if element_key(view) is None:
        yield from missing(view, ("epoch",), "a table with utc (only elements bring an epoch of their own)")


def above_ground(view: View) -> Iterator[Finding]:
    position = view("state", "position_m")
    if not about_earth(view):
        return  # orbit_body has the size of the body
    if position:
        x, y, z = position
        if math.hypot(x, y, z / (1.0 - FLATTENING)) < R_EQUATOR:
            found = f"a point {math.hypot(x, y, z) / 1e3:.3f} km from the centre"
            yield Finding(("state", "position_m"), found, "a point above the Earth's surface; is it in metres?")
    velocity = view("state", "velocity_m_s")
    at_rest = view("state", "frame") == "itrf" and given(view, "station_keeping")  # over its slot
    if velocity and math.hypot(*velocity) < SLOWEST_M_S and not at_rest:
        found, allowed = f"{math.hypot(*velocity):.6g} m/s", f"at least {SLOWEST_M_S:g} m/s; is it in m/s?"
        yield Finding(("state", "velocity_m_s"), found, allowed)
    a, e, anomaly = (view("keplerian", key) for key in ("semi_major_axis_m", "eccentricity", "true_anomaly_deg"))
    if None not in (a, e, anomaly):
        radius = a * (1.0 - e * e) / (1.0 + e * math.cos(math.radians(anomaly)))
        if radius < R_EQUATOR * (1.0 - FLATTENING):
            found = f"a start {radius / 1e3:.3f} km from the centre"
            yield Finding(("keplerian", "semi_major_axis_m"), found, "a start above the Earth's surface")


def span(view: View) -> Iterator[Finding]:
    duration, step = view("span", "duration_s"), view("span", "step_s")
    if duration and step and duration / step > MOST_ROWS:
        rows = duration / step
        found = f"{step} s for {duration} s: {rows:.3g} rows, about {rows * BYTES_A_ROW / 1e6:.3g} MB"
        yield Finding(("span", "step_s"), found, f"at most {MOST_ROWS} rows, so a step of {duration / MOST_ROWS:g} s")


def dates(view: View, epoch: Epoch | None) -> Iterator[Finding]:
    """Start and end must lie within the dates that are flown; `epoch` may come from elements."""
    duration = view("span", "duration_s")
    if epoch is None:
        return
    if not flown(epoch):
        yield Finding(element_key(view) or ("epoch", "utc"), f"a start at {epoch}", ALLOWED)
    elif duration and not flown(epoch.plus(duration)):
        yield Finding(("span", "duration_s"), f"an end at {epoch.plus(duration)}", ALLOWED)


# ---- what acts on it


def gravity(view: View) -> Iterator[Finding]:
    if not about_earth(view):
        return
    field, degree, order = (view("gravity", key) for key in ("field", "degree", "order"))
    field = "egm2008" if field is None and not given(view, "gravity", "field") else field
    if field in SHAPES:
        top = {"point": (0, 0), "j2": (2, 0)}[field]
        for key, value, highest in zip(("degree", "order"), (degree, order), top, strict=True):
            if value is not None and (value > highest or value < highest and field == "j2"):
                allowed = f"{highest} with field = '{field}', or no such key; harmonics need 'egm2008' or a .gfc file"
                yield Finding(("gravity", key), str(value), allowed)
    elif field is not None:
        if given(view, "gravity", "j2"):
            yield Finding(("gravity", "j2"), f"a j2 beside the field '{field}'", "only with field = 'j2'")
        if field != "egm2008":
            yield from missing(view, ("gravity", "degree"), "the degree to which the file's field is summed")
        if field == "egm2008" and not given(view, "gravity", "degree"):
            degree = USUAL_DEGREE
        if degree is not None and order is not None and order > degree:
            yield Finding(("gravity", "order"), str(order), f"at most the degree, {degree}")


def orientation(view: View) -> Iterator[Finding]:
    model = view("orientation", "model") if given(view, "orientation", "model") else "iau2006"
    if model is None:
        return
    own, rival = ("uniform", "iau") if model == "uniform" else ("iau", "uniform")
    for key in TURN_KEYS[rival]:
        if given(view, "orientation", key):
            yield Finding(("orientation", key), f"a key that model = '{model}' does not use", "no such key with it")
    for key in TURN_KEYS[own] if own == "uniform" else ():
        yield from missing(view, ("orientation", key), "a number, which model = 'uniform' needs")


def air(view: View) -> Iterator[Finding]:
    model = view("atmosphere", "model")
    if model in (None, "none"):
        return
    own = AIR_KEYS.get(model, ())
    why = f"a number, which model = '{model}' needs"
    if model == "nrlmsise00":
        why = "a number, as its companions have; or none of f107, f107a, ap, for the packaged space weather"
    for key in () if packaged_weather(view) else own:
        yield from missing(view, ("atmosphere", key), why)
    for other, keys in AIR_KEYS.items():
        for key in keys:
            if key not in own and given(view, "atmosphere", key):
                found = f"a key of model = '{other}' beside model = '{model}'"
                yield Finding(("atmosphere", key), found, "the keys of one model")


def packaged_weather(view: View) -> bool:
    keys = AIR_KEYS["nrlmsise00"]
    return view("atmosphere", "model") == "nrlmsise00" and not any(given(view, "atmosphere", k) for k in keys)


def weather(view: View, epoch: Epoch | None) -> Iterator[Finding]:
    """The span must lie within the packaged space weather, where that is asked for; `epoch` may come from elements."""
    duration = view("span", "duration_s")
    if epoch is None or duration is None or not packaged_weather(view):
        return
    from sim.environment.space_weather import REMEDY, limits

    first, last = limits()
    end = epoch.plus(duration)
    if epoch < first or end > last:
        found = f"no f107, f107a and ap, and a span from {epoch} to {end}"
        allowed = f"within the packaged space weather, {first} to {last}; {REMEDY}"
        yield Finding(("atmosphere", "model"), found, allowed)


def spacecraft(view: View) -> Iterator[Finding]:
    """Mass and areas have no default that could be right, so whatever needs them asks for them."""
    needs = {
        "drag_area_m2": view("atmosphere", "model") not in (None, "none"),
        "srp_area_m2": view("solar_radiation", "model") not in (None, "none"),
    }
    names = {"drag_area_m2": "the atmosphere", "srp_area_m2": "the solar radiation"}
    for key, needed in needs.items():
        if needed:
            yield from missing(view, ("spacecraft", key), f"a number, which {names[key]} needs")
    if any(needs.values()) or view.length("burns"):
        yield from missing(view, ("spacecraft", "mass_kg"), "a number, which drag, radiation and burns need")


def named_places(view: View) -> Iterator[Finding]:
    """Places that are looked at are known ones."""
    for table in ("station_keeping", "imaging"):
        for i, name in enumerate(view(table, "places") or ()):
            if name not in places():
                allowed = f"one of {listed(places())}"
                yield Finding((table, "places", i), f"'{name}'", allowed, nearest(name, places()))


def camera(view: View) -> Iterator[Finding]:
    """An area has three corners at least."""
    corners = view("imaging", "area_deg")
    if corners and len(corners) < 3:
        yield Finding(("imaging", "area_deg"), f"{len(corners)} corners", "three or more, [latitude, longitude] each")
    for i, corner in enumerate(corners or ()):
        if abs(corner[0]) > 89.0:
            allowed = "[latitude, longitude], the first at most 89 deg from the equator"
            yield Finding(("imaging", "area_deg", i), f"a latitude of {corner[0]:g}", allowed)


def slot(view: View) -> Iterator[Finding]:
    """A slot is kept without air, by burns of its own, in whole cycles."""
    if not given(view, "station_keeping"):
        return
    for key in ("burns", "impulses"):
        if view.length(key):
            allowed = "no such key with it: its burns are planned as the orbit is flown"
            yield Finding((key,), f"[[{key}]] beside [station_keeping]", allowed)
    if view("atmosphere", "model") not in (None, "none"):
        yield Finding(("atmosphere", "model"), "air beside [station_keeping]", "'none': there is none at such a height")
    east_west, north_south = (view("station_keeping", f"{key}_days") for key in ("east_west", "north_south"))
    east_west, north_south = east_west or 7.0, north_south or 14.0
    if abs(north_south / east_west - round(north_south / east_west)) > 1e-9 or north_south < east_west:
        found = f"{north_south:g} days beside east_west_days = {east_west:g}"
        yield Finding(("station_keeping", "north_south_days"), found, f"a multiple of {east_west:g}")


ORBIT = (
    *SOURCES,
    start,
    above_ground,
    span,
    gravity,
    orientation,
    air,
    spacecraft,
    slot,
    named_places,
    camera,
)
