"""Paragraphs of the return: undocking, the braking burn, the entry, the parachutes, the landing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim.report.plain_words import terms
from sim.report.plain_words.going_up import WALK_M_S
from sim.report.plain_words.story import Part, Story
from sim.report.plain_words.words import Words

G_M_S2 = 9.80665
AIRLINER_KM = 10.0  # how high an airliner flies


def leaving(story: Story, part: Part, w: Words) -> Iterator[str]:
    """Off the port."""
    undocking = part.first("undocking")
    if undocking is None:
        return
    ship, station = terms.ship(w, part.ship), terms.station(w, story.station)
    when = w.moment(story.when(undocking), chinese=story.chinese, brief=True)
    port = undocking["values"].get("port")
    if port:
        at = {"ship": ship, "port": terms.port(w, str(port)), "station": station, "moment": when}
        yield w.gettext("{ship} leaves {station} {moment}, from the {port}.", **at)
    else:
        yield w.gettext("{ship} leaves {station} {moment}.", ship=ship, station=station, moment=when)
    speed = part.value("undocking", "push_off_m_s")
    if story.at_length and speed:
        yield w.gettext(
            "Springs push it off at {speed}, about {times} times slower than a person walks.",
            speed=w.quantity(speed, "m/s", 2),
            times=w.number(WALK_M_S / speed),
        )
    stops = [event["values"].get("range_m") for event in part.events if event["name"] == "hold_arrival"]
    far = max((stop for stop in stops if isinstance(stop, float)), default=None)
    if story.at_length and far is not None:
        yield w.gettext(
            "It backs off slowly, to {distance} from the port.",
            distance=w.quantity(far, "m"),
        )
    yield from _who(story, part.ship, w)


def _who(story: Story, ship: str, w: Words) -> Iterator[str]:
    crew = story.coming_down(ship)
    if crew:
        people = w.series([terms.seat_name(w, seat) for seat in crew])
        yield w.ngettext(
            "{count} person comes home: {people}.",
            "{count} people come home: {people}.",
            len(crew),
            people=people,
        )
        yield from _days(crew, story, w)
    elif story.crew and any(e["vehicle"] == ship for e in story.data.events("touchdown")):
        yield w.gettext("Nobody is aboard {ship}.", ship=terms.ship(w, ship))


def _days(crew: Sequence[Mapping], story: Story, w: Words) -> Iterator[str]:
    """How long those were in space who had been up before this flight, where that is one number."""
    stayed = [seat for seat in crew if seat not in story.visitors]
    days = {f"{seat['days']:.1f}" for seat in stayed if seat["days"] is not None}
    if len(days) == 1 and len(stayed) > 1:
        shown = w.number(float(days.pop()), 1)
        if len(stayed) == len(crew):
            yield w.gettext("They were in space for {days} days.", days=shown)
        else:
            yield w.gettext("The others were in space for {days} days.", days=shown)


def down(story: Story, part: Part, w: Words) -> Iterator[str]:
    """From orbit to the ground."""
    yield from _braking(story, part, w)
    yield from _entry(story, part, w)
    yield from _parachutes(part, w)
    yield from _landing(story, part, w)


def _braking(story: Story, part: Part, w: Words) -> Iterator[str]:
    if story.at_length and part.first("orbital_module_separation"):
        yield w.gettext("The ship leaves its orbital module behind, a cabin that is no longer needed.")
    change, length = (part.value("deorbit_burn_end", key) for key in ("delta_v_m_s", "duration_s"))
    if change is not None and length is not None:
        yield w.gettext(
            "To come down, it brakes with its engine for {time} and becomes {change} slower: its path bends into the "
            "air.",
            time=w.quantity(length, "s"),
            change=w.quantity(change, "m/s"),
        )
    entry = part.value("entry_interface", "speed_inertial_m_s")
    if story.at_length and change and entry:
        yield w.gettext(
            "That is only {percent} of its speed, but enough to bring it down.",
            percent=w.quantity(100.0 * change / entry, "%", 1),
        )
    if story.at_length and part.first("service_module_separation"):
        yield w.gettext("Then it drops the part with the engine, and only the capsule goes on.")


def _entry(story: Story, part: Part, w: Words) -> Iterator[str]:
    height, speed = (part.value("entry_interface", key) for key in ("altitude_km", "speed_inertial_m_s"))
    if height and speed and not story.at_length:
        yield w.gettext(
            "At a height of {height} it meets the air at {speed}.",
            height=w.quantity(height, "km"),
            speed=w.quantity(speed / 1e3, "km/s", 1),
        )
    elif height and speed:
        yield w.gettext(
            "At {height}, about {times} times as high as airliners fly, it meets the air at {speed}.",
            height=w.quantity(height, "km"),
            **{"times": w.number(height / AIRLINER_KM), "speed": w.quantity(speed / 1e3, "km/s", 1)},
        )
    start, end = part.first("blackout_start"), part.first("blackout_end")
    if start is not None and end is not None:
        yield w.gettext(
            "The air in front of it becomes so hot that for {time} no radio signal passes.",
            time=w.span(story.seconds(end, start)),
        )
    if load := part.value("peak_load", "load_g"):
        times = w.number(load, 1)
        if story.coming_down(part.ship):
            yield w.gettext("Those aboard weigh {times} times as much as on the ground.", times=times)
        else:
            yield w.gettext("Everything in it weighs {times} times as much as on the ground.", times=times)


def _parachutes(part: Part, w: Words) -> Iterator[str]:
    drogue, main = (part.value(name, "altitude_km") for name in ("drogue_deployment", "main_chute_deployment"))
    if drogue is not None and main is not None:
        yield w.gettext(
            "A small parachute opens at a height of {first}, the large one at {second}.",
            first=w.quantity(drogue, "km", 1),
            second=w.quantity(main, "km", 1),
        )
    elif drogue is not None:
        yield w.gettext("A small parachute opens at a height of {first}.", first=w.quantity(drogue, "km", 1))
    if part.first("retro_fire"):
        yield w.gettext("Just above the ground rockets soften the landing.")


def _landing(story: Story, part: Part, w: Words) -> Iterator[str]:
    touchdown = part.first("touchdown")
    if touchdown is None:
        return
    when = w.moment(story.when(touchdown), chinese=story.chinese, pakistani=bool(story.pakistani))
    ship, miss = terms.ship(w, part.ship), part.value("touchdown", "miss_km")
    site = story.data.descent.site.name if story.data.descent else ""
    site = str(story.record.get("landing", {}).get("site", site))
    names = {"ship": ship, "site": terms.site(w, site), "moment": when}
    if site and miss is not None:
        far = w.quantity(miss, "km", 1)
        yield w.gettext("{ship} lands at {site} {moment}, {distance} from the planned place.", **names, distance=far)
    elif site:
        yield w.gettext("{ship} lands at {site} {moment}.", **names)
    else:
        yield w.gettext("{ship} lands {moment}.", ship=ship, moment=when)
    if speed := part.value("touchdown", "speed_m_s"):
        yield w.gettext(
            "It sinks onto the ground at {speed}, as if it were dropped from a height of {height}.",
            speed=w.quantity(speed, "m/s", 1),
            height=w.quantity(100.0 * speed**2 / (2.0 * G_M_S2), "cm"),
        )
