"""What breaks each rule of a flight: the table behind docs/rules.md and tests/flights/test_rules.py.

`python tests/flights/rules.py` writes the page. Every rule is broken by physics: a part that fails, air or a mass that
is not what it was taken for, an engine that errs, another second or another place. No limit is touched.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import made_broken as made
import numpy as np
from flown import Flown, fly_whole

from kernels.docking import plan
from sim.build.arm import mounted
from sim.core.flight import RuleCheck
from sim.core.navigation_errors import ExecutionErrors
from sim.core.return_faults import ReturnFaults
from sim.core.scene import Scene, State
from sim.core.vehicle import LaunchVehicle, Ship
from sim.docking.approach import Fault
from sim.phases.capture import Capture, HoverLimits
from sim.scenario.load import load_named

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "rules.md"
Verdicts = Iterable[RuleCheck]


@dataclass(frozen=True)
class Flights:
    """The two rotations as they were flown: 3.5 h to the forward port; 6.5 h, round to the nadir port. And a ship that
    was moved from port to port."""

    pakistan: Flown
    april: Flown
    moved: Flown


@dataclass(frozen=True)
class Break:
    """What is broken, in words; how it is flown or made; and the rules that say so."""

    words: str
    flown: Callable[[Flights], Verdicts]
    rules: tuple[str, ...]


def again(flown: Flown, phase: str, scene: Scene | None = None, **changes) -> Verdicts:
    """The verdicts of one phase, flown once more with something changed."""
    leg = flown.again(phase, scene, **changes).legs[0]
    assert leg.status == "flown", leg.reason
    return leg.verdicts


def turned(flown: Flown, phase: str, degrees: float) -> Scene:
    """The scene before a phase with the station so much further along its orbit."""
    scene, name = flown.before(phase), flown.station
    station = scene.flying[name]
    normal = np.cross(station.r, station.v)
    normal /= np.linalg.norm(normal)
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    r, v = (c * x + s * np.cross(normal, x) for x in (station.r, station.v))
    return scene.with_(flying={**scene.flying, name: State(r, v, station.mass, station.cda)})


def rocket(flown: Flown, thrust: float = 1.0, flow: float = 1.0, first: int = 0, **record) -> LaunchVehicle:
    """The launcher with other engines, by factors, from phase `first` on, or other parts of its record."""
    own = flown.phase("ascent").launcher
    phases, draws = own.record.phases.copy(), own.record.draws.copy()
    phases[first:, 0] *= thrust
    phases[first:, 2] *= flow
    draws[first:] *= flow
    return replace(own, record=own.record._replace(phases=phases, draws=draws, **record))


def lands(flown: Flown, phase: str, aside: float = 0.0, down: float = 0.0) -> Scene:
    """The scene before a phase of the way home, the capsule `aside` m to the east, and falling faster by `down` m/s."""
    scene, name = flown.before(phase), flown.down
    ship = scene.flying[name]
    up = ship.r / np.linalg.norm(ship.r)
    east = np.cross([0.0, 0.0, 1.0], up)
    r, v = ship.r + aside * east / np.linalg.norm(east), ship.v - down * up
    return scene.with_(flying={**scene.flying, name: State(r, v, ship.mass, ship.cda)})


def storm(flown: Flown, more: float) -> Verdicts:
    """The descent in a wind that blows `more` m/s faster toward the east at all heights."""
    world = flown.mission.world
    blown = replace(world, wind=world.wind + [0.0, more, 0.0])
    return flown.phase("descent").fly(flown.before("descent"), blown).verdicts


def canopies(flown: Flown, **changes) -> Verdicts:
    """The descent under other parachutes."""
    ship = flown.phase("descent").ship
    return again(flown, "descent", ship=replace(ship, chutes=ship.chutes._replace(**changes)))


def worn(ship: Ship, share: float) -> Ship:
    """A ship whose capsule has so many times its nose radius."""
    own = ship.lander
    return replace(ship, capsule=own._replace(nose=share * own.nose))


def worse(flown: Flown, phase: str, factor: float) -> Verdicts:
    """A phase with relative navigation that errs more by a factor."""
    own = flown.phase(phase).navigation
    keys = ("relative", "relative_rate", "near", "near_rate")
    return again(flown, phase, navigation=replace(own, **{k: factor * getattr(own, k) for k in keys}))


def pushed(flown: Flown, phase: str, scale: float) -> Verdicts:
    """A phase that leaves a port with pushers of another speed, by a factor."""
    ship = flown.phase(phase).ship
    mechanism = replace(ship.docking, push_off=scale * ship.docking.push_off)
    return again(flown, phase, ship=replace(ship, docking=mechanism))


def near(flights: Flights, *faults: Fault, phase: str = "docking") -> Verdicts:
    """The close range of the flight to the nadir port with something that fails."""
    approach = flights.april.phase(phase).approach
    return again(flights.april, phase, approach=replace(approach, faults=faults))


def going_down(flown: Flown, **changes) -> Ship:
    """The ship of the deorbit, with another system for it."""
    ship = flown.phase("deorbit").ship
    return replace(ship, deorbit=replace(ship.deorbit, **changes))


def seven(flights: Flights) -> Verdicts:
    """Seven people aboard where six can be."""
    scene = flights.april.before("docked")
    seat = replace(scene.crew[0], name="a seventh", aboard=flights.april.station)
    return again(flights.april, "docked", scene.with_(crew=(*scene.crew, seat)))


def sky(flights: Flights, beta: float | None = None, relays: bool = True) -> Verdicts:
    """Contacts at any time of a day; on a plane over which the Sun stands at `beta` deg; or without relays."""
    flown = flights.april
    scene, world = flown.before("docked"), flown.mission.world
    station = scene.flying[flown.station]
    if beta is not None:
        station = made.facing_the_sun(station, scene.t, world, beta)
    hours = 24.0 if beta is None and relays else 5.0
    return made.skies(flown.phase("docking"), station, scene.t, world, hours, relays)


def hovering(flights: Flights, **control) -> Verdicts:
    """The moved ship is captured by the arm instead of docking, its control changed."""
    approach = flights.moved.phase("docking").approach
    capture = Capture(
        approach=replace(approach, control=replace(approach.control, **control)),
        mounted=mounted(load_named("large-arm", "arm"), "node", (2.0, 0.0, -1.4), (0.0, 0.0, -1.0)),
        ranges=(60.0, 20.0, 4.0),
        durations=(700.0, 400.0, 400.0),
        holds=(60.0, 60.0, 300.0),
        hover=HoverLimits(0.3, 0.03, math.radians(0.2), 150.0),
        standoff=1.0,
    )
    return capture.fly(flights.moved.before("docking"), flights.moved.mission.world).verdicts


def docked(flights: Flights):
    return flights.april.phase("docking")


UNTRACKED = "every burn of phasing is seen"
OUT, IN = "stays out of the approach ellipsoid", "stays out of the keep-out sphere"
BACK = "no return into the keep-out sphere"
DRIFTS = tuple(f"drift after a {kind} burn" for kind in ("missed", "half", "stuck"))
GREAT, LOOSE = ExecutionErrors(0.6, 0.0), ExecutionErrors(0.25, 0.1)
STUCK = Fault("thruster stuck on", plan.STUCK_ON, 15.0, 4)
MUTE = Fault("no thrust", plan.NO_THRUST, 225.0, duration=100.0)
SKIES = ("camera_sun", "port_light", "sunlight", "home_pass", "crew_day")

BREAKS: tuple[Break, ...] = (
    Break(
        "a lift-off 700 s late, for which the station has to go far, and a trim burn that errs by 60 % (one sigma)",
        lambda f: again(
            f.april, "await_launch", liftoff=f.april.phase("await_launch").liftoff + 700.0, execution=GREAT
        ),
        ("station trim within its limit", "phase at insertion as the profile wants it"),
    ),
    Break(
        "a second stage whose engines give 2 % less thrust for the same flow",
        lambda f: again(f.pakistan, "ascent", launcher=rocket(f.pakistan, 0.98, first=-2), study=None),
        ("second stage keeps its reserve",),
    ),
    Break(
        "a station that is 3 deg further along than it was taken to be",
        lambda f: again(f.pakistan, "ascent", turned(f.pakistan, "ascent", 3.0), study=None),
        ("phase at insertion within the profile's window",),
    ),
    Break(
        "an inertial platform that errs: 20 km too low, 3 km and 15 m/s across the plane",
        lambda f: again(
            f.pakistan,
            "ascent",
            launcher=rocket(f.pakistan, navigation=np.array([-2e4, 0.0, 3e3, 0.0, 0.0, 15.0])),
            study=None,
        ),
        ("perigee at insertion", "apogee at insertion", "plane at insertion"),
    ),
    Break(
        "engines that burn a fifth faster",
        lambda f: again(f.pakistan, "ascent", launcher=rocket(f.pakistan, 1.2, 1.2)),
        ("axial load on the crew", "events at their published times"),
    ),
    Break(
        "an insertion with the station 3 deg too far ahead, and no other profile to go over to",
        lambda f: again(f.pakistan, "phasing", turned(f.pakistan, "phasing", 3.0), fallback=None, decide=math.inf),
        ("plan of phasing near its floor", "burns of phasing within the budget"),
    ),
    Break(
        "relay satellites that are silent",
        lambda f: again(
            f.pakistan,
            "phasing",
            tracking=replace(f.pakistan.phase("phasing").tracking, relays=np.empty((0, 3))),
        ),
        (UNTRACKED,),
    ),
    Break(
        "a main engine that errs by 25 % and 6 deg (one sigma)",
        lambda f: again(f.pakistan, "phasing", execution=LOOSE),
        ("coasts between burns", "homing point is reached"),
    ),
    Break(
        "a homing that begins ahead of the station: the phasing went 18 km too far",
        lambda f: again(f.pakistan, "homing", turned(f.pakistan, "transfer", -0.05)),
        ("approach ellipsoid not entered", *(f"{drift} {OUT}" for drift in DRIFTS)),
    ),
    Break(
        "a main engine that errs by 30 % and 6 deg (one sigma)",
        lambda f: again(f.pakistan, "homing", execution=ExecutionErrors(0.3, 0.1)),
        ("aim of homing is reached",),
    ),
    Break(
        "a transfer that begins beside the station: the homing went 5 km too far",
        lambda f: again(f.pakistan, "transfer", turned(f.pakistan, "transfer", -0.0465)),
        ("keep-out sphere respected in transfer", *(f"{drift} {IN}" for drift in DRIFTS[1:])),
    ),
    Break(
        "a transfer that begins beside the station: the homing went 6 km too far",
        lambda f: again(f.pakistan, "transfer", turned(f.pakistan, "transfer", -0.055)),
        (f"{DRIFTS[0]} {IN}",),
    ),
    Break(
        "relative navigation that errs twenty times as much",
        lambda f: worse(f.pakistan, "transfer", 20.0),
        ("aim of transfer is reached",),
    ),
    Break(
        "no thrust for 100 s in the fly-around",
        lambda f: near(f, MUTE, phase="fly_around"),
        ("keep-out sphere respected in fly around",),
    ),
    Break(
        "a ring that drifts aside at 1 m/s from 260 m, and nobody watches",
        lambda f: made.drifting(docked(f), 260.0, (1.0, 1.0, 0.0), 150.0),
        ("keep-out sphere crossed inside the corridor", "inside the approach corridor"),
    ),
    Break(
        "no thrust, at 1 m/s from 180 m in",
        lambda f: made.drifting(docked(f), 180.0, (1.0, 0.0, 0.0), 120.0),
        ("speed limit against range",),
    ),
    Break(
        "a braking thruster that stays on, 15 m from the port",
        lambda f: near(f, STUCK),
        ("no thruster blows at the station near by",),
    ),
    Break("a touch at 0.25 m/s", lambda f: made.touch(docked(f), 0.25), ("closing speed at contact, most",)),
    Break("a touch at 0.05 m/s", lambda f: made.touch(docked(f), 0.05), ("closing speed at contact, least",)),
    Break("a touch 0.2 m off the axis", lambda f: made.touch(docked(f), aside=0.2), ("lateral offset at contact",)),
    Break("a touch with 0.15 m/s across", lambda f: made.touch(docked(f), across=0.15), ("lateral speed at contact",)),
    Break(
        "a touch with the nose 4 deg up",
        lambda f: made.touch(docked(f), turned_deg=(0.0, 4.0, 0.0)),
        ("pitch and yaw at contact",),
    ),
    Break("a touch rolled by 6 deg", lambda f: made.touch(docked(f), turned_deg=(6.0, 0.0, 0.0)), ("roll at contact",)),
    Break(
        "a touch while the ship rolls by 1 deg/s",
        lambda f: made.touch(docked(f), turning_deg_s=1.0),
        ("turning rate at contact",),
    ),
    Break(
        "a ring whose springs are stuck, 800 times as stiff, and a touch as fast as may be",
        lambda f: made.touch(docked(f), 0.175, springs=made.springs(docked(f), 800.0, 1.0)),
        ("axial force after contact",),
    ),
    Break(
        "a ring whose springs are broken, a fortieth as stiff and damped",
        lambda f: made.touch(docked(f), springs=made.springs(docked(f), 0.025, 0.025)),
        ("stroke of the ring after contact",),
    ),
    Break(
        "a ring whose dampers leak, a thousandth is left",
        lambda f: made.touch(docked(f), springs=made.springs(docked(f), 1.0, 0.001)),
        ("contact to rest of the ring",),
    ),
    Break("a contact at another time of the day", sky, tuple(f"docking rule {name}" for name in SKIES)),
    Break("a plane over which the Sun stands at 75 deg", lambda f: sky(f, 75.0), ("docking rule beta",)),
    Break("relay satellites that are silent", lambda f: sky(f, relays=False), ("docking rule links",)),
    Break("a seventh person, who did not go home", seven, ("people aboard",)),
    Break(
        "pushers whose line passes the centre of mass 30 times as far off",
        lambda f: made.pushed(f.april.phase("undocking"), f.april.before("undocking"), 30.0),
        ("rate after the push-off",),
    ),
    Break(
        "a hover for the arm under a control with a dead-band 33 times as wide, and gains 5 and 12 times as high",
        lambda f: hovering(f, deadband=0.1, gain=0.3, angle_gain=0.6),
        ("hover: offset from its point", "hover: relative speed", "hover: turning rate"),
    ),
    Break(
        "pushers that give 0.5 m/s instead of 0.2",
        lambda f: pushed(f.april, "undocking", 2.5),
        ("speed limit against range while backing off",),
    ),
    Break(
        "no thrust for 100 s, from 15 m out",
        lambda f: again(f.april, "undocking", faults=(replace(MUTE, within=-15.0),)),
        ("inside the corridor while backing off",),
    ),
    Break(
        "relative navigation that errs two hundred times as much",
        lambda f: worse(f.april, "departure", 200.0),
        (BACK, *(f"{BACK}, {which} burn missed or half" for which in ("first", "second"))),
    ),
    Break(
        "an accelerometer whose scale errs by 5 % (one sigma), so that the deorbit burn ends elsewhere",
        lambda f: again(f.pakistan, "deorbit", ship=going_down(f.pakistan, scale=0.05)),
        ("entry angle as planned",),
    ),
    Break(
        "pushers between the modules that do not push",
        lambda f: again(f.pakistan, "deorbit", ship=going_down(f.pakistan, pushes=(0.0, 0.0))),
        ("clear of the orbital module", "clear of the service module"),
    ),
    Break(
        "a ballistic entry: guidance is lost, and the capsule rolls",
        lambda f: again(f.pakistan, "entry", faults=ReturnFaults(guidance_lost=True)),
        ("load on the crew at entry",),
    ),
    Break(
        "a heat shield worn to a fifth of its nose radius",
        lambda f: again(f.pakistan, "entry", ship=worn(f.pakistan.phase("entry").ship, 0.2)),
        ("heat flux at entry", "heat load at entry"),
    ),
    Break(
        "a ballistic entry, twice as steep",
        lambda f: again(
            f.pakistan, "entry", lands(f.pakistan, "entry", down=250.0), faults=ReturnFaults(guidance_lost=True)
        ),
        ("dynamic pressure at entry",),
    ),
    Break(
        "a main parachute with 30 % of its drag gone",
        lambda f: again(f.pakistan, "descent", drag=0.7),
        ("speed before retro fire",),
    ),
    Break(
        "a main parachute whose reefing line is torn at once",
        lambda f: canopies(f.pakistan, reefed=1.0),
        ("opening force of a parachute",),
    ),
    Break(
        "a wind that is 16 m/s stronger than forecast at all heights",
        lambda f: storm(f.pakistan, 16.0),
        ("speed along the ground at touchdown", "wind at touchdown"),
    ),
    Break("retro rockets that do not fire", lambda f: again(f.pakistan, "descent", retro=0.0), ("speed at touchdown",)),
    Break(
        "parachutes that open 25 km to the east",
        lambda f: again(f.pakistan, "descent", lands(f.pakistan, "descent", aside=2.5e4)),
        ("touchdown inside the ellipse",),
    ),
)


def named(verdicts: Verdicts, rule: str) -> RuleCheck:
    """The verdict on a rule; a docking rule goes by what its table in the file is called."""
    return next(v for v in verdicts if v.rule == rule or f"({rule})" in v.rule)


def rows(flights: Flights) -> list[tuple[Break, RuleCheck]]:
    """Every rule with what broke it and its verdict, in the order of the flight."""
    found = []
    for each in BREAKS:
        verdicts = list(each.flown(flights))
        found += [(each, named(verdicts, rule)) for rule in each.rules]
    return found


HEAD = """# Rules

A flight is judged by rules: the worst value that was met, against a limit. Each of them can fail, and here is what
makes it: every row is flown or made by `tests/flights/test_rules.py`, which breaks the physics and never the limit.
This page is written from the same table: `python tests/flights/rules.py`.

"""


def page(flights: Flights) -> str:
    """docs/rules.md, whole."""
    table = ["| rule | phase | what breaks it | value | limit | verdict |", "|---|---|---|---|---|---|"]
    for each, v in rows(flights):
        sense = {"<=": "at most", ">=": "at least"}[v.sense]
        verdict = "holds" if v.passed else "broken"
        table.append(
            f"| {v.rule} | {v.phase.replace('_', ' ')} | {each.words} | {v.value:.3g} {v.unit} | "
            f"{sense} {v.limit:.3g} {v.unit} | {verdict} |"
        )
    return HEAD + "\n".join(table) + "\n"


def main() -> None:
    flights = Flights(*(fly_whole(name) for name in ("shenzhou-24-pakistan", "shenzhou-20", "port-relocation")))
    PAGE.write_text(page(flights), "utf-8")


if __name__ == "__main__":
    main()
