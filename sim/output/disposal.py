"""A disposal in words and files: its burns beside impulses, the revolutions looked at, and where the pieces fall."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kernels.constants import R_EQUATOR
from sim.export.plain import plain, write_json
from sim.export.table import write_table
from sim.propagation.shell import apsides
from sim.reentry.disposal.plan import two_impulses

if TYPE_CHECKING:
    from sim.build.disposal import DisposalResult
    from sim.propagation.force_model import Orbit
    from sim.propagation.propagate import FlownOrbit

MODEL = (
    "burns against the flight with the whole thrust; each kind of pieces leaves the craft at one height and falls "
    "without lift on one drag coefficient, with no wind and no loss of mass; the ellipse of a kind holds 99 % of it"
)
COLUMNS = (
    "name",
    "count",
    "height_km",
    "mass_per_drag_area_kg_m2",
    "latitude_deg",
    "longitude_deg",
    "half_length_km",
    "half_width_km",
    "heading_deg",
    "speed_m_s",
    "impact_s",
)


def content(result: DisposalResult, flown: FlownOrbit) -> dict:
    """What `disposal.json` and `--json` have."""
    plan, fallen, zero = result.plan, result.fallen, flown.orbit.epoch
    burns = [
        {
            "name": burn.name,
            "engines": burn.burner.name,
            "start_utc": zero.plus(burn.start).utc(1),
            "start_s": burn.start,
            "duration_s": burn.duration,
            "delta_v_m_s": burn.delta_v,
            "propellant_kg": burn.propellant,
            "perigee_km": burn.leaves[0] / 1e3,
            "apogee_km": burn.leaves[1] / 1e3,
        }
        for burn in plan.burns
    ]
    first, last = (min(row["impact_s"] for row in fallen.rows), max(row["impact_s"] for row in fallen.rows))
    north, east = fallen.outline.T
    content = {
        "model": MODEL,
        "burns": burns,
        "steps": _steps(result, flown.orbit),
        "propellant_kg": {
            name: sum(b.propellant for b in plan.burns if b.burner.name == name)
            for name in dict.fromkeys(b.burner.name for b in plan.burns)
        },
        "revolutions": [
            {
                "burn_utc": zero.plus(one.t).utc(0),
                "latitude_deg": one.latitude_deg,
                "longitude_deg": one.longitude_deg,
                "off_target_km": one.off_km,
                "chosen": one.chosen,
            }
            for one in plan.choices
        ],
        "breakup_utc": zero.plus(plan.end).utc(1),
        "fall": {
            "first_utc": zero.plus(first).utc(0),
            "last_utc": zero.plus(last).utc(0),
            "zone": plan.disposal.zone.name,
            "inside": fallen.inside,
            "length_km": fallen.length_km,
            "width_km": fallen.width_km,
            "to_land_km": fallen.land_km,
            "latitude_deg": [float(north.min()), float(north.max())],
            "longitude_deg": [float(east.min()), float(east.max())],
            "target_deg": np.degrees(plan.disposal.target).tolist(),
            "pieces": [{key: row[key] for key in COLUMNS} for row in fallen.rows],
        },
    }
    return plain(content, "disposal")


def _steps(result: DisposalResult, orbit: Orbit) -> list[dict]:
    """Each step's burns beside two impulses between the orbits as the file names them."""
    plan = result.plan
    targets = [(low.perigee, low.apogee) for low in plan.disposal.lowerings]
    perigee, apogee = (x - R_EQUATOR for x in apsides(orbit))
    targets = [(perigee, apogee), *targets, (plan.disposal.perigee, targets[-1][1])]
    groups = [*_grouped(list(plan.burns[:-1]), len(targets) - 2), [plan.burns[-1]]]
    return [
        {
            "to_km": [x / 1e3 for x in after],
            "burns": len(group),
            "delta_v_m_s": sum(burn.delta_v for burn in group),
            "two_impulses_m_s": two_impulses(before, after),
        }
        for before, after, group in zip(targets, targets[1:], groups, strict=False)
    ]


def _grouped(burns: list, count: int) -> list[list]:
    """By lowering: each begins where the perigee is lowered after the apogee was."""
    groups: list[list] = [[]]
    for before, burn in zip([None, *burns], burns, strict=False):
        if before is not None and before.name.startswith("apogee") and burn.name.startswith("perigee"):
            groups.append([])
        groups[-1].append(burn)
    return groups + [[] for _ in range(count - len(groups))]


def lines(result: DisposalResult, flown: FlownOrbit) -> list[str]:
    """The same as text."""
    listed = content(result, flown)
    fall = listed["fall"]
    made = [
        f"burn      {b['start_utc']}  {b['duration_s']:7.1f} s  {b['delta_v_m_s']:6.2f} m/s  {b['name']}: "
        f"{b['perigee_km']:.1f} x {b['apogee_km']:.1f} km, {b['engines']}"
        for b in listed["burns"]
    ]
    made += [
        f"step      to {s['to_km'][0]:.0f} x {s['to_km'][1]:.0f} km: {s['delta_v_m_s']:.2f} m/s in {s['burns']} burns; "
        f"impulses without air {s['two_impulses_m_s']:.3f} m/s"
        for s in listed["steps"]
    ]
    burnt = ", ".join(f"{name} {kg:.0f} kg" for name, kg in listed["propellant_kg"].items())
    made.append(f"burnt     {burnt}")
    made.append(f"break-up  {listed['breakup_utc']}")
    made += [
        f"pieces    {p['name']}: {p['count']} of {p['mass_per_drag_area_kg_m2']:.0f} kg/m2 from "
        f"{p['height_km']:.0f} km, about {_place(p['latitude_deg'], p['longitude_deg'])}, "
        f"+-{p['half_length_km']:.0f} x {p['half_width_km']:.0f} km"
        for p in fall["pieces"]
    ]
    made.append(
        f"fall      {fall['first_utc']} to {fall['last_utc']}, {fall['length_km']:.0f} x {fall['width_km']:.0f} km, in "
        f"{fall['zone']}; {fall['to_land_km']:.0f} km from land"
    )
    return made


def _place(latitude: float, longitude: float) -> str:
    ns, ew = "N" if latitude >= 0.0 else "S", "E" if longitude >= 0.0 else "W"
    return f"{abs(latitude):.2f} {ns} {abs(longitude):.2f} {ew}"


def write(result: DisposalResult, flown: FlownOrbit, directory: Path) -> None:
    """`disposal.json`, `fallen.csv` and the map, into an existing directory."""
    from sim.plots.fall_area import draw
    from sim.plots.style import save

    listed = content(result, flown)
    write_json(directory / "disposal.json", listed)
    rows = [[row[key] for key in COLUMNS] for row in listed["fall"]["pieces"]]
    write_table(directory / "fallen.csv", list(COLUMNS), rows)
    save(draw(chart(result, flown)), directory / "fall_area.png")


def chart(result: DisposalResult, flown: FlownOrbit) -> dict:
    """What the map is drawn from."""
    plan, path = result.plan, flown.trajectory
    last = plan.burns[-1]
    times = np.append(np.arange(last.start - 300.0, path.end, 20.0), path.end)
    latitude, longitude, _ = flown.world.geodetic(times, path.at(times)[0])
    burning = (times >= last.start) & (times <= last.start + last.duration)
    corners = np.degrees(plan.disposal.zone.corners)
    return {
        "name": flown.orbit.name,
        "fall": content(result, flown)["fall"],
        "outline": result.fallen.outline.reshape(len(result.fallen.rows), -1, 2),
        "zone": np.vstack([corners, corners[:1]]),
        "zone_name": plan.disposal.zone.name,
        "track": {"latitude_deg": latitude, "longitude_deg": longitude, "burning": burning},
    }
