"""All that a plan of raises looks at: the station as it is known, what is docked when, engines, launches, quiet times.

Times are seconds from `zero`, the first instant of the plan. Nothing here leads to the truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernels.constants import J2, MU_EARTH, R_EQUATOR
from sim.build.parts import Parts
from sim.build.sequence import phases
from sim.build.vehicles import ship_of, station_of
from sim.catalogue.element_sets import ElementSet
from sim.core.epoch import Epoch
from sim.core.ground_site import Site
from sim.core.scene import KnownState
from sim.core.vehicle import Engine
from sim.environment.world import KnownWorld, build_world, sgp4_state
from sim.files.errors import BadInput
from sim.orbit.decay import Decay
from sim.orbit.decay_arc import mean_set, mean_sets
from sim.orbit.decay_density import MeanPlane
from sim.orbit.propagate import fly
from sim.orbit.raises import last_arc
from sim.phases.await_launch import AwaitLaunch
from sim.planning.kept_station import known_before
from sim.planning.rotation.timeline import Timeline, Vessel, timeline
from sim.planning.station.calendar import Closed, closed_times
from sim.scenario.keeping_file import Burner as BurnerBlock
from sim.scenario.keeping_file import Keeping
from sim.scenario.load import load, load_named
from sim.scenario.programme import Programme

DAY = 86400.0
STEP = 240.0  # s; a plan's flight of a month ends within a metre of the mission's 60 s
DEGREE = 8  # of the field, as missions have it
OLD = 60.0  # days: beyond it nobody should take the start of a plan for the station's
OLDEST = 370.0  # days after which nothing is planned from a set, as long as the longest plan
RECENT = 60  # element sets in which the last raise is looked for
CORE = "core"


@dataclass(frozen=True)
class Burner:
    """A craft that can raise the station from `since` to `until` s, with `kg` of propellant for it."""

    name: str
    engine: Engine
    since: float
    until: float
    kg: float


@dataclass(frozen=True)
class Stack:
    """What flies from `since` s on: `mass` kg and `cda` m2, the drag coefficient times the area."""

    since: float
    mass: float
    cda: float


@dataclass(frozen=True)
class Launch:
    """A coming launch: `t` s as the programme has it; `bias` s after the passage of `site` through the mean plane.
    `phase` rad of the station ahead of the ship at insertion, `after` s and `downrange` rad past the site."""

    ship: str
    t: float
    site: Site
    bias: float
    phase: float
    after: float
    downrange: float


@dataclass(frozen=True)
class Setting:
    """`state`: the station at zero as it is known, with the drag area of the first stack. `kozai` m: the mean
    semi-major axis less the one that element sets print; `plane`: of the set it starts from.
    `drag`: ln of the drag area that the sets before zero show over that of the vehicles, with its one sigma."""

    title: str
    timeline: Timeline
    zero: Epoch
    end: float
    world: KnownWorld
    state: KnownState
    stacks: tuple[Stack, ...]
    burners: tuple[Burner, ...]
    launches: tuple[Launch, ...]
    closed: tuple[Closed, ...]
    rules: Keeping
    elements: str
    age_days: float
    kozai: float
    plane: MeanPlane
    drag: tuple[float, float]
    warnings: tuple[str, ...]

    def known(self, t: float) -> float:
        """Factor of the vehicles' drag area as it is known at zero: what the sets show, forgotten as a density is."""
        return math.exp(self.drag[0] * math.exp(-max(t, 0.0) / (self.rules.density_days * DAY)))

    def stack(self, t: float) -> Stack:
        return next(s for s in reversed(self.stacks) if s.since <= t or s is self.stacks[0])

    def altitude(self, axis: float | np.ndarray) -> float | np.ndarray:
        """Of a mean semi-major axis, m, as element sets print it, km."""
        return 1e-3 * (axis - self.kozai - R_EQUATOR)

    def axis(self, altitude: float) -> float:
        """The mean semi-major axis, m, at such an altitude, km."""
        return 1e3 * altitude + self.kozai + R_EQUATOR


def setting(programme: Programme, first: Epoch, last: Epoch) -> Setting:
    """Everything from `first` to `last`; the station's state is that of the last element set before `first`, flown on.

    BadInput where the programme does not say how its station is kept, or where no element set is old enough.
    """
    rules = programme.file.keeping
    if rules is None:
        raise BadInput(
            f"{programme.label}: found no [keeping]; write how the station's altitude is kept, as programme has"
        )
    found = timeline(programme)
    try:
        before = known_before(first)
    except IndexError:
        raise BadInput(f"start: found {first}; write a day after the first element set of the station") from None
    known = before.last
    end, age = last.since(first), first.since(known.epoch)
    if age > OLDEST * DAY:
        raise BadInput(
            f"start: found {first}, {age / DAY:.0f} days after the station's last element set before it, {known.name}; "
            f"write a day at most {OLDEST:.0f} days after a set: nobody knows the orbit beyond"
        )
    world = replace(
        build_world(first, min(-age, 0.0), end + 2.0 * DAY, DEGREE, True, True, None, STEP).known(), step=STEP
    )
    stacks = _stacks(found, first, end)
    r, v = sgp4_state(known.line1, known.line2, known.epoch)
    state = KnownState(np.asarray(r), np.asarray(v), stacks[0].mass, stacks[0].cda)
    if age > 0.0:
        r, v, _ = fly(state, -age, 0.0, world).last()
        state = KnownState(r, v, stacks[0].mass, stacks[0].cda)
    warnings = []
    if age > OLD * DAY:
        warnings.append(f"the station's last element set before {first} is {age / DAY:.0f} days old; it is flown on")
    drag, doubt = _drag_seen(before.sets, first, stacks[0])
    if doubt:
        warnings.append(doubt)
    launches = tuple(_launch(programme, v, first) for v in found.vessels if 0.0 < v.launch.since(first) < end)
    axis = 1.0 / (2.0 / float(np.linalg.norm(state.r)) - float(state.v @ state.v) / MU_EARTH)
    return Setting(
        title=programme.file.name,
        timeline=found,
        zero=first,
        end=end,
        world=world,
        state=state,
        stacks=stacks,
        burners=_burners(programme, found, rules, first, end),
        launches=launches,
        closed=closed_times(found, rules, first, end, launches=[(x.ship, x.t) for x in launches]),
        rules=rules,
        elements=known.name,
        age_days=age / DAY,
        kozai=kozai_excess(axis, math.radians(known.inclination_deg)),
        plane=mean_set(known).plane,
        drag=drag,
        warnings=tuple(warnings),
    )


def kozai_excess(axis: float, inclination: float) -> float:
    """By how much the mean (Brouwer) semi-major axis is larger than that of the printed (Kozai) mean motion, m.

    First order, circular: 1/2 J2 R^2 / a (3 cos^2 i - 1). Hoots and Roehrich, Spacetrack Report 3 (1980).
    """
    return 0.5 * J2 * R_EQUATOR**2 / axis * (3.0 * math.cos(inclination) ** 2 - 1.0)


def _drag_seen(sets: Sequence[ElementSet], first: Epoch, stack: Stack) -> tuple[tuple[float, float], str]:
    """ln(Cd A / m) by the decay of the last sets, without a raise between them, less that of the stack; one sigma; and
    a warning where these sets do not fall as drag lets them."""
    decay = Decay.from_sets(last_arc(mean_sets(sets[-RECENT:])), first, ahead=1.0)
    at = decay.model.times
    now = float(np.clip(first.since(decay.model.newest.epoch), at[0], at[-1]))
    log = float(np.interp(now, at, decay.logs)) - math.log(stack.cda / stack.mass)
    return (log, decay.rate_sigma(first)), decay.warning


def _stacks(found: Timeline, first: Epoch, end: float) -> tuple[Stack, ...]:
    """The station with what is docked, from each docking and undocking on."""
    file = found.programme.file
    station = load_named(str(file.station.vehicle), "station")
    times = sorted({0.0} | {s for m in found.moments() if 0.0 < (s := m.since(first)) < end})
    made: list[Stack] = []
    for t in times:
        mass, cda = station.mass.modules_kg, station.drag.area_m2 * station.drag.coefficient
        for vessel, _ in found.docked(first.plus(t)):
            kind = file.kinds[vessel.kind]
            if kind.vehicle is not None:
                drag = load_named(str(kind.vehicle), "ship").drag
                mass, cda = mass + (kind.docked_mass_kg or 0.0), cda + drag.area_m2 * drag.coefficient
        if not made or (mass, cda) != (made[-1].mass, made[-1].cda):
            made.append(Stack(t, mass, cda))
    return tuple(made)


def _burners(programme: Programme, found: Timeline, rules: Keeping, first: Epoch, end: float) -> tuple[Burner, ...]:
    file = programme.file
    core = station_of("station", load_named(str(file.station.vehicle), "station"), {}).engine
    made = [Burner(CORE, core, 0.0, end, max(rules.core_kg - rules.reserve_kg, 0.0))]
    by_kind = {block.kind: block for block in rules.burners}
    for vessel in found.vessels:
        block = by_kind.get(vessel.kind)
        if block is None:
            continue
        for stay in vessel.stays:
            since, until = stay.start.since(first), stay.end.since(first) if stay.end else math.inf
            if until > 0.0 and since < end and stay.port in block.ports:
                kg = _left(programme, vessel, max(-since, 0.0) / DAY) - rules.reserve_kg
                made.append(
                    Burner(vessel.name, _engine(programme, block), max(since, 0.0), min(until, end), max(kg, 0.0))
                )
    return tuple(made)


def _engine(programme: Programme, block: BurnerBlock) -> Engine:
    ship = ship_of(load_named(str(programme.file.kinds[block.kind].vehicle), "ship"))
    engine = ship.main if block.engine == "main" else ship.translation
    return Engine(engine.thrust * block.share, engine.isp)


def _left(programme: Programme, vessel: Vessel, days: float) -> float:
    """Propellant that a ship has left of what it brought, kg, after so many days at its port, used as the programme's
    stock is."""
    stock = programme.file.consumables.propellant
    return max(vessel.supplies.propellant_kg - (stock.use_kg_day if stock else 0.0) * days, 0.0)


def _launch(programme: Programme, vessel: Vessel, first: Epoch) -> Launch:
    """What a launch asks of the station: as the ship's mission has it, or the mission after which its kind is flown."""
    mission = programme.file.ships[vessel.name].mission or programme.file.kinds[vessel.kind].flown_as
    if mission is None:
        raise BadInput(
            f"ships.{vessel.name}: found no mission and no flown_as of its kind; write one: it has the phase"
        )
    wait = waiting(str(mission))
    return Launch(
        ship=vessel.name,
        t=vessel.launch.since(first),
        site=wait.site,
        bias=wait.bias or 0.0,
        phase=wait.phase,
        after=wait.after,
        downrange=wait.downrange,
    )


def waiting(mission: str) -> AwaitLaunch:
    """The wait for the launch of a mission, which knows the phase and the ascent."""
    scenario = load(mission)
    built = {name: ship_of(model) for name, model in scenario.ship_vehicles.items()}
    ships = {ship: built[vehicle] for ship, vehicle in scenario.vehicles.items()}
    station = station_of(scenario.station.name, scenario.station_vehicle, ships)
    wait = phases(scenario.sequence, Parts(scenario, station, ships, Epoch.from_utc("2026-01-01T00:00:00Z")))[0]
    if not isinstance(wait, AwaitLaunch):
        raise BadInput(f"{mission}: found no launch in it; write a mission that begins with one")
    return wait
