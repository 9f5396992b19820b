"""CZML for Cesium, by czml3: positions, attitudes, paths, labels, events.

On orbit positions are in the frame that Cesium calls INERTIAL: the axes of the ICRF. Cesium turns the Earth under them
with UT1 as UTC and a pole that does not move, so craft stand up to 0.9 s times 465 m/s, 0.4 km, off over the ground
(tens of metres in 2026); before it has loaded its own tables it takes the frame for that of date, some 40 km off.
Ascent, entry and descent are in FIXED, with this program's Earth, so that pad and landing are where they are.
Attitudes are Earth-fixed, as CZML has them; their rows are chosen there too, since an even turn in inertial axes is
none in these. Cesium takes a turn of less than 0.162 deg between two rows for none and gives the later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.export.attitudes import AttitudeSegment
from sim.export.ground import earth_fixed
from sim.export.kml import outline
from sim.export.oem import of_parts
from sim.export.stored import PlotData
from sim.export.trajectories import EarthOrientation, Trajectories
from sim.files.errors import DataError
from sim.interchange.oem_writing import row_times

if TYPE_CHECKING:
    from czml3 import Packet

NEEDED = "CZML needs the package czml3, which is not installed; install it with: pip install 'tiangong-sim[export]'"
FIXED = ("ascent", "entry", "descent")
COLOURS = ((255, 120, 60, 255), (60, 200, 255, 255), (80, 200, 80, 255), (255, 100, 200, 255))
EVENT_S = 60.0  # for which its name stands beside the craft
PATH_S = 5600.0  # of path behind a craft and ahead of it: a revolution
SHORTEST_S = 1e-3


def czml(
    data: PlotData, flown: Trajectories, attitudes: Mapping[str, Sequence[AttitudeSegment]], crafts: Sequence[str]
) -> str:
    """The document as JSON; DataError where czml3 is not installed."""
    try:
        from czml3 import CZML_VERSION, Document, Packet
        from czml3.properties import Clock
        from czml3.types import IntervalValue
    except ImportError:
        raise DataError(NEEDED) from None
    start = min(flown.vehicles[craft][0].trajectory.start for craft in crafts)
    end = max(flown.vehicles[craft][-1].trajectory.end for craft in crafts)
    first = next((data.when(name) for name in ("liftoff", "undocking") if data.when(name) is not None), start)
    utc = _clock(flown)
    clock = IntervalValue(start=utc(start), end=utc(end), value=Clock(currentTime=utc(max(start, first or start))))
    name = str(data.record["name"])
    packets: list[Packet] = [Packet(id="document", version=CZML_VERSION, name=name, clock=clock)]
    for i, craft in enumerate(crafts):
        packets.append(_craft(craft, flown, attitudes.get(craft, ()), COLOURS[i % len(COLOURS)], Packet))
    packets += _events(data, flown, crafts)
    packets += _places(data)
    return Document(packets=packets).model_dump_json(exclude_none=True) + "\n"


def _clock(flown: Trajectories) -> Callable[[float], str]:
    """From seconds since zero to UTC."""
    return lambda t: flown.zero.plus(float(t)).utc(6)


def _craft(
    craft: str, flown: Trajectories, attitudes: Sequence[AttitudeSegment], rgba: tuple[int, ...], packet: type[Packet]
) -> Packet:
    from czml3.properties import Color, Label, Path, Point, PolylineMaterial, SolidColorMaterial
    from czml3.types import Cartesian2Value, TimeInterval, TimeIntervalCollection

    utc, colour = _clock(flown), Color(rgba=list(rgba))
    positions = _positions(craft, flown)
    spans: list[tuple[float, float]] = []
    for path in flown.vehicles[craft]:
        a, b = path.trajectory.start, path.trajectory.end
        if spans and a - spans[-1][1] < SHORTEST_S:
            spans[-1] = spans[-1][0], b
        else:
            spans.append((a, b))
    turns = [_orientation(segment, flown) for segment in attitudes if len(segment.t) > 1]
    return packet(
        id=craft,
        name=craft,
        availability=TimeIntervalCollection(values=[TimeInterval(start=utc(a), end=utc(b)) for a, b in spans]),
        position=TimeIntervalCollection(values=positions),
        orientation=TimeIntervalCollection(values=turns) if turns else None,
        point=Point(pixelSize=8, color=colour),
        label=Label(
            text=craft,
            font="12pt sans-serif",
            fillColor=colour,
            pixelOffset=Cartesian2Value(values=[12, -12]),
            showBackground=True,
        ),
        path=Path(
            leadTime=PATH_S,
            trailTime=PATH_S,
            width=1.5,
            resolution=60,
            material=PolylineMaterial(solidColor=SolidColorMaterial(color=colour)),
        ),
    )


def _positions(craft: str, flown: Trajectories) -> list[Any]:
    """An interval an arc, with the rows of the OEM: so Cesium's Hermite gives what a reader of that file gets."""
    from czml3.enums import InterpolationAlgorithms
    from czml3.properties import Position
    from czml3.types import IntervalValue

    utc, found = _clock(flown), []
    for arc in of_parts((path.phase, path.trajectory) for path in flown.vehicles[craft]):
        if arc.end - arc.start < SHORTEST_S:
            continue
        t = arc.times if arc.times is not None else row_times(arc.start, arc.end, arc.step)
        r, v, _ = arc.trajectory.at(t)
        fixed = arc.phase in FIXED
        if fixed:
            r, v = earth_fixed(flown.earth, t, r, v)
        rows = np.column_stack([np.round(t - arc.start, 6), np.round(r, 6), np.round(v, 9)])
        position = Position(
            epoch=utc(arc.start),
            referenceFrame="FIXED" if fixed else "INERTIAL",
            interpolationAlgorithm=InterpolationAlgorithms.HERMITE,
            interpolationDegree=arc.degree,
            cartesianVelocity=rows.ravel().tolist(),
        )
        found.append(IntervalValue(start=utc(arc.start), end=utc(arc.end), value=position))
    return found


def _orientation(segment: AttitudeSegment, flown: Trajectories) -> Any:
    from czml3.enums import InterpolationAlgorithms
    from czml3.properties import Orientation
    from czml3.types import IntervalValue

    from sim.export.aem import thinned

    utc = _clock(flown)
    t, q = thinned(segment.t, to_fixed(flown.earth, segment.t, segment.q))
    rows = np.column_stack([np.round(t - t[0], 6), np.round(q, 9)])
    value = Orientation(
        epoch=utc(t[0]),
        interpolationAlgorithm=InterpolationAlgorithms.LINEAR,
        interpolationDegree=1,
        unitQuaternion=rows.ravel().tolist(),
    )
    return IntervalValue(start=utc(t[0]), end=utc(t[-1]), value=value)


def to_fixed(earth: EarthOrientation, t: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Attitudes (n, 4) that turn body axes into ITRS, without a change of sign."""
    from scipy.spatial.transform import Rotation

    turned = (Rotation.from_quat(earth.at(t)) * Rotation.from_quat(q)).as_quat()
    signs = np.cumprod(np.append(1.0, np.where(np.sum(turned[1:] * turned[:-1], axis=1) < 0.0, -1.0, 1.0)))
    return turned * signs[:, None]


def _events(data: PlotData, flown: Trajectories, crafts: Sequence[str]) -> list[Packet]:
    """The name of each event beside its craft, for EVENT_S or as long as the craft flies."""
    from czml3 import Packet
    from czml3.properties import Color, Label, Position
    from czml3.types import Cartesian2Value, TimeInterval

    utc, found = _clock(flown), []
    for i, event in enumerate(data.record["events"]):
        t, craft = data.seconds(event["utc"]), event["vehicle"]
        if craft not in crafts:
            continue
        ends = [p.trajectory.end for p in flown.vehicles[craft] if p.trajectory.start <= t <= p.trajectory.end + 1e-3]
        a = min(t, max(ends) - EVENT_S) if ends and max(ends) - t < EVENT_S else t  # the last ones stand before the end
        values = ", ".join(f"{key} {value:.6g}" for key, value in event["values"].items() if isinstance(value, float))
        name = str(event["name"]).replace("_", " ")
        found.append(
            Packet(
                id=f"event-{i}",
                name=f"{name} ({craft})",
                description=f"{event['utc']}: {name}. {values}",
                availability=TimeInterval(start=utc(a), end=utc(a + EVENT_S)),
                position=Position(reference=f"{craft}#position"),
                label=Label(
                    text=name,
                    font="11pt sans-serif",
                    fillColor=Color(rgba=[255, 255, 255, 255]),
                    pixelOffset=Cartesian2Value(values=[12, 14]),
                    showBackground=True,
                ),
            )
        )
    return found


def _places(data: PlotData) -> list[Packet]:
    """The pad, the landing site with the ellipse of its rule, and where the capsule came down."""
    from czml3 import Packet
    from czml3.properties import Color, Label, Point, Polyline, Position, PositionList
    from czml3.types import Cartesian2Value

    def mark(key: str, name: str, latitude: float, longitude: float) -> Packet:
        return Packet(
            id=key,
            name=name,
            position=Position(cartographicDegrees=[longitude, latitude, 0.0]),
            point=Point(pixelSize=6, color=Color(rgba=[255, 255, 0, 255])),
            label=Label(text=name, font="10pt sans-serif", pixelOffset=Cartesian2Value(values=[10, 0])),
        )

    found = []
    if (launched := data.ascent or data.await_launch) is not None:
        found.append(mark("pad", launched.pad.name, launched.pad.latitude_deg, launched.pad.longitude_deg))
    if data.descent is not None:
        site = data.descent.site
        found.append(mark("site", site.name, site.latitude_deg, site.longitude_deg))
        if data.descent.ellipse is not None:
            edge = outline(site, data.descent.ellipse)
            points = np.column_stack([edge[:, 1], edge[:, 0], np.zeros(len(edge))]).round(7).ravel().tolist()
            line = Polyline(positions=PositionList(cartographicDegrees=points), width=2, clampToGround=True)
            found.append(Packet(id="ellipse", name="ellipse of the landing rule", polyline=line))
    landing = data.record.get("landing")
    if isinstance(landing, Mapping):
        latitude, longitude = float(landing["latitude_deg"]), float(landing["longitude_deg"])
        found.append(mark("landing", "landing place", latitude, longitude))
    return found
