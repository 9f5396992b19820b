"""How every craft of a finished flight points, over time.

"flown": in the closed loop near the station the model has six degrees of freedom. What a ship recorded there, its
docking frame against the port as a rotation vector and the station's own attitude about LVLH, is put together with the
station's orbit. The drift of an undocking is not recorded: from the docked pose to the first row it turns evenly.

"commanded": elsewhere the models fly points, and this is how they take the craft to point.

* Station, and a ship in a coast: LVLH, x forward, z to the Earth. In homing and transfer a ship has its nose to the
  station.
* In a burn of the main engine of BRIEF_S or more the nose of a ship is along the thrust. Shorter ones, those of
  translation thrusters, and those of the transfer are made without a turn.
* Deorbit: LVLH, then the turns of its events about the line to the Earth, until the nose looks back.
* Ascent: the nose is along the specific force, thrust less drag; while the engines are still, as it was. No roll
  is flown: y is opposite to the normal of the orbit at insertion.
* Entry: x is along the aerodynamic force, which in a blunt capsule is that of its axis: the angle of attack is then
  atan(L/D). In air too thin to feel, it is so by the capsule's L/D and bank. z is opposite to the lift.
* Descent: x, away from the heat shield, is along the force of the canopy, opposite to the relative wind; no turn about
  x. Where there is next to none it is as it was; from the angle of attack it turns within SETTLES_S.

From one rule to the next, and to and from what was flown, a craft turns within EASE_S, or in half the time there is.
A docked ship has no attitude of its own: it is that of its port.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.core.docking_frame import axes_of_port
from sim.core.docking_record import ClosedLoopRecord
from sim.core.records import PhaseRecord
from sim.core.return_record import EntryRecord
from sim.core.trajectory import Trajectory
from sim.export import pointing
from sim.export.pointing import BRIEF_S, SETTLES_S, Hold
from sim.export.stored import PlotData, leg_names
from sim.export.trajectories import FlownPath, Trajectories

__all__ = ["BRIEF_S", "SETTLES_S", "COMMANDED", "FLOWN", "AttitudeSegment", "attitudes"]
FLOWN, COMMANDED = "flown", "commanded"
EASE_S = 60.0
ROW_S, NOSE_ROW_S, TURN_ROW_S = 60.0, 10.0, 2.0  # between rows in LVLH, with the nose to the station, of a turn
NOSE_TO_STATION = ("homing", "transfer")
SAME_S = 1e-3
RETURN = ("deorbit", "entry", "descent")
TURNS = ("yaw_turn", "retro_turn")


@dataclass(frozen=True)
class AttitudeSegment:
    """Rows of one craft: `q` (n, 4), unit quaternions x y z w at `t` (n,) s since zero, turn vectors of body axes into
    GCRS, without a change of sign; between two rows the turn is even about one axis. `basis`: FLOWN or COMMANDED."""

    leg: str
    phase: str
    basis: str
    t: np.ndarray
    q: np.ndarray


def attitudes(data: PlotData, flown: Trajectories) -> dict[str, tuple[AttitudeSegment, ...]]:
    """By craft its segments in the order of time, from the first second of its trajectories to the last."""
    names = leg_names(leg["phase"] for leg in data.record["legs"])
    records = {name: leg.record for name, leg in zip(names, data.legs, strict=True)}
    station = _station(data, flown)
    about = {path.leg: path.trajectory for path in flown.vehicles.get(station, ())}
    found = {}
    for craft, paths in flown.vehicles.items():
        turns = [
            (data.seconds(e["utc"]), float(e["values"]["duration_s"]), np.radians(float(e["values"]["turn_deg"])))
            for name in TURNS
            for e in data.events(name)
            if e["vehicle"] == craft
        ]
        found[craft] = _of_craft(paths, records, about, craft == station, sorted(turns))
    return found


def _station(data: PlotData, flown: Trajectories) -> str:
    """The name of the station: of the mission's file, else the craft that flew in most legs."""
    named = data.scenario.get("station")
    if isinstance(named, Mapping) and named.get("name") in flown.vehicles:
        return str(named["name"])
    return max(flown.vehicles, key=lambda name: len(flown.vehicles[name]), default="")


def _of_craft(
    paths: Sequence[FlownPath],
    records: Mapping[str, PhaseRecord | None],
    about: Mapping[str, Trajectory],
    is_station: bool,
    turns: Sequence[tuple[float, float, float]],
) -> tuple[AttitudeSegment, ...]:
    """Leg by leg: what is known of it, and by the rule what is before and after that."""
    known = [_known(path, records.get(path.leg), about.get(path.leg), is_station) for path in paths]
    found: list[AttitudeSegment] = []
    for path, own, then in zip(paths, known, [*known[1:], None], strict=True):
        start, end = path.trajectory.start, path.trajectory.end
        rule = _Rule(path, None if is_station else about.get(path.leg), tuple(turns))
        if path.phase == "descent" and found and not is_station and pointing.is_sensed(path.trajectory):
            own = pointing.hanging(path.trajectory, found[-1].q[-1])
        if own is None:
            found.append(_commanded(rule, start, end, found, then))
            continue
        if own.t[0] - start > SAME_S:
            found.append(_commanded(rule, start, float(own.t[0]), found, own))
        basis = FLOWN if isinstance(records.get(path.leg), ClosedLoopRecord) else COMMANDED
        found.append(AttitudeSegment(path.leg, path.phase, basis, own.t, _without_jumps(own.q)))
        if end - own.t[-1] > SAME_S:
            found.append(_commanded(rule, float(own.t[-1]), end, found, then))
    return tuple(found)


def _known(path: FlownPath, record: PhaseRecord | None, station: Trajectory | None, is_station: bool) -> Hold | None:
    """How a craft points where its record or the forces on it say it."""
    if isinstance(record, ClosedLoopRecord) and station is not None:
        return _station_in_loop(record, station) if is_station else _ship_in_loop(path, record, station)
    if is_station or not pointing.is_sensed(path.trajectory):
        return None
    if path.phase == "ascent":
        return pointing.ascending(path.trajectory)
    if isinstance(record, EntryRecord) and len(record.entry.bank_deg) == len(path.trajectory.t):
        lift_to_drag = record.capsule.lift_to_drag if record.capsule else 0.0
        return pointing.entering(path.trajectory, record.entry.bank_deg, lift_to_drag)
    return None


def _station_in_loop(record: ClosedLoopRecord, station: Trajectory) -> Hold:
    """From LVLH turned by the recorded angles, which are one rotation vector in LVLH axes."""
    from scipy.spatial.transform import Rotation

    t = record.attitude.t_s
    r, v, _ = station.before(t)
    own = Rotation.from_rotvec(np.radians(record.attitude.station_deg))
    return Hold(t, (Rotation.from_quat(pointing.lvlh(r, v)) * own).as_quat())


def _ship_in_loop(path: FlownPath, record: ClosedLoopRecord, station: Trajectory) -> Hold:
    """From the station's attitude by the docking frame of its port, and that by the recorded angles, which turn the
    ship away from the frame about its own axes."""
    from scipy.spatial.transform import Rotation, Slerp

    attitude, frame = record.attitude, axes_of_port(record.port.axis)
    t, of_station = _station_in_loop(record, station)
    ship = Rotation.from_rotvec(np.radians(attitude.turn_deg))
    # The frame's rows are its axes in the station's: their transpose takes its vectors to the station's.
    port = Rotation.from_matrix(frame.T)
    q = (Rotation.from_quat(of_station) * port * ship).as_quat()
    start = path.trajectory.start
    if t[0] - start > SAME_S:
        early = np.append(np.arange(start, t[0] - 1.0, TURN_ROW_S), t[0])
        orbit = Rotation.from_quat(pointing.lvlh(*station.at(early)[:2]))
        first = orbit[-1].inv() * Rotation.from_quat(q[0])
        against = Slerp([start, t[0]], Rotation.concatenate([port, first]))(early)
        t, q = np.append(early[:-1], t), np.vstack([(orbit * against).as_quat()[:-1], q])
    return Hold(t, q)


@dataclass(frozen=True)
class _Rule:
    """The rule of a leg of which nothing is known: LVLH, the nose to the station, or the turns of a deorbit: their
    start s, duration s and angle rad. `station`: its path in the leg of a ship."""

    path: FlownPath
    station: Trajectory | None
    turns: tuple[tuple[float, float, float], ...]

    def burns(self) -> list[Hold]:
        """Those for which the craft turns its nose: in the transfer it keeps it to the station, for its sensors."""
        if self.station is None or self.path.phase == "transfer":
            return []
        return list(pointing.burns(self.path.trajectory))

    def at(self, t: np.ndarray) -> np.ndarray:
        r, v, _ = self.path.trajectory.at(t)
        if self.station is not None and self.path.phase in NOSE_TO_STATION:
            return pointing.nose_to(self.station.at(t)[0] - r, r, v)
        if self.station is not None and self.path.phase in RETURN:
            angle, burns = np.zeros(len(t)), self.burns()
            for start, duration, turn in self.turns:
                angle += turn * np.clip((t - start) / max(duration, SAME_S), 0.0, 1.0)
            if not self.turns and burns:  # a ship whose turn takes no time
                angle = np.where(t >= burns[0].t[0], np.pi, 0.0)
            return pointing.yawed(r, v, angle)
        return pointing.lvlh(r, v)


def _commanded(
    rule: _Rule, start: float, end: float, before: Sequence[AttitudeSegment], then: Hold | None
) -> AttitudeSegment:
    """The rule from start to end s, eased out of what was before, into what is then, and into burns and out of them."""
    from scipy.spatial.transform import Rotation

    holds = [hold for hold in rule.burns() if start <= hold.t[0] and hold.t[-1] <= end]
    if before and start - before[-1].t[-1] < SAME_S:
        holds.insert(0, Hold(np.array([start]), before[-1].q[-1:]))
    if then is not None and then.t[0] - end < SAME_S:
        holds.append(Hold(np.array([end]), then.q[:1]))
    outer = [start, *(float(hold.t[-1]) for hold in holds)], [*(float(hold.t[0]) for hold in holds), end]
    gaps = np.minimum(EASE_S, 0.5 * (np.array(outer[1]) - np.array(outer[0])))
    turns = np.array([x for a, duration, _ in rule.turns for x in (a, a + duration)])
    row_s = NOSE_ROW_S if rule.path.phase in NOSE_TO_STATION and rule.station is not None else ROW_S
    t = [np.arange(start, end, row_s), np.array([end]), turns, *(hold.t for hold in holds)]
    for hold, into, out in zip(holds, gaps[:-1], gaps[1:], strict=True):
        t += [hold.t[0] - _steps(into), hold.t[-1] + _steps(out)]
    times = np.unique(np.clip(np.concatenate(t), start, end))
    times = times[np.append(np.diff(times) > SAME_S, True)]
    q = rule.at(times)
    for hold, into, out in zip(holds, gaps[:-1], gaps[1:], strict=True):
        inside = (times >= hold.t[0]) & (times <= hold.t[-1])
        q[inside] = _between(hold, times[inside])
        for part, edge, weight in (
            (times < hold.t[0], 0, pointing.ease(times - (hold.t[0] - into), into)),
            (times > hold.t[-1], -1, 1.0 - pointing.ease(times - hold.t[-1], out)),
        ):
            # The turn from the rule to the hold is that at the edge, so that one of half a circle keeps its side.
            base = Rotation.from_quat(rule.at(hold.t[[edge]])[0])
            turn = (base.inv() * Rotation.from_quat(hold.q[edge])).as_rotvec()
            i = np.flatnonzero(part & (weight > 0.0))
            q[i] = (
                (Rotation.from_quat(q[i]) * Rotation.from_rotvec(weight[i, None] * turn)).as_quat() if i.size else q[i]
            )
    return AttitudeSegment(rule.path.leg, rule.path.phase, COMMANDED, times, _without_jumps(q))


def _steps(duration: float) -> np.ndarray:
    return np.append(np.arange(0.0, duration, TURN_ROW_S), duration)


def _between(hold: Hold, times: np.ndarray) -> np.ndarray:
    from scipy.spatial.transform import Rotation, Slerp

    if len(hold.t) == 1:
        return np.repeat(hold.q, len(times), axis=0)
    return Slerp(hold.t, Rotation.from_quat(hold.q))(np.clip(times, hold.t[0], hold.t[-1])).as_quat()


def _without_jumps(q: np.ndarray) -> np.ndarray:
    """Of q and -q, which are one turn, the one nearer to that before."""
    signs = np.cumprod(np.where(np.sum(q[1:] * q[:-1], axis=1) < 0.0, -1.0, 1.0))
    return np.vstack([q[:1], q[1:] * signs[:, None]])
