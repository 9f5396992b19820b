"""How fast, at what error? Work and precision of one orbit's propagation beside heyoka, satkit and brahe, in one run.

    python -m benches propagator [CASE ...] [--rounds N] [--out PICTURE.png] [--json FILE]

Tools take turns (A B A B), one thread; the table lists the median CPU time and the position error at the end. Truths
are heyoka's in 80-bit arithmetic, from tests/data; where a tool's forces differ from the case's, its own tightest run.
No outside truth has quite the forces of 'full': ours is DOP853 at 1 s, and its distance from Orekit's end is reported.
What is set up once (compilation, tables) is not counted. `tiangong whole` is the same call of `sim.propagate` again and
again; what each tool's first call in a process and later ones take stands under the case 'full' (`bench whole_call`).
Times move from machine to machine: only the ratios of one run hold. Names of cases: those in quotation marks above
each table.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benches import peers, whole_call
from benches.arguments import whole
from benches.machine import ROOT, machine
from benches.measure import OURS, WHOLE, Case, Entry, draw, measure, table
from kernels.orbit.motion import make_full, make_turning, make_zonal
from kernels.orbit.multistep import coast, make_multistep
from kernels.orbit.multistep_many import coast_many
from kernels.orbit.propagate import SurfaceAreas, arc
from sim.core.epoch import Epoch
from sim.environment.gravity import egm2008
from sim.propagation.force_model import AtmosphereChoice, GravityChoice, Orbit, RadiationChoice, ThirdBodyChoice
from sim.propagation.propagate import STILL, build, propagate

DAY = 86400.0
MANY = 64
NO_NODES = np.empty((0, 11))
# name: goal's error m, required speed over the best peer, steps s of ours
GOALS = {
    "J2": (1e-5, 2.0, (30.0, 45.0, 60.0)),
    "J2 batch": (1e-4, 3.0, (45.0, 60.0)),
    "J2 15d": (3e-4, 2.0, (30.0, 45.0, 60.0)),
    "J2 15d batch": (3e-4, 4.0, (30.0, 45.0)),
    "8x8": (1e-4, 8.0, (30.0, 45.0, 60.0)),
    "20x20": (1e-4, 3.0, (20.0, 24.0, 30.0, 40.0)),
    "70x70": (1e-3, 5.0, (7.5, 10.0, 12.0, 15.0)),
    "full": (1e-2, 5.0, (5.0, 10.0, 12.0, 15.0, 18.0, 24.0, 30.0)),
}
NOTES = {
    "20x20": "8x is reachable; the Earth turns steadily (satkit: by IERS conventions)",
    "70x70": "10x is reachable; the Earth turns steadily (satkit: by IERS conventions)",
    "8x8": "the Earth turns steadily (satkit: by IERS conventions)",
    "full": "Earth by IERS conventions; our air is a table of NRLMSISE-00 made beforehand",
}


def published():
    """J2 and steadily turning cases: start, constants, and ends by heyoka in 80-bit arithmetic."""
    folder = ROOT / "tests" / "data"
    orbits = json.loads((folder / "orbits.json").read_text())
    larger = json.loads((folder / "orbits_turning.json").read_text())
    turn = orbits["egm2008_8x8_uniform"]
    rows = {"J2": orbits["j2"]["rows"], "8x8": turn["rows"]}
    rows |= {f"{n}x{n}": larger[f"egm2008_{n}x{n}_uniform"]["rows"] for n in (20, 70)}
    return orbits, turn, rows


def at(rows, t) -> np.ndarray:
    return next(np.array(row[1:]) for row in rows if row[0] == t)


def title(name: str) -> str:
    if name == "full":
        return "'full': 20x20, Sun, Moon, NRLMSISE-00, radiation pressure, real Earth, 1 day"
    days = 15 if "15d" in name else 1
    field = "J2 alone" if name.startswith("J2") else f"{name}, steady turn"
    return f"'{name}': {field}, {days} day{'s' if days > 1 else ''}" + (f", {MANY} at once" if "batch" in name else "")


def single(start, span, dynamics, steps, orders=(10, 11, 12, 13)) -> list[Entry]:
    """Our multistep method for one orbit, at several orders and steps."""

    def flyer(method, step):
        def run():
            y = start.copy()
            coast(0.0, span, y, step, method, dynamics, NO_NODES)
            return y[:3]

        return run

    settings = [(order, step) for order in orders for step in steps]
    return [Entry(OURS, f"order {o}, {h:g} s", flyer(make_multistep(o), h)) for o, h in settings]


def together(start, span, dynamics, steps) -> list[Entry]:
    """The same for many orbits side by side."""
    many = np.ascontiguousarray(np.repeat(start[:6, None], MANY, axis=1))

    def flyer(method, step):
        def run():
            y = many.copy()
            coast_many(0.0, span, y, step, method, dynamics)
            return y[:3, MANY // 2]

        return run

    settings = [(order, step) for order in (10, 11, 12, 13) for step in steps]
    return [Entry(OURS, f"order {o}, {h:g} s", flyer(make_multistep(o), h), None, MANY) for o, h in settings]


def whole_model(orbits) -> Orbit:
    """The full model of the case, as an orbit file would ask for it."""
    start = at(orbits["with_radiation_pressure_and_nrlmsise00"]["rows"], 0.0)
    area, coefficient = peers.AREA_M2, peers.COEFFICIENT
    return Orbit(
        name="full",
        epoch=Epoch.from_utc(orbits["epoch_utc"]),
        r=start[:3],
        v=start[3:],
        duration=DAY,
        step=DAY,
        mass=peers.MASS_KG,
        drag_area=area,
        drag_coefficient=coefficient,
        srp_area=area,
        reflectivity=coefficient,
        gravity=GravityChoice("egm2008", 20, 20),
        third_body=ThirdBodyChoice(sun=True, moon=True),
        atmosphere=AtmosphereChoice("nrlmsise00", f107=peers.FLUX, f107a=peers.FLUX, ap=peers.AP),
        radiation=RadiationChoice("conical"),
    )


def full(orbits, steps) -> tuple[np.ndarray, list[Entry]]:
    """Truth (DOP853 at 1 s) and our ways through the full model: multistep, DOP853, and the whole of `propagate`."""
    orbit = whole_model(orbits)
    began = time.process_time()
    world = build(orbit)
    print(f"our tables for 'full', made once: {time.process_time() - began:.2f} s CPU")
    body = orbit.drag_area * orbit.drag_coefficient
    start = np.concatenate([orbit.r, orbit.v, [orbit.mass]])

    def one_step(step):
        def run():
            y = start.copy()
            arc(0.0, DAY, y, step, world.forces, SurfaceAreas(drag=body, radiation=body), STILL, NO_NODES)
            return y[:3]

        return run

    entries = single(start, DAY, make_full(world.forces, body / orbit.mass, body / orbit.mass), steps, (8, 10, 11))
    entries += [Entry(OURS, f"DOP853 {h:g} s", one_step(h)) for h in (5.0, 15.0, 30.0, 60.0)]
    entries.append(Entry(WHOLE, f"default, {world.step:g} s", lambda: propagate(orbit).trajectory.at(DAY)[0]))
    truth = one_step(1.0)()
    other = at(orbits["with_radiation_pressure_and_nrlmsise00"]["rows"], DAY)[:3]
    apart = float(np.linalg.norm(truth - other))
    print(f"our truth of 'full' (DOP853, 1 s) ends {apart:.2f} m from Orekit's, which has its own air and ephemeris")
    return truth, entries


def prepare(name: str, tools) -> tuple[Case, list[Entry]]:
    """One case with the entries of all tools, ours first."""
    orbits, turn, rows = published()
    limit, speedup, steps = GOALS[name]
    flat, span = orbits["j2"], 15 * DAY if "15d" in name else DAY
    if name == "full":
        truth, entries = full(orbits, steps)
        start = at(orbits["with_radiation_pressure_and_nrlmsise00"]["rows"], 0.0)
    else:
        known = rows["J2" if name.startswith("J2") else name]
        start, truth = np.append(at(known, 0.0), 1.0), at(known, span)[:3]
        if name.startswith("J2"):
            dynamics = make_zonal(flat["mu_m3_s2"], flat["radius_m"], flat["j2"])
        else:
            field = egm2008(int(name.split("x")[0]), mu=turn["mu_m3_s2"], radius=turn["radius_m"])
            dynamics = make_turning(field, turn["theta0_rad"], turn["omega_rad_s"])
        entries = (together if "batch" in name else single)(start, span, dynamics, steps)
    for tool in tools:
        try:
            entries += peers.PEERS[tool](name, start, flat, turn)
        except Exception as error:  # a peer's trouble (its data, its version) is reported and is not ours
            print(f"{tool} cannot fly '{name}': {type(error).__name__}: {error}")
    return Case(
        name=name, title=title(name), truth=truth, limit_m=limit, speedup=speedup, note=NOTES.get(name, "")
    ), entries


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench propagator", description=__doc__.partition("\n")[0])
    parser.add_argument("case", nargs="*", help=f"of {', '.join(repr(n) for n in GOALS)}; none: all")
    parser.add_argument("--rounds", type=whole(1, 1000), default=7, help="rounds of all tools in turn (7)")
    parser.add_argument("--out", type=Path, default=Path("bench_propagator.png"), help="the picture")
    parser.add_argument("--json", type=Path, help="the numbers as well, into this file")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.case) - set(GOALS):
        parser.error(f"no case is called {', '.join(sorted(unknown))}; there are {', '.join(GOALS)}")
    print(machine())
    tools = [tool for tool in peers.PEERS if peers.present(tool)]
    print(f"CPU time, one thread, median of {asked.rounds} rounds, tools in turn; compilation not counted", flush=True)
    measured = []
    for name in asked.case or GOALS:
        case, entries = prepare(name, tools)
        points = measure(case, entries, asked.rounds)
        print(table(case, points), flush=True)
        if name == "full":
            flown = whole_call.measured(["tiangong", *(t for t in tools if t in whole_call.SETTINGS)], asked.rounds, 5)
            print(whole_call.table(flown), flush=True)
        measured.append((case, points))
    draw(measured, machine(), asked.out)
    print(f"\n{asked.out}")
    if asked.json:
        found = {case.name: [asdict(point) for point in points] for case, points in measured}
        asked.json.write_text(json.dumps({"machine": machine(), "cases": found}, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
