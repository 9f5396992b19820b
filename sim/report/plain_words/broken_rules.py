"""What a broken rule means, in a sentence that needs no knowledge of the rule; and its numbers where they have a unit
that everybody can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report.plain_words.words import N_, Words

TRIM = N_("The station has to change its orbit more than allowed to meet the ship.")
TIMING = N_("The ship and the station do not fit together in time as the plan of the chase needs it.")
RESERVE = N_("The rocket has less fuel left than the reserve that it must keep.")
ORBIT = N_("The rocket misses the planned orbit by more than allowed.")
LAUNCH_LOAD = N_("The rocket presses those aboard into their seats harder than allowed.")
LAUNCH_TIMES = N_("The events of the launch differ more than allowed from their published times.")
CHASE = N_("The burns of the chase are not as frugal, as well spaced or as well watched as the rules ask.")
AIM = N_("The ship does not arrive at its next stop as precisely as it should.")
ZONE = N_("The ship comes, or could drift, nearer to the station than the safety zone allows.")
CORRIDOR = N_("Near the station the ship leaves the corridor in which it has to stay.")
SPEED = N_("Near the station the ship is faster than allowed.")
PLUME = N_("A thruster blows at the station from near by.")
CONTACT = N_("The ship touches the port faster, slower, more tilted or further off its middle than allowed.")
HOVER = N_("The ship does not hover as steadily as the robotic arm needs it.")
MECHANISM = N_("The docking mechanism is loaded more, or needs longer, than allowed.")
CONDITIONS = N_("Sunlight, radio links or the time of day at the docking are not as the rules ask.")
PEOPLE = N_("More people are aboard the station than allowed.")
UNDOCKING = N_("The ship turns too fast after it is pushed off.")
STEEPNESS = N_("The capsule enters the air more steeply or more flatly than planned.")
MODULES = N_("A module that was left behind comes too near to the capsule.")
ENTRY = N_("The entry into the air is harder or hotter than allowed.")
PARACHUTE = N_("The parachutes are loaded more, or slow the capsule less, than allowed.")
LANDING = N_("The landing is harder than allowed.")
WIND = N_("The wind at the landing site is stronger than allowed.")
PLACE = N_("The capsule lands outside the area that was set aside for it.")
WEEK = N_("The plan of the week aboard does not hold in this flight.")
OTHER = N_("A limit of this flight is not kept.")

# The beginning of a rule's name -> what it means; the longest beginning that fits counts.
MEANING = {
    "station trim within its limit": TRIM,
    "phase at insertion": TIMING,
    "second stage keeps its reserve": RESERVE,
    "perigee at insertion": ORBIT,
    "apogee at insertion": ORBIT,
    "plane at insertion": ORBIT,
    "axial load": LAUNCH_LOAD,
    "events at their published times": LAUNCH_TIMES,
    "plan of phasing near its floor": CHASE,
    "burns of phasing within the budget": CHASE,
    "every burn of phasing is seen": CHASE,
    "coasts between burns": CHASE,
    "homing point is reached": AIM,
    "aim of ": AIM,
    "approach ellipsoid not entered": ZONE,
    "drift after ": ZONE,
    "keep-out sphere respected": ZONE,
    "no return into the keep-out sphere": ZONE,
    "keep-out sphere crossed inside the corridor": CORRIDOR,
    "inside the approach corridor": CORRIDOR,
    "inside the corridor while backing off": CORRIDOR,
    "speed limit against range": SPEED,
    "no thruster blows at the station near by": PLUME,
    "closing speed at contact": CONTACT,
    "lateral offset at contact": CONTACT,
    "lateral speed at contact": CONTACT,
    "pitch and yaw at contact": CONTACT,
    "roll at contact": CONTACT,
    "turning rate at contact": CONTACT,
    "hover: ": HOVER,
    "axial force after contact": MECHANISM,
    "stroke of the ring after contact": MECHANISM,
    "contact to rest of the ring": MECHANISM,
    "Sun away from the docking camera": CONDITIONS,
    "light on the port": CONDITIONS,
    "no shadow about the docking": CONDITIONS,
    "contact over a home station": CONDITIONS,
    "contact in the crew's day": CONDITIONS,
    "Sun near the orbit plane": CONDITIONS,
    "relay or ground over the last hour": CONDITIONS,
    "people aboard": PEOPLE,
    "rate after the push-off": UNDOCKING,
    "entry angle as planned": STEEPNESS,
    "clear of the orbital module": MODULES,
    "clear of the service module": MODULES,
    "load on the crew at entry": ENTRY,
    "load in entry": ENTRY,
    "heat flux at entry": ENTRY,
    "heat load at entry": ENTRY,
    "dynamic pressure at entry": ENTRY,
    "speed before retro fire": PARACHUTE,
    "opening force of a parachute": PARACHUTE,
    "speed along the ground at touchdown": LANDING,
    "speed at touchdown": LANDING,
    "wind at touchdown": WIND,
    "touchdown inside the ellipse": PLACE,
    "distance from the site": PLACE,
    "week: ": WEEK,
}
UNITS = {"m", "m/s", "km", "kg", "s", "g", "kN"}  # a reader can picture these; a limit in others is in the report


def meaning(rule: str) -> str:
    """The sentence for a rule, in English."""
    fitting = [start for start in MEANING if rule.startswith(start)]
    return MEANING[max(fitting, key=len)] if fitting else OTHER


def sentences(words: Words, broken: Sequence[Mapping]) -> Iterator[str]:
    """What is broken, each meaning once; the numbers of the first rule that has it, where its unit is a plain one."""
    for text in dict.fromkeys(meaning(rule["rule"]) for rule in broken):
        yield words.gettext(text)
        one = next(rule for rule in broken if meaning(rule["rule"]) == text)
        if one["unit"] not in UNITS or abs(one["value"]) > 1e6:
            continue
        value, limit = (words.quantity(one[key], one["unit"], _digits(one[key])) for key in ("value", "limit"))
        if one["sense"] == "<=":
            yield words.gettext("It is {value}, and at most {limit} is allowed.", value=value, limit=limit)
        else:
            yield words.gettext("It is {value}, and at least {limit} is required.", value=value, limit=limit)


def _digits(value: float) -> int:
    return 0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2
