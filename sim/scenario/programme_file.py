"""The programme file: ships, ports, seats and crews of a station over months and years.

A ship names its record, a fact with its times (`missions.sz_20`); its own keys hold before those of the record. What is
planned writes its times itself. `resolved` fills the record in, so that one model holds both.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.keeping_file import Keeping
from sim.scenario.kinds import Craft, File, Reference, Table, Utc, Words, length, within

Fact = Annotated[
    str,
    Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$", description="the name of a fact such as missions.sz_20"),
]
Kilograms = Annotated[float, within(0, 1e5)]
Days = Annotated[float, within(0, 4000)]
CONTINGENCIES = ("unsafe", "port-blocked", "launch-slip", "landing-slip", "early-return")


class ProgrammeStation(Table):
    """`vehicle`: the file with its ports; `side_ports`: others that are held for good by modules. `people_max`: whom it
    can hold. `propellant_kg_day`: what keeps it up, whoever is aboard."""

    name: Craft
    vehicle: Reference
    side_ports: Annotated[tuple[Words, ...], length(0, 6)] = ()
    people_max: Annotated[int, within(1, 20)]


class ShipKind(Table):
    """What ships of one kind have in common. `vehicle` says how many seats there are; a module has none, and stays.

    `free_flight_days`: how long it may fly by itself; `docked_life_days`: how long it may be docked and still bring
    people home, or, without seats, stay at all. `docked_mass_kg` and `docked_propellant_kg` are those of a mission that
    starts while it is docked. `down_kg`: freight that lands with it. `flown_as`: the mission after which a flight is
    made that has none of its own.
    """

    vehicle: Reference | None = None
    flown_as: Reference | None = None
    free_flight_days: Days | None = None
    docked_life_days: Days | None = None
    docked_mass_kg: Annotated[float, within(500, 1e5)] | None = None
    docked_propellant_kg: Annotated[float, within(0, 2e4)] | None = None
    down_kg: Kilograms = 0.0


class StayTable(Table):
    """A time at a port; without `undocked_utc` it has not ended."""

    port: Words
    docked_utc: Utc
    undocked_utc: Utc | None = None


class PersonTable(Table):
    """One of those who go up in a ship; without `ship_down` they come home in it. Otherwise a mission's `[[crew]]`."""

    name: Words
    role: Words
    nation: Words
    ship_down: Craft | None = None
    note: Words = ""


class Supplies(Table):
    """What a ship brings for those aboard and for the station."""

    food_kg: Kilograms = 0.0
    water_kg: Kilograms = 0.0
    oxygen_kg: Kilograms = 0.0
    canisters_kg: Kilograms = 0.0
    propellant_kg: Kilograms = 0.0
    other_kg: Kilograms = 0.0


class ProgrammeShip(Table):
    """`record`: the fact that gives the times which the file does not. `mission`: by which it is flown. `on_need`: sent
    up as a lifeboat. `planned`: has not flown. A day without an hour is taken at noon, UTC."""

    kind: Craft
    record: Fact | None = None
    mission: Reference | None = None
    planned: bool = False
    on_need: bool = False
    launch_utc: Utc
    stays: Annotated[tuple[StayTable, ...], length(0, 10)] = ()
    landed_utc: Utc | None = None
    crew: Annotated[tuple[PersonTable, ...], length(0, 10)] = ()
    supplies: Supplies = Supplies()
    down_kg: Kilograms | None = None
    note: Words = ""


class EvaTable(Table):
    """A spacewalk: without `end_utc` its length was not released."""

    record: Fact | None = None
    start_utc: Utc
    end_utc: Utc | None = None
    crew: Annotated[tuple[Words, ...], length(1, 4)]
    hatch: Words = ""
    work: Words = ""


class AvoidanceTable(Table):
    """A burn of the station past another object. `approach_utc`: when it would have come nearest, `predicted_km` far
    without the burn and `passed_km` with it, both upper limits."""

    record: Fact | None = None
    secondary: Words
    burn_utc: Utc
    approach_utc: Utc
    predicted_km: Annotated[float, within(0, 1000)] | None = None
    passed_km: Annotated[float, within(0, 1000)] | None = None
    note: Words = ""


class ContingencyTable(Table):
    """What went wrong, or might. `unsafe`: a ship that brings nobody home from then on. `port-blocked`: from then,
    until `until_utc`. The others change the plan: a launch or a landing `days` later, a `person` home by `utc`, which
    is known `days` before."""

    kind: Literal["unsafe", "port-blocked", "launch-slip", "landing-slip", "early-return"]
    utc: Utc
    record: Fact | None = None
    ship: Craft | None = None
    port: Words | None = None
    person: Words | None = None
    until_utc: Utc | None = None
    days: Annotated[float, within(0, 400)] | None = None
    note: Words = ""


class Consumable(Table):
    """What is used up. `recycled`: the share that comes back; where all of it does, the stock is what is left when the
    machines stop. `start_kg`: in the station when its first crew came. `reserve_days`: the least that may be left."""

    use_kg_person_day: Annotated[float, within(0, 50)] = 0.0
    use_kg_day: Annotated[float, within(0, 100)] = 0.0
    recycled: Annotated[float, within(0, 1)] = 0.0
    start_kg: Kilograms
    reserve_days: Days


class Consumables(Table):
    food: Consumable | None = None
    water: Consumable | None = None
    oxygen: Consumable | None = None
    canisters: Consumable | None = None
    propellant: Consumable | None = None


class ProgrammeRules(Table):
    """Limits of the station's life. `handover_days`: shortest and longest time of two crews together. `turnaround_h`:
    from one ship's leaving a port to the next one's docking there."""

    handover_days: Annotated[tuple[Days, ...], length(2, 2)]
    turnaround_h: Annotated[float, within(0, 240)]
    lifeboat_gap_h: Annotated[float, within(0, 48)]


class Standby(Table):
    """A launch on need: `ready_days` from the order to the lift-off with rocket and ship standing by, which they do
    `recovery_days` after the launch before; `window_days`: until the station's plane passes over the site."""

    ready_days: Days
    recovery_days: Days
    window_days: Annotated[float, within(0, 10)]


class Costs(Table):
    """What a plan after a contingency is ranked by; one is a day by which one person's stay is changed.

    `seatless`: a day of one person without a seat in a healthy docked ship; `stranded`: beside it, where no ship at all
    is docked. `cramped`: a day of waiting of one person in a ship that flies alone. `deserted`: a day of a station with
    nobody aboard; `unmet`: a crew that comes and finds nobody who could hand over. `launch`: one that was not planned;
    `empty`: a ship with seats that comes home without people; `liner`: a seat liner that is carried from one ship to
    another; `stock`: a kilogram used beyond the least.
    """

    seatless: Annotated[float, within(0, 1e4)] = 20.0
    stranded: Annotated[float, within(0, 1e4)] = 20.0
    cramped: Annotated[float, within(0, 1e4)] = 5.0
    deserted: Annotated[float, within(0, 1e4)] = 5.0
    unmet: Annotated[float, within(0, 1e4)] = 100.0
    launch: Annotated[float, within(0, 1e4)] = 200.0
    empty: Annotated[float, within(0, 1e4)] = 50.0
    liner: Annotated[float, within(0, 1e4)] = 1.0
    stock: Annotated[float, within(0, 1e4)] = 0.1


class Planning(Table):
    """How plans after a contingency are made. A crew leaves in its own ship `own_days` after the decision, in another
    `change_days`; a ship without people leaves its port `clear_days` before another comes there. One that brings nobody
    home leaves `empty_days` after the ship that was sent has come. `supply_days`: so far ahead stocks are judged, since
    later freighters are not known."""

    own_days: Annotated[float, within(0, 60)] = 1.0
    change_days: Annotated[float, within(0, 60)] = 3.0
    clear_days: Annotated[float, within(0, 60)] = 2.0
    empty_days: Annotated[float, within(0, 200)] = 30.0
    supply_days: Annotated[float, within(0, 400)] = 60.0
    costs: Costs = Costs()


class SpecialistStep(Table):
    """One step on the way to the flight. `after`: the steps that have to be done. It begins on `start_utc`, or when
    those are, and takes `days`. `who`: both candidates, or one. A gate lets `passes` of those who came go on."""

    name: Craft
    words: Words
    days: Annotated[float, within(0, 1000)]
    start_utc: Utc | None = None
    after: Annotated[tuple[Craft, ...], length(0, 10)] = ()
    who: Literal["both", "prime", "back-up"] = "both"
    gate: bool = False
    passes: Annotated[int, within(1, 1000)] | None = None


class Specialist(Table):
    """A payload specialist's way to the seat `seat` (from 0) of `ship`. `flies`: who of the two, once it is announced.
    `swap_days`: what it takes to give the back-up the seat, after `swap_utc` or their readiness."""

    ship: Craft
    seat: Annotated[int, within(0, 9)]
    prime: Words
    back_up: Words
    flies: Literal["not-announced", "prime", "back-up"] = "not-announced"
    swap_utc: Utc | None = None
    swap_days: Annotated[float, within(0, 365)] = 0.0
    steps: Annotated[tuple[SpecialistStep, ...], length(1, 40)]


class Alternative(Table):
    """Another plan: `set` holds texts KEY=VALUE as `--set` takes them."""

    name: Craft
    words: Words
    set: Annotated[tuple[Words, ...], length(1, 40)]


class ProgrammeFile(File):
    """`until_utc`: up to when the programme is known or planned well enough to be judged."""

    kind: Literal["programme"]
    note: Words = ""
    until_utc: Utc
    station: ProgrammeStation
    kinds: Annotated[dict[str, ShipKind], Field(min_length=1)]
    ships: Annotated[dict[str, ProgrammeShip], Field(min_length=1)]
    evas: Annotated[tuple[EvaTable, ...], length(0, 49)] = ()
    contingencies: Annotated[tuple[ContingencyTable, ...], length(0, 20)] = ()
    avoidances: Annotated[tuple[AvoidanceTable, ...], length(0, 99)] = ()
    consumables: Consumables = Consumables()
    rules: ProgrammeRules
    standby: Standby
    planning: Planning = Planning()
    keeping: Keeping | None = None
    specialist: Specialist | None = None
    alternatives: Annotated[tuple[Alternative, ...], length(0, 10)] = ()
