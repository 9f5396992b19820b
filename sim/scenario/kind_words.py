"""The kinds of files in words, each with the command that takes it or the key that names it."""

from __future__ import annotations

from sim.files.problems import shown

_MISSION = "a mission, for `tiangong run`, `check`, `windows`, `docking-windows`, `landing-windows` and `montecarlo`"
WORDS = {  # what a file says that it is, in words with the place where such a file is named
    "rotation": _MISSION,
    "mission": _MISSION,
    "orbit": "an orbit, for `tiangong propagate` and `check`",
    "suborbital": "a suborbital flight, for `tiangong propagate` and `check`",
    "rocket_plane": "a rocket plane, which a suborbital flight names in vehicle",
    "programme": "a programme, for `tiangong rotation`, `check` and `run --flight`, which a mission names in programme",
    "campaign": "a campaign, for `tiangong montecarlo` and `check`",
    "launcher": "a launcher, which a mission names in launch.launcher",
    "ship": "a ship, which a mission names in launch.vehicle or docked.vehicle",
    "station": "a station, which a mission names in station.vehicle",
    "site": "a site, which a mission names in launch.site or return.site, and `tiangong windows` takes as --site",
    "world": "a world, which a mission names in world",
    "profile": "a profile, which a mission names in rendezvous.profile",
    "uncertainty": "an uncertainty, which a mission names in uncertainty",
    "docking_rules": "docking rules, which a mission names in rendezvous.docking_rules, `docking-windows` as --rules",
    "wind": "a wind over a landing site, which a site names in wind",
    "surface_site": "a site on another body, for `tiangong passes`",
    "body": "a body to fly about, which an orbit names in environment.body",
    "landing_rules": "landing rules, which a mission names in return.landing_rules, `landing-windows` as --rules",
    "spacewalk_rules": "spacewalk rules, which `tiangong eva` takes as --rules",
    "arm": "a robotic arm, which a phase capture or transposition of a mission names in arm",
    "week": "a week aboard, which a mission names in week, and `tiangong check` takes",
}


def kind_found(raw: dict) -> str:
    """What a file says that it is, for a problem at its `kind`."""
    if "kind" not in raw:
        return "nothing"
    kind = raw["kind"]
    return f"'{kind}', {WORDS[kind]}" if isinstance(kind, str) and kind in WORDS else shown(kind)
