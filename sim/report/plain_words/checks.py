"""Paragraphs that every flight has: what went wrong, what was checked, what is a forecast and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.report.plain_words import broken_rules
from sim.report.plain_words.story import Story
from sim.report.plain_words.words import N_, Words

# What an event means that no flight as planned has, in the words of a newspaper.
TROUBLE = {
    "profile_change": N_("The chase was changed to a longer plan on the way."),
    "fault": N_("A part of the ship failed on the way to the station."),
    "thruster_isolated": N_("The ship shut off a thruster that did not work as it should."),
    "missed_contact": N_("The ship touched the port, but the docking mechanism did not catch it."),
    "camera_blinded": N_("The Sun shone into the docking camera and blinded it for a while."),
    "back_off": N_("The ship broke off its approach and backed off, to try again."),
    "retreat": N_("The ship gave up its approach and flew away from the station to a safe distance."),
    "landing_site_closed": N_("The weather closed the landing site for a time, and the ship waited for it to open."),
    "burn_refused": N_("The ship called off a braking burn that would not have been safe."),
    "another_pass": N_("The landing was moved to a later pass over the landing site."),
    "late_ignition": N_("The engine for the braking burn started late."),
    "engine_out": N_("The main engine failed in the braking burn, and smaller engines took over."),
    "modules_stay": N_("The modules of the ship did not separate when they should have."),
    "service_module_breakaway": N_("The air tore off the module that had not separated."),
    "guidance_lost": N_("The steering of the capsule failed in the air; it rolled, and came down steeper and harder."),
    "main_chute_failure": N_("The main parachute failed."),
    "backup_chute_deployment": N_("The reserve parachute opened in its place."),
    "retro_failure": N_("The landing rockets did not fire."),
}
# How a flight ends that does not come to its end, by the phase that could not be flown.
ENDED = {
    "await_launch": N_("The flight did not begin: no time to take off was found that suits both rocket and station."),
    "ascent": N_("The flight ended in the launch: the ship did not reach its orbit."),
    "phasing": N_("The flight ended in the chase: the ship did not reach the neighbourhood of the station."),
    "homing": N_("The flight ended on the way to the station: the ship did not reach its first stop."),
    "transfer": N_("The flight ended near the station: the ship did not reach the stop from which it docks."),
    "fly_around": N_("The flight ended near the station: the ship could not fly round to its port."),
    "docking": N_("The flight ended at the station: the ship did not dock."),
    "capture": N_("The flight ended at the station: the robotic arm did not take the ship to its port."),
    "transposition": N_("The flight ended at the station: what was docked could not be moved."),
    "docked": N_("The flight ended in the station: no time to come home was found."),
    "undocking": N_("The flight ended at the port: the ship did not come free of the station as planned."),
    "departure": N_("The flight ended near the station: the ship could not leave its neighbourhood safely."),
    "deorbit": N_("The flight ended in orbit: the braking burn could not be flown."),
    "entry": N_("The flight ended in the air: the capsule did not come down to where its parachutes can open."),
    "descent": N_("The flight ended under the parachutes: the capsule did not land as planned."),
}
ELSEWHERE = N_("The flight ended before its end: a part of it could not be flown.")
LARGEST_KM = 20000.0  # half-way round the Earth: a forecast that is wider says nothing


def trouble(story: Story, w: Words) -> Iterator[str]:
    """What did not go as planned, in the order in which it happened, each once; and where the flight ended by it."""
    for name in dict.fromkeys(event["name"] for event in story.record["events"]):
        if name in TROUBLE:
            yield w.gettext(TROUBLE[name])
    if story.failed is not None:
        yield w.gettext(ENDED.get(story.failed["phase"], ELSEWHERE))
        yield w.gettext("The full report names the cause with its numbers.")


def checked(story: Story, w: Words) -> Iterator[str]:
    """The flight rules, and what is compared with published figures and with the record."""
    verdicts = story.record["verdicts"]
    broken = [rule for rule in verdicts if not rule["passed"]]
    if verdicts:
        yield w.ngettext(
            "The program checks this flight against {count} safety rule.",
            "The program checks this flight against {count} safety rules.",
            len(verdicts),
        )
        if broken:
            yield w.ngettext("{count} rule is broken.", "{count} rules are broken.", len(broken))
            yield from broken_rules.sentences(w, broken)
        else:
            yield w.gettext("All of them hold.")
    inside, of = story.published()
    if of:
        yield w.gettext(
            "Of {all} figures published about real returns, {inside} agree with this one.",
            all=w.number(of),
            inside=w.number(inside),
        )
    yield from _record(story, w)


RECORDED = {
    "liftoff": (N_("The real lift-off came {time} earlier."), N_("The real lift-off came {time} later.")),
    "docked": (N_("The real docking came {time} earlier."), N_("The real docking came {time} later.")),
    "undocking": (N_("The real undocking came {time} earlier."), N_("The real undocking came {time} later.")),
    "touchdown": (N_("The real landing came {time} earlier."), N_("The real landing came {time} later.")),
}


def _record(story: Story, w: Words) -> Iterator[str]:
    """How far the computed times are from those of the flight that was flown, for those that are not put in."""
    rows = {
        name: row["difference_s"]
        for name, row in story.record["record"].items()
        if name in RECORDED and row.get("difference_s") is not None
    }
    if not rows:
        return
    yield w.gettext("This flight has taken place; here it is computed again.")
    for name, seconds in rows.items():
        if story.record["record"][name].get("basis") == "input":
            continue
        earlier, later = RECORDED[name]
        if abs(seconds) >= 30.0:
            yield w.gettext(earlier if seconds > 0.0 else later, time=w.span(abs(seconds)))


def forecast(story: Story, w: Words) -> Iterator[str]:
    """What is uncertain, and the error bars where other flights were flown for them."""
    if story.at_length:
        yield w.gettext("All times and places here are computed; nothing of it is a report from space.")
    found = story.record.get("forecast")
    if found is None:
        if story.record.get("drawn"):
            yield w.gettext(
                "Wind, engines and air are never known exactly: this is one of many flights that may come. How far "
                "others differ was not computed."
            )
        else:
            yield w.gettext(
                "Wind, engines and air are never known exactly, and a real flight would differ. By how much was not "
                "computed."
            )
        yield from _area(story, w)
        return
    yield w.ngettext(
        "The program flew {count} other flight, each with other winds, engines and air.",
        "The program flew {count} other flights, each with other winds, engines and air.",
        int(found["flights"]),
    )
    yield from _bars(story, found, w)


def _bars(story: Story, found: Mapping, w: Words) -> Iterator[str]:
    share, quantities = w.quantity(100.0 * found["share"], "%"), found["quantities"]
    for name, text in (
        ("liftoff_s", N_("In {share} of them the lift-off falls within {time}.")),
        ("touchdown_s", N_("In {share} of them the landing falls within {time}.")),
    ):
        width = _width(quantities, name)
        if width is not None and width >= 60.0:
            yield w.gettext(text, share=share, time=w.span(width))
    docked = quantities.get("docked_met_s", {})
    if docked.get("low") is not None and docked.get("high") is not None:
        yield w.gettext(
            "In {share} of them the docking comes {first} to {last} after lift-off.",
            share=share,
            **{"first": w.span(docked["low"]), "last": w.span(docked["high"])},
        )
    miss = quantities.get("miss_km", {})
    if miss.get("high") is not None and miss["high"] < LARGEST_KM:
        yield w.gettext(
            "In {share} of them the capsule lands no further than {distance} from the planned place.",
            share=share,
            distance=w.quantity(miss["high"], "km", 1),
        )
    failed = int(found["failed"])
    if failed:
        yield w.ngettext(
            "{count} of these flights did not come to its end.",
            "{count} of these flights did not come to their end.",
            failed,
        )


def _width(quantities: Mapping, name: str) -> float | None:
    found = quantities.get(name, {})
    low, high = found.get("low"), found.get("high")
    return None if low is None or high is None else float(high - low)


def _area(story: Story, w: Words) -> Iterator[str]:
    """The area that is set aside for the landing, where the flight has one."""
    area = story.data.descent.ellipse if story.data.descent else None
    if area is not None:
        yield w.gettext(
            "For the landing an oval of {length} by {width} is set aside.",
            length=w.quantity(2.0 * area.along_km, "km"),
            width=w.quantity(2.0 * area.across_km, "km"),
        )
