"""What is told of a stretch in closed loop: series, events, the words for why it was broken off, notes."""

from __future__ import annotations

import numpy as np

from kernels.docking import log, plan
from kernels.relative.retreat import CLEAR
from sim.core.flight import Event
from sim.docking.approach import CloseRange
from sim.docking.run import DockingRun
from sim.rendezvous.relative import relative_series

EVERY = 2  # periods between the rows told
CAUSES = {
    plan.CORRIDOR: "it left the approach corridor",
    plan.SPEED: "it came in too fast for its range",
    plan.NAVIGATION: "it did not see the port",
    plan.STATION_TURNS: "the station turned",
    plan.MISSED: "the touch was outside the capture box",
    plan.OFF_ARC: "it strayed from its way round the station",
    plan.TRIES: "no try was left",
}
AXES, TURNS = ("x", "y", "z"), ("roll", "pitch", "yaw")


def series(flown: DockingRun, meeting: CloseRange, loaded: float) -> dict[str, dict[str, np.ndarray]]:
    """Histories by name; `relative` is of the ring from the port. `loaded` kg, propellant at the start."""
    rows = np.unique(np.append(np.arange(0, len(flown.log), EVERY), len(flown.log) - 1))
    table, on = flown.log[rows], flown.on
    t = table[:, log.TIME]

    def three(first: int) -> np.ndarray:
        return table[:, first : first + 3]

    # What was on between two told rows is told with the first of them.
    fired = np.add.reduceat(on, rows, axis=0)
    return {
        "relative": relative_series(t, three(log.RING), three(log.RING_RATE)),
        "attitude": {
            "t_s": t,
            **_named(TURNS, "{}_deg", np.degrees(three(log.OFF))),
            **_named(AXES, "rate_{}_deg_s", np.degrees(three(log.OFF_RATE))),
            **_named(TURNS, "station_{}_deg", np.degrees(three(log.STATION))),
        },
        "navigation": {
            "t_s": t,
            **_named(AXES, "error_{}_m", three(log.PLACE_ERROR)),
            **_named(AXES, "sigma_{}_m", three(log.PLACE_SIGMA)),
            **_named(AXES, "error_v{}_m_s", three(log.SPEED_ERROR)),
            **_named(AXES, "sigma_v{}_m_s", three(log.SPEED_SIGMA)),
            **_named(TURNS, "error_{}_deg", np.degrees(three(log.TURN_ERROR))),
            **_named(TURNS, "sigma_{}_deg", np.degrees(three(log.TURN_SIGMA))),
        },
        "thrusters": {"t_s": t, **{f"{name}_s": fired[:, j] for j, name in enumerate(meeting.ship.thrusters.names)}},
        "guidance": {
            "t_s": t,
            **_named(AXES, "wish_{}", three(log.DEMAND)),
            "mode": table[:, log.WHAT],
            **_named(AXES, "place_{}_m", three(log.PLACE)),
        },
        "propellant": {"t_s": t, "propellant_kg": loaded - table[:, log.USED]},
    }


def _named(names, pattern: str, columns: np.ndarray) -> dict[str, np.ndarray]:
    return {pattern.format(name): columns[:, j].copy() for j, name in enumerate(names)}


def events(flown: DockingRun, meeting: CloseRange) -> tuple[Event, ...]:
    """What happened on the way, from its marks."""
    ship, told = meeting.ship_name, []
    thrusters = meeting.ship.thrusters.names
    for code, t, value in flown.marks.tolist():
        if code in (plan.ARRIVAL, plan.DEPARTURE):
            name = "hold_arrival" if code == plan.ARRIVAL else "hold_departure"
            told.append(Event(name, t, ship, {"range_m": _range(flown, t)}))
        elif code == plan.FAULT and not meeting.faults[int(value)].old:
            fault = {"fault": meeting.faults[int(value)].name, "range_m": _range(flown, t)}
            told.append(Event("fault", t, ship, fault))
        elif code == plan.ISOLATED:
            told.append(Event("thruster_isolated", t, ship, {"thruster": thrusters[int(value)]}))
        elif code == plan.BACKED_OFF:
            told.append(Event("back_off", t, ship, {"why": CAUSES[int(value)], "range_m": _range(flown, t)}))
        elif code == plan.LEFT:
            told.append(Event("retreat", t, ship, {"why": CAUSES[int(value)], "range_m": _range(flown, t)}))
        elif code == plan.BOUNCED:
            told.append(Event("missed_contact", t, ship, {"try": value}))
    return tuple(told)


def _range(flown: DockingRun, t: float) -> float:
    """Ring from port, m."""
    ring = flown.log[:, log.RING : log.RING + 3]
    return float(np.interp(t, flown.log[:, log.TIME], np.linalg.norm(ring, axis=1)))


def why_not(flown: DockingRun, meeting: CloseRange) -> str:
    """The sentence for a stretch that did not end as it should."""
    last = flown.log[-1]
    gap, used = float(last[log.GAP]), flown.used
    place = np.linalg.norm(flown.log[:, log.PLACE : log.PLACE + 3], axis=1)
    if flown.status == plan.COLLIDED:
        speed = float(np.linalg.norm(last[log.RING_RATE : log.RING_RATE + 3]))
        why = CAUSES.get(flown.cause(), "it was told to back off")
        return f"the ship ran into the station: {speed:.2f} m/s, {used:.1f} kg used; before that {why}"
    if flown.status == plan.RETREATED:
        left = flown.marks[flown.marks[:, 0] == plan.LEFT][-1]
        away = flown.log[:, log.TIME] >= left[1]
        out = place[away]
        clear = out[np.argmax(out > CLEAR * meeting.zones.keep_out) :].min()
        return (
            f"the ship retreated because {CAUSES[int(left[2])]}: {_range(flown, left[1]):.0f} m from the port; once "
            f"out of the keep-out sphere it came no nearer than {clear:.0f} m in a revolution and is "
            f"{out[-1]:.0f} m away; {used:.1f} kg used"
        )
    if flown.status == plan.OUT_OF_PROPELLANT:
        return f"the ship ran out of propellant: {gap:.1f} m from the port, {used:.1f} kg used"
    hours = meeting.pilot.limit / 3600.0
    return f"the ship did not arrive in {hours:.1f} h: {gap:.1f} m from the port, {used:.1f} kg used"
