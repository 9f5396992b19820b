"""The same orbits flown by other tools: heyoka, satkit, brahe. Each is optional; a missing one is reported, once.

`entries(name, start, flat, turn)` of each returns its settings for one case. What is set up once is not counted:
heyoka's compilation, satkit's table of Earth orientation and of Sun and Moon. What differs from our forces:

satkit   turns the Earth by IERS conventions even where the case turns it steadily; "J2" is its field to degree 2,
         order 0, about that axis: judged against its own tightest run
brahe    turns the Earth by its angle alone; Sun and Moon by short series; judged against its own tightest run
heyoka   the very equations of the case (not the full model): judged against the same truth as we are
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from importlib import metadata
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # read by satkit and brahe when they start

import numpy as np

from benches.measure import Entry

DAY = 86400.0
AREA_M2, COEFFICIENT, MASS_KG, FLUX, AP = 400.0, 2.2, 1.0e5, 150.0, 4.0
DEGREE = {"8x8": 8, "20x20": 20, "70x70": 70, "full": 20}


def present(module: str, package: str | None = None) -> bool:
    """Whether a peer can be imported; else a line says how to get it."""
    if importlib.util.find_spec(module):
        print(f"{package or module} {metadata.version(package or module)}")
        return True
    print(f"{package or module} is not installed: left out (pip install -e '.[peers]')")
    return False


# ---- heyoka: Taylor series, compiled for each set of equations
def heyoka(name: str, start: np.ndarray, flat: dict, turn: dict) -> list[Entry]:
    import heyoka as hy

    if name == "full":
        return []
    span = 15 * DAY if name.startswith("J2 15") else DAY
    equations = _zonal(hy, flat) if name.startswith("J2") else _turning(hy, DEGREE[name], turn)
    found = []
    # Fully unrolled code is the quicker; beyond 8x8 it would take an hour to compile.
    compact = name in ("20x20", "70x70")
    for tolerance in {"8x8": (1e-12, 1e-14), "70x70": (1e-12,)}.get(name, (1e-9, 1e-12, 1e-15, 1e-17)):
        if "batch" in name:
            run, count = _taylor_batch(hy, equations, start, span, tolerance), 8
        else:
            run, count = _taylor(hy, equations, start, span, tolerance, compact), 1
        found.append(Entry("heyoka batch" if count > 1 else "heyoka", f"tol {tolerance:g}", run, None, count))
    return found


def _zonal(hy, flat):
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    r2 = hy.sum([x * x, y * y, z * z])
    pull = -flat["mu_m3_s2"] * r2**-1.5
    bulge = 1.5 * flat["j2"] * flat["radius_m"] ** 2 / r2
    p = 5.0 * z * z / r2
    equator = pull * (1.0 + bulge * (1.0 - p))
    return [(x, vx), (y, vy), (z, vz), (vx, equator * x), (vy, equator * y), (vz, pull * (1.0 + bulge * (3.0 - p)) * z)]


def _turning(hy, degree, turn):
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    angle = turn["theta0_rad"] + turn["omega_rad_s"] * hy.time
    c, s = hy.cos(angle), hy.sin(angle)
    fixed = [c * x + s * y, c * y - s * x, z]
    a = hy.model.egm2008_acc(fixed, degree, degree, turn["mu_m3_s2"], turn["radius_m"])
    return [(x, vx), (y, vy), (z, vz), (vx, c * a[0] - s * a[1]), (vy, s * a[0] + c * a[1]), (vz, a[2])]


def _taylor(hy, equations, start, span, tolerance, compact):
    flyer = hy.taylor_adaptive(equations, start[:6], tol=tolerance, compact_mode=compact)

    def run():
        flyer.time = 0.0
        flyer.state[:] = start[:6]
        flyer.propagate_until(span)
        return flyer.state[:3].copy()

    return run


def _taylor_batch(hy, equations, start, span, tolerance):
    many = np.ascontiguousarray(np.repeat(start[:6, None], 8, axis=1))
    flyer = hy.taylor_adaptive_batch(equations, many, tol=tolerance)

    def run():
        flyer.set_time(0.0)
        flyer.state[:] = many
        flyer.propagate_until(span)
        return flyer.state[:3, 0].copy()

    return run


# ---- satkit: Verner's Runge-Kutta 9(8) and Gauss-Jackson 8
def satkit(name: str, start: np.ndarray, flat: dict, turn: dict) -> list[Entry]:
    if "batch" in name:
        return []
    folder = satkit_data()
    import satkit as sk

    full, flattened = name == "full", name.startswith("J2")
    span = 15 * DAY if name.startswith("J2 15") else DAY
    begin = sk.time(2025, 4, 24, 9, 17, 0.0)
    body = COEFFICIENT * AREA_M2 / MASS_KG if full else 0.0
    craft = sk.satproperties(cdaoverm=body, craoverm=body)
    degree = 2 if flattened else DEGREE[name]

    def flyer(method, tolerance, step):
        settings = sk.propsettings(
            abs_error=tolerance,
            rel_error=tolerance,
            gravity_degree=degree,
            gravity_order=0 if flattened else degree,
            gravity_model=sk.gravmodel.egm2008,
            use_spaceweather=False,
            use_sun_gravity=full,
            use_moon_gravity=full,
            tide_model=sk.tidemodel.none,
            use_relativistic_correction=False,
            enable_interp=False,
            integrator=method,
            gj_step_seconds=step,
        )
        settings.precompute_terms(begin, begin + sk.duration(seconds=span))

        def run(folder=folder):  # which must outlive the run
            return sk.propagate(start[:6], begin, duration_secs=span, propsettings=settings, satproperties=craft).pos

        return run

    verner, gauss = sk.integrator.rkv98_nointerp, sk.integrator.gauss_jackson8
    truth = np.array(flyer(verner, 1e-14 if full else 1e-13, 60.0)())
    steps = (8.0, 15.0, 20.0, 30.0) if name == "70x70" else (20.0, 30.0, 45.0, 60.0)
    found = [Entry("satkit", f"GJ8 {h:g} s", flyer(gauss, 1e-9, h), truth) for h in steps]
    return found + [Entry("satkit", f"RKV98 {t:g}", flyer(verner, t, 60.0), truth) for t in (1e-12, 1e-10, 1e-9)]


def satkit_data() -> tempfile.TemporaryDirectory:
    """satkit's data in one folder: what satkit-data brings, and the Earth orientation that it no longer does.

    satkit reads it from then on; the folder must outlive its use.
    """
    import astropy_iers_data

    folder = tempfile.TemporaryDirectory(prefix="satkit-")
    files = [Path(astropy_iers_data.IERS_A_FILE)]
    if found := importlib.util.find_spec("satkit_data"):
        files += list((Path(found.origin).parent / "data").iterdir())
    for file in files:
        (Path(folder.name) / file.name).symlink_to(file)
    os.environ["SATKIT_DATA"], os.environ["SATKIT_OFFLINE"] = folder.name, "1"
    return folder


# ---- brahe: Runge-Kutta-Nystroem 12(10), and Fehlberg 7(8) where there is air
def brahe(name: str, start: np.ndarray, flat: dict, turn: dict) -> list[Entry]:
    if "batch" in name:
        return []
    import brahe as bh

    bh.set_global_eop_provider(bh.StaticEOPProvider.from_zero())
    weather = bh.StaticSpaceWeatherProvider.from_values(kp=1.0, ap=AP, f107=FLUX, f107a=FLUX, s=100)
    bh.set_global_space_weather_provider(weather)
    full = name == "full"
    span = 15 * DAY if name.startswith("J2 15") else DAY
    begin = bh.Epoch.from_datetime(2025, 4, 24, 9, 17, 0.0, 0.0, bh.TimeSystem.UTC)
    if name.startswith("J2"):
        gravity = bh.GravityConfiguration.earth_zonal(bh.ZonalHarmonicsDegree.J2)
    else:
        gravity = bh.GravityConfiguration(
            degree=DEGREE[name],
            order=DEGREE[name],
            model_type=bh.GravityModelType.EGM2008_120,
            parallel=bh.ParallelMode.Never,
        )
    turning = bh.FrameTransformationModel
    forces = bh.ForceModelConfig(
        gravity=gravity,
        frame_transform=turning.FULL_EARTH_ROTATION if full else turning.EARTH_ROTATION_ONLY,
        **(everything(bh) if full else {}),
    )

    def flyer(tolerance):
        method = bh.IntegrationMethod.RKF78 if full else bh.IntegrationMethod.RKN1210
        settings = bh.NumericalPropagationConfig.with_method(method).with_abs_tol(tolerance).with_rel_tol(tolerance)

        def run():
            craft = bh.NumericalOrbitPropagator(begin, start[:6], settings, forces, None)
            craft.set_trajectory_mode(bh.TrajectoryMode.DISABLED)
            craft.propagate_to(begin + span)
            return np.array(craft.current_state())[:3]

        return run

    truth = flyer(1e-14)()
    tolerances = (1e-12, 1e-10) if full else (1e-12, 1e-11, 1e-10, 1e-9)
    return [Entry("brahe", f"tol {t:g}", flyer(t), truth) for t in tolerances]


def everything(bh) -> dict:
    value = bh.ParameterSource.value
    short = bh.EphemerisSource.LowPrecision
    return {
        "drag": bh.DragConfiguration(bh.AtmosphericModel.NRLMSISE00, value(AREA_M2), value(COEFFICIENT)),
        "srp": bh.SolarRadiationPressureConfiguration(value(AREA_M2), value(COEFFICIENT), bh.EclipseModel.CONICAL),
        "third_body": [bh.ThirdBodyConfiguration(x, short) for x in (bh.ThirdBody.SUN, bh.ThirdBody.MOON)],
        "mass": value(MASS_KG),
    }


PEERS = {"heyoka": heyoka, "satkit": satkit, "brahe": brahe}
