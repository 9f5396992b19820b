"""An osculating state in a named frame, its Keplerian elements, and both as the tables of an orbit file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import MU_EARTH
from sim.core.epoch import Epoch
from sim.interchange.frames import gcrf_to_eme2000
from sim.interchange.problems import Faults, refusal
from sim.interchange.tables import FRAMES, INERTIAL, KEPLERIAN, VECTOR, missing, read_table

EARTH_RATE = 7.292115146706979e-5  # rad/s: 2 pi 1.00273781191135448 / 86400, IERS Conventions (2010), equation 5.15
LOWEST_M, HIGHEST_M = 6_356_752.0, 2.0e9  # the pole's radius; past the Moon, where the Earth no longer rules
SLOWEST_M_S, FASTEST_M_S = 20.0, 1.0e5


@dataclass(frozen=True, eq=False)
class OrbitState:
    """Position `r` (3,) m and velocity `v` (3,) m/s in `frame` (one of FRAMES) at `epoch`; `mass` kg, None if unknown.

    In "itrf" the velocity is the one seen from the turning Earth.
    """

    name: str
    epoch: Epoch
    frame: str
    r: np.ndarray
    v: np.ndarray
    mass: float | None = None


@dataclass(frozen=True)
class Keplerian:
    """Osculating elements in m and deg; the semi-major axis of a hyperbola is negative."""

    semi_major_axis_m: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    argument_of_perigee_deg: float
    true_anomaly_deg: float
    mu_m3_s2: float = MU_EARTH

    @property
    def period_s(self) -> float:
        """Refused where there is none: on a parabola or hyperbola."""
        if self.eccentricity >= 1.0:
            found = f"{self.eccentricity:.6g}, an orbit that never comes back"
            raise refusal("orbit", "eccentricity", found, "less than 1, where a period is needed")
        return 2.0 * math.pi * math.sqrt(self.semi_major_axis_m**3 / self.mu_m3_s2)


def to_gcrf(state: OrbitState) -> OrbitState:
    """The same state in GCRF. ITRF turns with the Earth of the missions: IAU 2006/2000A, pole and UT1 of the IERS."""
    from skyfield.sgp4lib import TEME

    from sim.environment.orientation import earth_turn, skyfield_times

    _known_frame(state.frame)
    if state.frame == "gcrf":
        return state
    if state.frame == "eme2000":
        turn = gcrf_to_eme2000()
        return replace(state, frame="gcrf", r=turn.T @ state.r, v=turn.T @ state.v)
    if state.frame == "teme":  # it turns with precession and nutation alone, 5e-5 m/s on this orbit: left out, as usual
        turn = TEME.rotation_at(skyfield_times(state.epoch, 0.0)[0])
        r, v = turn.T @ state.r, turn.T @ state.v
    else:
        turn, pole = earth_turn(state.epoch)
        r = turn.T @ state.r
        v = turn.T @ state.v + np.cross(EARTH_RATE * pole, r)
    return replace(state, frame="gcrf", r=r, v=v)


def from_gcrf(state: OrbitState, frame: str) -> OrbitState:
    """A GCRF state in another frame: the inverse of `to_gcrf`."""
    from skyfield.sgp4lib import TEME

    from sim.environment.orientation import earth_turn, skyfield_times

    _known_frame(frame)
    if state.frame != "gcrf":
        raise refusal(state.name, "frame", f"'{state.frame}'", "a state in gcrf")
    if frame == "gcrf":
        return state
    if frame == "eme2000":
        return replace(state, frame=frame, r=gcrf_to_eme2000() @ state.r, v=gcrf_to_eme2000() @ state.v)
    if frame == "teme":
        turn = TEME.rotation_at(skyfield_times(state.epoch, 0.0)[0])
        return replace(state, frame=frame, r=turn @ state.r, v=turn @ state.v)
    turn, pole = earth_turn(state.epoch)
    return replace(state, frame=frame, r=turn @ state.r, v=turn @ (state.v - np.cross(EARTH_RATE * pole, state.r)))


def keplerian(state: OrbitState, mu: float = MU_EARTH) -> Keplerian:
    """Osculating elements of a state in an inertial frame; `mu` m3/s2."""
    if state.frame not in INERTIAL:
        allowed = f"{', '.join(INERTIAL)}: elements need a frame that does not turn"
        raise refusal(state.name, "frame", f"'{state.frame}'", allowed)
    from kernels.orbit.kepler import state_to_elements  # brings numba: a broken file is refused without

    a, e, i, raan, argp, nu, _ = state_to_elements(np.array(state.r), np.array(state.v), mu)
    return Keplerian(
        semi_major_axis_m=a,
        eccentricity=e,
        inclination_deg=math.degrees(i),
        raan_deg=math.degrees(raan),
        argument_of_perigee_deg=math.degrees(argp),
        true_anomaly_deg=math.degrees(nu) % 360.0,
        mu_m3_s2=mu,
    )


def state_of_keplerian(elements: Keplerian, name: str, epoch: Epoch, frame: str = "gcrf") -> OrbitState:
    """The state that the elements name at `epoch`."""
    from kernels.orbit.kepler import elements_to_state

    k = elements
    angles = map(math.radians, (k.inclination_deg, k.raan_deg, k.argument_of_perigee_deg, k.true_anomaly_deg))
    x = elements_to_state(k.semi_major_axis_m, k.eccentricity, *angles, k.mu_m3_s2)
    if not np.isfinite(x).all():
        found = f"a = {k.semi_major_axis_m} m, e = {k.eccentricity}, true anomaly {k.true_anomaly_deg} deg"
        raise refusal(name, "elements", found, "a(1 - e) more than 0, and no anomaly past the asymptote")
    return OrbitState(name, epoch, frame, x[:3], x[3:])


def vector_state(table: dict, name: str, epoch: Epoch, file: str = "orbit", key: str = "state") -> OrbitState:
    """State of the table `{frame, position_m, velocity_m_s}`; every problem is listed with its key."""
    faults = Faults(file)
    given = read_table(table, VECTOR, key, faults)
    faults.raise_if_any()
    state = OrbitState(name, epoch, given["frame"], np.array(given["position_m"]), np.array(given["velocity_m_s"]))
    check_reach(state, faults, f"{key}.position_m", f"{key}.velocity_m_s")
    faults.raise_if_any()
    return state


def keplerian_state(
    table: dict, name: str, epoch: Epoch, mu: float = MU_EARTH, file: str = "orbit", key: str = "keplerian"
) -> OrbitState:
    """State of the table `{frame, semi_major_axis_m, eccentricity, inclination_deg, raan_deg,
    argument_of_perigee_deg, true_anomaly_deg or mean_anomaly_deg}`; `mu` m3/s2."""
    faults = Faults(file)
    given = read_table(table, KEPLERIAN, key, faults)
    anomalies = [k for k in ("true_anomaly_deg", "mean_anomaly_deg") if k in given]
    if len(anomalies) != 1 and isinstance(table, dict):
        found = "both anomalies" if anomalies else missing("true_anomaly_deg", table)
        faults.add(f"{key}.true_anomaly_deg", found, "true_anomaly_deg or mean_anomaly_deg, one of the two")
    faults.raise_if_any()
    perigee = given["semi_major_axis_m"] * (1.0 - given["eccentricity"])
    if not perigee >= LOWEST_M:
        found = f"{given['semi_major_axis_m']} m, a perigee of {perigee / 1e3:.1f} km from the centre"
        allowed = f"metres, with a perigee of at least {LOWEST_M / 1e3:.0f} km from the centre, above the ground"
        faults.add(f"{key}.semi_major_axis_m", found, allowed)
        faults.raise_if_any()
    elements = Keplerian(
        semi_major_axis_m=given["semi_major_axis_m"],
        eccentricity=given["eccentricity"],
        inclination_deg=given["inclination_deg"],
        raan_deg=given["raan_deg"],
        argument_of_perigee_deg=given["argument_of_perigee_deg"],
        true_anomaly_deg=_true_anomaly_deg(given),
        mu_m3_s2=mu,
    )
    return state_of_keplerian(elements, name, epoch, given["frame"])


def check_reach(state: OrbitState, faults: Faults, position: str, velocity: str, line: int | None = None) -> None:
    """Adds a problem where a state is under the ground, beyond the Earth's reach, or in other units."""
    radius, speed = float(np.linalg.norm(state.r)), float(np.linalg.norm(state.v))
    if not LOWEST_M <= radius <= HIGHEST_M:
        found = f"a point {radius / 1e3:.6g} km from the Earth's centre"
        faults.add(position, found, f"{LOWEST_M / 1e3:.0f} to {HIGHEST_M / 1e3:.0f} km; is the unit right?", line)
    if not SLOWEST_M_S <= speed <= FASTEST_M_S:
        found = f"a speed of {speed / 1e3:.6g} km/s"
        faults.add(velocity, found, f"{SLOWEST_M_S / 1e3} to {FASTEST_M_S / 1e3:.0f} km/s; is the unit right?", line)


def _known_frame(frame: str) -> None:
    if frame not in FRAMES:
        raise refusal("state", "frame", f"'{frame}'", ", ".join(FRAMES))


def _true_anomaly_deg(given: dict) -> float:
    if "true_anomaly_deg" in given:
        return given["true_anomaly_deg"]
    from kernels.orbit.kepler import mean_to_true

    return math.degrees(mean_to_true(math.radians(given["mean_anomaly_deg"]), given["eccentricity"]))
