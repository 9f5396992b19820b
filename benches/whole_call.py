"""How long does one call for the full model take, first in a process and later, beside satkit and brahe?

    python -m benches whole_call [--rounds N] [--later N]

What a user writes to fly the case 'full' of `bench propagator`, from the settings to the last position, everything that
is made for it counted: tables, files that are read, compiled code that is loaded. Each round starts a process for each
tool and setting, in turn (A B A B), and times in it: the imports, of all Python that a call loads; the first call;
later calls, each another day's, so that no table serves twice; the same call again. Medians of the processor time of
all threads.

heyoka has no model of this kind. A setting's error is the distance from its own tool's tightest run: forces differ.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

LIMIT_M, GOAL = 1e-2, 1.5
DAY = 86400.0
START = Path(__file__).resolve().parent.parent / "tests" / "data" / "orbits.json"
# tool: the settings that are flown; the last is the tightest, which the errors are taken from.
SETTINGS = {
    "tiangong": ("1e-12 (as it comes)", "1e-8", "DOP853 1 s"),
    "satkit": ("GJ8 30 s", "GJ8 45 s", "GJ8 60 s", "RKV98 1e-10", "RKV98 1e-14"),
    "brahe": ("tol 1e-10", "tol 1e-12", "tol 1e-14"),
}
COLUMNS = ("imports", "first", "later", "again")


# ---- in a process of its own


def tiangong(setting: str):
    """`day` -> position (3,) m at the end of the day that begins so many days later."""
    # What the call would import by itself, the first time: peers bring theirs with them.
    import astropy_iers_data  # noqa: F401
    import skyfield.data.iers  # noqa: F401
    import skyfield.jpllib  # noqa: F401
    import skyfield_data  # noqa: F401

    import sim
    import sim.api.propagation
    import sim.propagation.propagate
    from benches.peers import AP, AREA_M2, COEFFICIENT, FLUX, MASS_KG
    from sim.core.epoch import Epoch
    from sim.propagation import force_model as model

    def orbit(r, v, utc: str, day: int, tolerance: float) -> model.Orbit:
        return model.Orbit(
            name="full",
            epoch=Epoch.from_utc(utc).plus(DAY * day),
            r=r,
            v=v,
            duration=DAY,
            step=DAY,
            mass=MASS_KG,
            drag_area=AREA_M2,
            drag_coefficient=COEFFICIENT,
            srp_area=AREA_M2,
            reflectivity=COEFFICIENT,
            gravity=model.GravityChoice("egm2008", 20, 20),
            third_body=model.ThirdBodyChoice(sun=True, moon=True),
            atmosphere=model.AtmosphereChoice("nrlmsise00", f107=FLUX, f107a=FLUX, ap=AP),
            radiation=model.RadiationChoice("conical"),
            tolerance=tolerance,
        )

    if setting.startswith("DOP853"):
        return lambda start, utc, day: _tight(orbit(start[:3], start[3:], utc, day, 1e-12))
    tolerance = float(setting.split()[0])
    return lambda start, utc, day: sim.propagate(orbit(start[:3], start[3:], utc, day, tolerance)).at(DAY)[0][0]


def _tight(orbit):
    import numpy as np

    from kernels.orbit.propagate import SurfaceAreas, arc
    from sim.propagation.propagate import STILL, build

    y = np.concatenate([orbit.r, orbit.v, [orbit.mass]])
    drag, light = orbit.drag_area * orbit.drag_coefficient, orbit.srp_area * orbit.reflectivity
    arc(0.0, DAY, y, 1.0, build(orbit).forces, SurfaceAreas(drag=drag, radiation=light), STILL, np.empty((0, 11)))
    return y[:3]


def satkit(setting: str):
    from benches import peers

    folder = peers.satkit_data()
    import satkit as sk

    method, _, number = setting.partition(" ")
    gauss = method == "GJ8"
    body = peers.COEFFICIENT * peers.AREA_M2 / peers.MASS_KG

    def run(start, utc, day, folder=folder):  # which must outlive the run
        begin = sk.time(2025, 4, 24, 9, 17, 0.0) + sk.duration(days=day)
        settings = sk.propsettings(
            abs_error=1e-9 if gauss else float(number),
            rel_error=1e-9 if gauss else float(number),
            gravity_degree=20,
            gravity_order=20,
            gravity_model=sk.gravmodel.egm2008,
            use_spaceweather=False,
            use_sun_gravity=True,
            use_moon_gravity=True,
            tide_model=sk.tidemodel.none,
            use_relativistic_correction=False,
            enable_interp=False,
            integrator=sk.integrator.gauss_jackson8 if gauss else sk.integrator.rkv98_nointerp,
            gj_step_seconds=float(number.split()[0]) if gauss else 60.0,
        )
        craft = sk.satproperties(cdaoverm=body, craoverm=body)
        return sk.propagate(start, begin, duration_secs=DAY, propsettings=settings, satproperties=craft).pos

    return run


def brahe(setting: str):
    import brahe as bh

    from benches import peers

    tolerance = float(setting.split()[1])
    bh.set_global_eop_provider(bh.StaticEOPProvider.from_zero())
    bh.set_global_space_weather_provider(
        bh.StaticSpaceWeatherProvider.from_values(kp=1.0, ap=peers.AP, f107=peers.FLUX, f107a=peers.FLUX, s=100)
    )

    def run(start, utc, day):
        begin = bh.Epoch.from_datetime(2025, 4, 24, 9, 17, 0.0, 0.0, bh.TimeSystem.UTC) + DAY * day
        kind = bh.GravityModelType.EGM2008_120
        gravity = bh.GravityConfiguration(degree=20, order=20, model_type=kind, parallel=bh.ParallelMode.Never)
        forces = bh.ForceModelConfig(
            gravity=gravity,
            frame_transform=bh.FrameTransformationModel.FULL_EARTH_ROTATION,
            **peers.everything(bh),
        )
        settings = bh.NumericalPropagationConfig.with_method(bh.IntegrationMethod.RKF78)
        settings = settings.with_abs_tol(tolerance).with_rel_tol(tolerance)
        craft = bh.NumericalOrbitPropagator(begin, start, settings, forces, None)
        craft.set_trajectory_mode(bh.TrajectoryMode.DISABLED)
        craft.propagate_to(begin + DAY)
        return craft.current_state()[:3]

    return run


def alone(tool: str, setting: str, later: int) -> dict:
    """Processor ms of each of COLUMNS, the later ones as lists, and where the first call ended, m."""
    began = time.process_time()
    run = {"tiangong": tiangong, "satkit": satkit, "brahe": brahe}[tool](setting)
    import numpy as np

    imports = time.process_time() - began
    read = json.loads(START.read_text())
    start = np.array(read["with_radiation_pressure_and_nrlmsise00"]["rows"][0][1:7])

    def timed(day: int):
        clock = time.process_time()
        end = run(start, read["epoch_utc"], day)
        return 1e3 * (time.process_time() - clock), end

    first, end = timed(0)
    anew = [timed(day)[0] for day in range(1, later + 1)]
    again = [timed(later)[0] for _ in range(later)]
    return {"imports": 1e3 * imports, "first": first, "later": anew, "again": again, "end": [float(x) for x in end]}


# ---- all of them


def measured(tools: list[str], rounds: int, later: int) -> list[dict]:
    """A row for each tool and setting: medians of COLUMNS in ms, and the error in m."""
    settings = [(tool, setting) for tool in tools for setting in SETTINGS[tool][:-1]]
    runs: dict = {key: [] for key in settings}
    for _ in range(rounds):
        for key in settings:
            runs[key].append(_process(*key, later))
    tightest = {tool: _process(tool, SETTINGS[tool][-1], 0)["end"] for tool in tools}
    rows = []
    for (tool, setting), found in runs.items():
        medians = {k: statistics.median([x for run in found for x in _flat(run[k])]) for k in COLUMNS}
        apart = sum((a - b) ** 2 for a, b in zip(found[0]["end"], tightest[tool], strict=True)) ** 0.5
        rows.append({"tool": tool, "setting": setting, "error_m": apart, **medians})
    return rows


def _flat(value) -> list[float]:
    return value if isinstance(value, list) else [value]


def _process(tool: str, setting: str, later: int) -> dict:
    command = [sys.executable, __file__, "--alone", tool, setting, "--later", str(later)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool} {setting}: {done.stderr.strip()[-300:]}")
    return json.loads(done.stdout.splitlines()[-1])


def table(rows: list[dict]) -> str:
    """The rows, and the ratios of the quickest of ours to the quickest peer, both within LIMIT_M."""
    lines = [
        "\nwhole call of 'full', as a user makes it; processor ms of all threads",
        f"{'tool':12}{'setting':>22}{'error m':>11}"
        f"{'imports':>10}{'call, first':>13}{'call, later':>13}{'same again':>12}",
    ]
    lines += [
        f"{r['tool']:12}{r['setting']:>22}{r['error_m']:11.1e}"
        f"{r['imports']:10.0f}{r['first']:13.1f}{r['later']:13.1f}{r['again']:12.1f}"
        for r in rows
    ]
    ours = [r for r in rows if r["tool"] == "tiangong" and r["error_m"] <= LIMIT_M]
    theirs = [r for r in rows if r["tool"] != "tiangong" and r["error_m"] <= LIMIT_M]
    if not (ours and theirs):
        return "\n".join([*lines, f"no ratio: no peer here, or none of us, is within {LIMIT_M:g} m"])
    for column, name in (("first", "whole call, first"), ("later", "whole call, later"), ("again", "same call again")):
        we, they = (min(some, key=lambda r, c=column: r[c]) for some in (ours, theirs))
        ratio = they[column] / we[column]
        word = "reached" if ratio >= GOAL else "MISSED"
        lines.append(
            f"{name}: ours {we[column]:.1f} ms ({we['setting']}, {we['error_m']:.0e} m), {they['tool']} "
            f"{they[column]:.1f} ms ({they['setting']}, {they['error_m']:.0e} m): {ratio:.2f}x; "
            f"goal: >= {GOAL:g}x at <= {LIMIT_M:g} m, {word}"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    from benches.arguments import whole

    parser = argparse.ArgumentParser(prog="bench whole_call", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=whole(1, 100), default=5, help="processes for each tool and setting (5)")
    parser.add_argument("--later", type=whole(0, 100), default=5, help="later calls in each (5)")
    parser.add_argument("--alone", nargs=2, metavar=("TOOL", "SETTING"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.alone:
        print(json.dumps(alone(*asked.alone, asked.later)))
        return
    from benches.machine import machine
    from benches.peers import present

    print(machine())
    tools = ["tiangong", *(tool for tool in ("satkit", "brahe") if present(tool))]
    print(table(measured(tools, asked.rounds, asked.later)))


os.environ["RAYON_NUM_THREADS"] = "1"  # read by satkit and brahe when they start

if __name__ == "__main__":
    main()
