"""Paragraphs of the flight to the station: the launch, the chase, the docking, the time aboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import radians

from sim.report.plain_words import terms
from sim.report.plain_words.story import Part, Story, orbital_speed_km_s
from sim.report.plain_words.words import Words

AIRLINER_M_S, WALK_M_S = 250.0, 1.4  # what a reader knows: an airliner at height, a person who walks
MEAN_ORBIT_KM = 6750.0  # from the middle of the Earth, to turn an angle along the orbit into a distance


def launch(story: Story, part: Part, w: Words) -> Iterator[str]:
    """From the pad to orbit."""
    ship, liftoff = terms.ship(w, part.ship), part.first("liftoff")
    if liftoff is None:
        return
    figures = story.data.ascent.figures if story.data.ascent else None
    when = w.moment(story.when(liftoff), chinese=story.chinese, pakistani=bool(story.pakistani))
    if figures is not None and story.data.ship("liftoff") == part.ship:
        pad, rocket = terms.site(w, figures.launch_pad), terms.launcher(w, figures.launcher)
        yield w.gettext(
            "{ship} takes off from {site} {moment}, on a {rocket} rocket.",
            **{"ship": ship, "site": pad, "moment": when, "rocket": rocket},
        )
    else:
        yield w.gettext("{ship} takes off {moment}.", ship=ship, moment=when)
    yield from _crew(story, part.ship, w)
    yield from _ascent(story, part, liftoff, w)


def _crew(story: Story, ship: str, w: Words) -> Iterator[str]:
    crew = story.going_up(ship)
    if crew:
        people = w.series([terms.person(w, seat) for seat in crew])
        yield w.ngettext(
            "{count} person is aboard: {people}.", "{count} people are aboard: {people}.", len(crew), people=people
        )
    elif story.crew:
        yield w.gettext("Nobody is aboard {ship}.", ship=terms.ship(w, ship))


def _ascent(story: Story, part: Part, liftoff: Mapping, w: Words) -> Iterator[str]:
    boosters, stage = part.first("booster_separation"), part.first("stage_1_separation")
    if story.at_length and boosters is not None and stage is not None:
        yield w.gettext(
            "After {boosters} the boosters at its sides are empty and fall away, after {stage} the first stage.",
            boosters=w.quantity(story.seconds(boosters, liftoff), "s"),
            stage=w.quantity(story.seconds(stage, liftoff), "s"),
        )
    load = story.worst("axial load on the crew")
    if load is not None and story.going_up(part.ship):
        yield w.gettext(
            "The rocket presses them into their seats with up to {times} times their own weight.",
            times=w.number(load, 1),
        )
    yield from _in_orbit(story, part, liftoff, w)


def _in_orbit(story: Story, part: Part, liftoff: Mapping, w: Words) -> Iterator[str]:
    orbit = next((e for e in story.data.events("orbit_insertion") if e["vehicle"] == part.ship), None)
    if orbit is None:
        return
    speed = part.value("main_engine_cutoff", "speed_inertial_m_s")
    time = w.span(story.seconds(orbit, liftoff))
    if speed is not None:
        yield w.gettext(
            "After {time} the ship is in orbit, at {speed}, about {times} times as fast as an airliner.",
            **{"time": time, "speed": w.quantity(speed / 1e3, "km/s", 1), "times": w.number(speed / AIRLINER_M_S)},
        )
    else:
        yield w.gettext("After {time} the ship is in orbit.", time=time)
    low, high = (orbit["values"].get(key) for key in ("perigee_km", "apogee_km"))
    if story.at_length and low is not None and high is not None:
        yield w.gettext(
            "Its path there lies between {low} and {high} above the ground.",
            **{"low": w.quantity(low, "km"), "high": w.quantity(high, "km")},
        )


def chase(story: Story, part: Part, w: Words) -> Iterator[str]:
    """From orbit, or from another port, to the hard dock."""
    phase = part.value("orbit_insertion", "phase_deg")
    if phase is not None and 0.0 < phase < 180.0:
        yield w.gettext(
            "The station is then about {distance} ahead on a higher orbit. Whoever flies lower goes round faster, so "
            "the ship catches up.",
            distance=w.quantity(round(radians(phase) * MEAN_ORBIT_KM, -1), "km"),
        )
    burns = part.count("phasing_burn", "homing_burn", "transfer_burn")
    if story.at_length and burns:
        yield w.ngettext(
            "Its engines burn {count} time to bring it to the station.",
            "Its engines burn {count} times to bring it to the station.",
            burns,
        )
    yield from _approach(story, part, w)


def _approach(story: Story, part: Part, w: Words) -> Iterator[str]:
    stops = [e["values"].get("range_m") for e in part.events if e["name"] == "hold_arrival"]
    near = [stop for stop in stops if isinstance(stop, float)]
    if story.at_length and near:
        yield w.gettext(
            "It stops several times to check its instruments, at last {distance} from the port.",
            distance=w.quantity(near[-1], "m"),
        )
    if any(leg["phase"] == "fly_around" and leg["status"] == "flown" for leg in story.record["legs"]):
        yield w.gettext("To reach its port it flies round the station in an arc.")
    contact, docked = part.last("contact"), part.first("docked")
    if docked is not None:
        yield from _docked(story, docked, part, w)
    if contact is not None:
        yield from _contact(story, contact, w)


def _docked(story: Story, docked: Mapping, part: Part, w: Words) -> Iterator[str]:
    names = {"ship": terms.ship(w, part.ship), "station": terms.station(w, story.station)}
    names["port"] = terms.port(w, str(docked["values"].get("port", "")))
    names["moment"] = w.moment(story.when(docked), chinese=story.chinese, brief=True)
    liftoff, undocking = (story.earlier(docked, name, part.ship) for name in ("liftoff", "undocking"))
    if undocking is not None:
        time = w.span(story.seconds(docked, undocking))
        yield w.gettext(
            "{ship} docks at {station} again {moment}, now at the {port}, {time} after it left the other one.",
            **names,
            time=time,
        )
    elif liftoff is not None:
        time = w.span(story.seconds(docked, liftoff))
        yield w.gettext("{ship} docks at {station} {moment}, at the {port}, {time} after lift-off.", **names, time=time)
    else:
        yield w.gettext("{ship} docks at {station} {moment}, at the {port}.", **names)


def _contact(story: Story, contact: Mapping, w: Words) -> Iterator[str]:
    closing, beside, tries = (contact["values"].get(k) for k in ("closing_speed_m_s", "lateral_offset_m", "tries"))
    if closing and beside is not None:
        yield w.gettext(
            "It touches the port at {speed}, about {times} times slower than a person walks, and {offset} off its "
            "middle.",
            **{"speed": w.quantity(closing, "m/s", 2), "times": w.number(WALK_M_S / closing)},
            offset=w.quantity(100.0 * beside, "cm"),
        )
    if isinstance(tries, int) and tries > 1:
        yield w.ngettext("It needs {count} attempt for this.", "It needs {count} attempts for this.", tries)
    height = story.station_height_km
    if story.at_length and story.data.events("docked") and height is not None:
        yield w.gettext(
            "Both fly round the Earth at {speed} all the while, but beside each other they hardly move.",
            speed=w.quantity(orbital_speed_km_s(height), "km/s", 1),
        )
    if story.at_length and story.data.events("docked"):
        yield w.gettext(
            "Then the docking mechanism calms the motion of both, draws the ship in and locks it with hooks."
        )


def aboard(story: Story, part: Part, w: Words) -> Iterator[str]:
    """The hatch, the handover, the visitors, the week."""
    hatch, handover = part.first("hatch_open"), part.first("handover_complete")
    if hatch is not None:
        docked = next((e for e in reversed(story.data.events("docked")) if story.seconds(hatch, e) > 0.0), None)
        if docked is not None:
            yield w.gettext(
                "After {time} of checks for leaks the hatch is opened.", time=w.span(story.seconds(hatch, docked))
            )
        people = hatch["values"].get("people_aboard")
        if isinstance(people, int) and people > 0:
            yield w.ngettext("Now {count} person is in the station.", "Now {count} people are in the station.", people)
    if handover is not None and (days := handover["values"].get("handover_days")):
        yield w.gettext(
            "For {days} days the crew that leaves shows its work to the one that stays.", days=w.number(days, 1)
        )
    yield from _guests(story, w)
    yield from _week(story, w)


def _guests(story: Story, w: Words) -> Iterator[str]:
    for seat in story.visitors:
        if seat["ship_up"] == seat["ship_down"] or seat["days"] is None:
            continue
        names = {"role": terms.role(w, seat["role"]), "days": w.number(seat["days"], 1)}
        names |= {"up": terms.ship(w, seat["ship_up"]), "down": terms.ship(w, seat["ship_down"])}
        if story.chinese and seat["nation"] == "Pakistan":
            yield w.gettext(
                "The {role} from Pakistan, the first of that country here, looks after experiments and comes home in "
                "{down} after {days} days.",
                **names,
            )
        else:
            nation = terms.nation(w, seat["nation"])
            yield w.gettext(
                "The {role} from {nation} goes up in {up}, comes down in {down} and is in space for {days} days.",
                **names,
                nation=nation,
            )


def _week(story: Story, w: Words) -> Iterator[str]:
    week = story.record.get("week")
    if week and week["entries"]:
        yield w.gettext(
            "All {entries} tasks of those aboard are planned beforehand, around their sleep, meals and sport.",
            entries=w.number(len(week["entries"])),
        )
