"""Of an orbit file: how a station ends. Its orbit is lowered, and the last burn leads it into an area of the sea."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from sim.scenario.kinds import Pair, Table, Words, length, within
from sim.scenario.return_blocks import FragmentsBlock
from sim.scenario.view import Finding, View

Height = Annotated[float, within(80, 2000)]


class BurnerBlock(Table):
    """Engines that lower the orbit together. `propellant_kg`: what all their burns may take."""

    name: Words
    thrust_n: Annotated[float, within(1, 1e7)]
    isp_s: Annotated[float, within(10, 1e4)]
    longest_burn_s: Annotated[float, within(10, 3000)]
    propellant_kg: Annotated[float, within(0, 1e6)] | None = None


class LoweringBlock(Table):
    """Heights over the equatorial radius of 6378.137 km; `hold_days` before its first burn."""

    perigee_km: Height
    apogee_km: Height
    engines: Words
    hold_days: Annotated[float, within(0, 60)] = 0.0


class PiecesBlock(FragmentsBlock):
    """`height_km`: where they leave the craft; without it they do as it breaks up."""

    height_km: Annotated[float, within(60, 130)] | None = None


class ZoneBlock(Table):
    """Corners of the area in which all must fall, at sea, in order around it."""

    name: Words
    latitude_deg: Annotated[tuple[Annotated[float, within(-90, 90)], ...], length(3, 40)]
    longitude_deg: Annotated[tuple[Annotated[float, within(-180, 180)], ...], length(3, 40)]


class DisposalBlock(Table):
    """`perigee_km` of the last burn, over the equatorial radius; the pieces fall about `target_deg` (latitude, north
    positive, and longitude, east positive). `revolutions`: how many of the last orbit are looked at."""

    engines: Words
    perigee_km: Annotated[float, within(-200, 80)]
    breakup_km: Annotated[float, within(60, 100)]
    target_deg: Pair[Annotated[float, within(-180, 180)]]
    descending: bool = True
    revolutions: Annotated[int, within(1, 40)] = 16
    zone: ZoneBlock
    burners: Annotated[tuple[BurnerBlock, ...], length(1, 5)]
    lowerings: Annotated[tuple[LoweringBlock, ...], length(1, 10)]
    fragments: Annotated[tuple[PiecesBlock, ...], length(1, 20)]


def whole(view: View) -> Iterator[Finding]:
    """What no single key of it can get wrong."""
    if "disposal" not in view.raw:
        return
    names = [view("disposal", "burners", i, "name") for i in range(_count(view, "burners"))]
    asked: list[tuple[str | int, ...]] = [("disposal", "engines")]
    for i in range(_count(view, "lowerings")):
        at = ("disposal", "lowerings", i)
        asked.append((*at, "engines"))
        low, high = view(*at, "perigee_km"), view(*at, "apogee_km")
        if low is not None and high is not None and low > high:
            yield Finding((*at, "perigee_km"), f"{low:g} km", f"at most the apogee, {high:g} km")
    for path in asked:
        name = view(*path)
        if name is not None and names and name not in names:
            yield Finding(path, f"'{name}'", f"the name of one of disposal.burners: {', '.join(map(str, names))}")
    north, east = view("disposal", "zone", "latitude_deg"), view("disposal", "zone", "longitude_deg")
    if north and east and len(north) != len(east):
        found = f"{len(east)} numbers beside {len(north)} latitudes"
        yield Finding(("disposal", "zone", "longitude_deg"), found, "as many as latitudes, corner by corner")
    if east and max(east) - min(east) > 180.0:
        found = f"corners {max(east) - min(east):g} deg apart"
        yield Finding(("disposal", "zone", "longitude_deg"), found, "an area that does not cross the date line")
    broken = view("disposal", "breakup_km")
    for i in range(_count(view, "fragments")):
        height = view("disposal", "fragments", i, "height_km")
        if height is not None and broken is not None and height < broken:
            yield Finding(
                ("disposal", "fragments", i, "height_km"), f"{height:g} km", f"at least breakup_km, {broken:g} km"
            )
    target = view("disposal", "target_deg")
    if target and abs(target[0]) > 90.0:
        yield Finding(("disposal", "target_deg", 0), f"{target[0]:g}", "a latitude from -90 to 90, then a longitude")
    if view("atmosphere", "model") != "nrlmsise00":
        found = f"'{view('atmosphere', 'model')}'"
        yield Finding(("atmosphere", "model"), found, "'nrlmsise00', down to the ground, for a file with [disposal]")
    for key in ("mass_kg", "drag_area_m2"):
        if view("spacecraft", key) is None:
            yield Finding(("spacecraft", key), "nothing", "a number, which [disposal] needs")
    for key in ("burns", "impulses"):
        if view.length(key):
            yield Finding((key,), "burns beside [disposal]", "none: the program finds the burns of a disposal")


def _count(view: View, key: str) -> int:
    """Of the tables of an array; 0 where one of them has a problem of its own."""
    return len(view("disposal", key) or ())
