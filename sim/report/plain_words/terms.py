"""Names of events, roles, nations, ports, sites, launchers, ships and crews, as a reader of each language knows them.

What is not in a table is somebody's own name and is kept as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim.report.plain_words.words import N_, Words

EVENTS = {
    "station_trim": N_("The station adjusts its orbit"),
    "liftoff": N_("Lift-off"),
    "max_dynamic_pressure": N_("The air presses hardest on the rocket"),
    "tower_jettison": N_("The escape tower is dropped"),
    "booster_separation": N_("The boosters fall away"),
    "stage_1_separation": N_("The first stage falls away"),
    "fairing_separation": N_("The nose cover falls away"),
    "main_engine_cutoff": N_("The main engine stops"),
    "orbit_insertion": N_("In orbit"),
    "phasing_burn": N_("Engine burn to catch up with the station"),
    "profile_change": N_("The chase takes longer than planned"),
    "homing_start": N_("The ship finds the station with its own instruments"),
    "transfer_time_change": N_("The time of the last transfer is changed"),
    "homing_burn": N_("Engine burn near the station"),
    "transfer_burn": N_("Engine burn close to the station"),
    "hold_arrival": N_("The ship stops at a hold point"),
    "hold_departure": N_("The ship leaves a hold point"),
    "fault": N_("A part fails"),
    "thruster_isolated": N_("A thruster is shut off"),
    "missed_contact": N_("The ship misses the port"),
    "camera_blinded": N_("The Sun blinds the docking camera"),
    "camera_sees_again": N_("The docking camera sees again"),
    "back_off": N_("The ship backs off"),
    "retreat": N_("The ship retreats"),
    "contact": N_("The ship touches the port"),
    "thrusters_off": N_("The ship hovers and shuts its thrusters off"),
    "grapple": N_("The robotic arm grips the ship"),
    "berthing_end": N_("The arm puts the ship into the port"),
    "docked": N_("Docked"),
    "transposition_start": N_("The move to another place at the station begins"),
    "transposition_end": N_("The move is complete"),
    "hatch_open": N_("The hatch opens"),
    "handover_complete": N_("The handover is complete"),
    "undocking": N_("Undocking"),
    "turn_away": N_("The ship turns away from the station"),
    "separation_burn": N_("Engine burn away from the station"),
    "landing_site_closed": N_("The landing site is closed"),
    "yaw_turn": N_("The ship turns sideways"),
    "orbital_module_separation": N_("The orbital module is left behind"),
    "retro_turn": N_("The ship turns its engine forward"),
    "burn_refused": N_("The braking burn is called off"),
    "another_pass": N_("The landing waits for another pass"),
    "late_ignition": N_("The braking engine starts late"),
    "deorbit_burn_start": N_("The braking burn begins"),
    "engine_out": N_("The main engine fails"),
    "deorbit_burn_end": N_("The braking burn ends"),
    "service_module_separation": N_("The service module is left behind"),
    "modules_stay": N_("The modules do not separate in time"),
    "entry_interface": N_("The capsule enters the air"),
    "service_module_breakaway": N_("The air tears the service module off"),
    "blackout_start": N_("Radio contact is lost in the hot air"),
    "guidance_lost": N_("The steering of the capsule fails"),
    "bank_reversal": N_("The capsule rolls to the other side"),
    "peak_load": N_("Greatest load of the entry"),
    "blackout_end": N_("Radio contact is back"),
    "drogue_deployment": N_("The small parachute opens"),
    "main_chute_failure": N_("The main parachute fails"),
    "backup_chute_deployment": N_("The reserve parachute opens"),
    "main_chute_deployment": N_("The main parachute opens"),
    "main_chute_disreef": N_("The main parachute spreads fully"),
    "heat_shield_jettison": N_("The heat shield is dropped"),
    "seats_lifted": N_("The seats rise to cushion the landing"),
    "retro_fire": N_("The landing rockets fire"),
    "retro_failure": N_("The landing rockets do not fire"),
    "touchdown": N_("Touchdown"),
}
# Those that repeat or that only an engineer looks for: not in the table of a newspaper.
MINOR = {
    *("phasing_burn", "homing_burn", "transfer_burn", "transfer_time_change", "hold_arrival", "hold_departure"),
    *("station_trim", "max_dynamic_pressure", "tower_jettison", "turn_away", "yaw_turn", "retro_turn"),
    *("bank_reversal", "main_chute_disreef", "seats_lifted", "main_engine_cutoff", "deorbit_burn_end"),
    *("separation_burn", "homing_start"),
}
ROLES = {
    "commander": N_("commander"),
    "flight engineer": N_("flight engineer"),
    "payload specialist": N_("payload specialist"),
}
NATIONS = {
    "China": N_("China"),
    "China (Hong Kong)": N_("China (Hong Kong)"),
    "China (Macao)": N_("China (Macao)"),
    "Pakistan": N_("Pakistan"),
    "Russia": N_("Russia"),
    "USA": N_("United States"),
    "United States": N_("United States"),
}
PORTS = {
    "forward": N_("front port"),
    "nadir": N_("port that looks to the Earth"),
    "aft": N_("rear port"),
    "zenith": N_("port that looks away from the Earth"),
    "rassvet": N_("port of the module Rassvet"),
}
SITES = {
    "Jiuquan": N_("Jiuquan"),
    "Wenchang": N_("Wenchang"),
    "Baikonur": N_("Baikonur"),
    "Kourou": N_("Kourou"),
    "Cape Canaveral": N_("Cape Canaveral"),
    "Dongfeng": N_("the Dongfeng landing site"),
    "Dongfeng landing site": N_("the Dongfeng landing site"),
    "Siziwang landing site": N_("the Siziwang landing site"),
    "Zhezkazgan landing zone": N_("the landing zone near Zhezkazgan"),
}
LAUNCHERS = {
    "Long March 2F": N_("Long March 2F"),
    "Long March 7": N_("Long March 7"),
}
STATIONS = {"tiangong": N_("Tiangong"), "iss": N_("the International Space Station")}
SHIPS = {
    "shenzhou": N_("Shenzhou-{number}"),
    "tianzhou": N_("Tianzhou-{number}"),
    "mengzhou": N_("Mengzhou-{number}"),
}
OTHER_SHIPS = {"soyuz-ms": N_("Soyuz MS"), "soyuz": N_("Soyuz")}
# Crews of the shipped missions and programmes. In Chinese as the China Manned Space Agency writes them; a name that it
# does not write is transliterated.
PEOPLE = {
    name: name
    for name in (
        N_("Cai Xuzhe"),
        N_("Chen Dong"),
        N_("Chen Zhongrui"),
        N_("Deng Qingming"),
        N_("Fei Junlong"),
        N_("Gui Haichao"),
        N_("Jiang Xinlin"),
        N_("Jing Haipeng"),
        N_("Khurram Daud"),
        N_("Lai Ka-ying"),
        N_("Li Cong"),
        N_("Li Guangsu"),
        N_("Liu Boming"),
        N_("Liu Yang"),
        N_("Muhammad Zeeshan Ali"),
        N_("Nie Haisheng"),
        N_("Song Lingdong"),
        N_("Tang Hongbo"),
        N_("Tang Shengjie"),
        N_("Wang Haoze"),
        N_("Wang Jie"),
        N_("Wang Yaping"),
        N_("Wu Fei"),
        N_("Ye Guangfu"),
        N_("Zhai Zhigang"),
        N_("Zhang Hongzhang"),
        N_("Zhang Lu"),
        N_("Zhang Zhiyuan"),
        N_("Zhu Yangzhu"),
    )
}
STATUS = {"landed": N_("back on Earth"), "still aboard": N_("in space"), "not launched": N_("not launched")}


def _known(words: Words, table: Mapping[str, str], name: str) -> str:
    return words.gettext(table[name]) if name in table else words.isolated(name)


def event(words: Words, name: str) -> str:
    return _known(words, EVENTS, name) if name in EVENTS else words.isolated(name.replace("_", " "))


def role(words: Words, name: str) -> str:
    return _known(words, ROLES, name)


def nation(words: Words, name: str) -> str:
    return _known(words, NATIONS, name)


def port(words: Words, name: str) -> str:
    known = PORTS.get(name)
    return words.gettext(known) if known else words.gettext("port {name}", name=words.isolated(name))


def site(words: Words, name: str) -> str:
    """A launch or landing site; of a pad only its place."""
    return _known(words, SITES, name if name in SITES else name.partition(",")[0])


def launcher(words: Words, name: str) -> str:
    """`Long March 2F/G (CZ-2F/G)` is a Long March 2F."""
    known = next((key for key in LAUNCHERS if re.match(rf"{re.escape(key)}\b", name)), None)
    return words.gettext(LAUNCHERS[known]) if known else words.isolated(name)


def station(words: Words, name: str) -> str:
    return words.gettext(STATIONS[name]) if name in STATIONS else words.isolated(name.capitalize())


def ship(words: Words, name: str | None) -> str:
    """`shenzhou-24` by its official name; any other with a capital letter."""
    if not name:
        return words.gettext("the ship")
    kind, _, number = name.rpartition("-")
    if kind in SHIPS and number.isascii() and number.isdigit():
        return words.gettext(SHIPS[kind], number=words.flight_number(number))
    return words.gettext(OTHER_SHIPS[name]) if name in OTHER_SHIPS else words.isolated(name.capitalize())


def _holders(seat: Mapping) -> list[str]:
    """Who has a seat: one name, those who may have it, or nobody where it is not announced.

    Mission files write `commander (not announced)`, `payload specialist of Pakistan`, or that with `(slot: A or B)`.
    """
    named = str(seat["name"])
    slot = re.search(r"\(slot: (.+)\)$", named)
    if slot:
        return slot[1].split(" or ")
    open_seat = named.endswith("(not announced)") or named.startswith(str(seat.get("role") or "\0"))
    return [] if open_seat else [named]


def _either(words: Words, names: list[str]) -> str:
    shown = [_known(words, PEOPLE, name) for name in names]
    return words.gettext("{first} or {second}", first=words.series(shown[:-1]), second=shown[-1])


def person(words: Words, seat: Mapping) -> str:
    """One of the crew, with the role; a seat whose holder is not named says so, or who may have it."""
    known = role(words, str(seat.get("role", "")))
    names = _holders(seat)
    if not names:
        return words.gettext("{role} (not yet named)", role=known)
    name = _either(words, names) if len(names) > 1 else _known(words, PEOPLE, names[0])
    return words.gettext("{name} ({role})", name=name, role=known) if known else name


def seat_name(words: Words, seat: Mapping) -> str:
    """The name alone, for a table that has the role beside it."""
    names = _holders(seat)
    if not names:
        return words.gettext("not yet named")
    return _either(words, names) if len(names) > 1 else _known(words, PEOPLE, names[0])
