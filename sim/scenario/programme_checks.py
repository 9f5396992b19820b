"""What no single key of a programme file can get wrong: orders of time, ports, seats, and who is where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise

from sim.core.epoch import Epoch
from sim.files.problems import Path, listed, nearest
from sim.scenario.keeping_checks import keeping
from sim.scenario.programme_record import instant, records
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View, ordered

NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
NEEDED = {  # of a contingency: the keys that say what it is about
    "unsafe": ("ship",),
    "port-blocked": ("port",),
    "launch-slip": ("ship", "days"),
    "landing-slip": ("ship", "days"),
    "early-return": ("person",),
}


def names(view: View) -> Iterator[Finding]:
    for table in ("kinds", "ships"):
        for name in view.keys(table):
            if not NAME.match(name):
                yield Finding((table, name), f"'{name}'", "a name of lower-case letters, digits and dashes")
    kinds = view.keys("kinds")
    for ship in view.keys("ships"):
        kind = view("ships", ship, "kind")
        if kind is not None and kind not in kinds:
            yield Finding(("ships", ship, "kind"), f"'{kind}'", f"one of {listed(kinds)}", nearest(kind, kinds))


def times(view: View) -> Iterator[Finding]:
    """A ship's launch, its stays and its landing follow one another."""
    for ship in view.keys("ships"):
        moments = list(_moments(view, ship))
        for (before, first), (key, then) in pairwise(moments):
            if then < first:
                words = f"a time after {'.'.join(map(str, before[2:]))}, which is {first.utc(0)}"
                yield Finding(key, then.utc(0), words)
        stays = _stays(view, ship)
        for i in range(len(stays) - 1):
            if "undocked_utc" not in view.keys("ships", ship, "stays", i):
                allowed = "given, since the ship docks again"
                yield Finding(("ships", ship, "stays", i, "undocked_utc"), "nothing", allowed)
        last = ("ships", ship, "stays", len(stays) - 1)
        if stays and view("ships", ship, "landed_utc") and "undocked_utc" not in view.keys(*last):
            yield Finding((*last, "undocked_utc"), "nothing", "given, since the ship has landed_utc")
    for i in range(view.length("evas")):
        start, end = _at(view, "evas", i, "start_utc"), _at(view, "evas", i, "end_utc")
        if start and end and end < start:
            yield Finding(("evas", i, "end_utc"), end.utc(0), f"a time after start_utc, which is {start.utc(0)}")
    for i in range(view.length("avoidances")):
        burn, nearest_at = (_at(view, "avoidances", i, key) for key in ("burn_utc", "approach_utc"))
        if burn and nearest_at and nearest_at <= burn:
            allowed = f"a time after burn_utc, which is {burn.utc(0)}"
            yield Finding(("avoidances", i, "approach_utc"), nearest_at.utc(0), allowed)
    until, earliest = _at(view, "until_utc"), _first(view)
    if until and earliest and until <= earliest:
        yield Finding(("until_utc",), until.utc(0), f"a time after the first launch, which is {earliest.utc(0)}")


def port_once(view: View) -> Iterator[Finding]:
    """No port holds two ships at a time."""
    held: list[tuple[Epoch, Epoch | None, str, str, Path]] = []
    for ship in view.keys("ships"):
        for i in range(len(_stays(view, ship))):
            key: Path = ("ships", ship, "stays", i)
            start, end = _at(view, *key, "docked_utc"), _at(view, *key, "undocked_utc")
            port = view(*key, "port")
            ends = "undocked_utc" in view.keys(*key)
            if start is not None and port is not None and not (ends and end is None):
                held.append((start, end, ship, port, key))
    held.sort(key=lambda stay: stay[0])
    for n, (start, _, ship, port, key) in enumerate(held):
        for _, until, other, its, _ in held[:n]:
            if its == port and (until is None or until > start):
                held_until = f"until {until.utc(0)}" if until else "for good"
                found = f"'{port}' on {start.utc(0)}, where {other} is docked {held_until}"
                allowed = f"a port that is free then for {ship}, or an earlier undocking of {other}"
                yield Finding((*key, "port"), found, allowed)


def ports(view: View, of_station: tuple[str, ...]) -> Iterator[Finding]:
    """`of_station`: the ports of the station's file. Every port that is named is one of them, or one at the sides."""
    known = (*of_station, *(view("station", "side_ports") or ()))
    keys: list[Path] = [
        ("ships", ship, "stays", i, "port") for ship in view.keys("ships") for i in range(len(_stays(view, ship)))
    ]
    keys += [("contingencies", i, "port") for i in range(view.length("contingencies"))]
    for key in keys:
        port = view(*key)
        if port is not None and port not in known:
            yield Finding(key, f"'{port}'", f"one of {listed(known)}", nearest(port, known))


def crews(view: View) -> Iterator[Finding]:
    """Who comes down in another ship meets it at the station; nobody is in two ships at a time."""
    ships = view.keys("ships")
    flights: list[tuple[str, Epoch, Epoch | None, str, Path]] = []
    for ship, i in _people(view):
        key: Path = ("ships", ship, "crew", i)
        down = view(*key, "ship_down") or ship
        if down not in ships:
            yield Finding(
                (*key, "ship_down"), f"'{down}'", f"a ship of this file, {listed(ships)}", nearest(down, ships)
            )
            continue
        up, home = _at(view, "ships", ship, "launch_utc"), _at(view, "ships", down, "landed_utc")
        name = view(*key, "name")
        if up is not None and name is not None:
            flights.append((name, up, home, ship, key))
        if down != ship:
            yield from _meeting(view, key, ship, down)
    flights.sort(key=lambda flight: (flight[0], flight[1]))
    for (name, _, home, ship, _), (again, up, _, other, key) in pairwise(flights):
        if name == again and (home is None or home > up):
            until = f"until {home.utc(0)}" if home else "and has not landed"
            found = f"'{name}' in {other} on {up.utc(0)}, who is up with {ship} {until}"
            yield Finding((*key, "name"), found, "each person in one ship at a time")


def _meeting(view: View, key: Path, up: str, down: str) -> Iterator[Finding]:
    """The ship down is there once the ship up has come, and leaves after that."""
    came = _at(view, "ships", up, "stays", 0, "docked_utc")
    stays = _stays(view, down)
    left = _at(view, "ships", down, "stays", len(stays) - 1, "undocked_utc") if stays else None
    if not stays:
        yield Finding((*key, "ship_down"), f"'{down}', which never docks", "a ship that docks while this person is up")
    elif came is not None and left is not None and left < came:
        found = f"'{down}', which left on {left.utc(0)}, before {up} docked on {came.utc(0)}"
        yield Finding((*key, "ship_down"), found, "a ship that is docked while this person is up")


def seats(view: View, of_kind: Mapping[str, int]) -> Iterator[Finding]:
    """`of_kind`: kind of ship -> its seats. No more go up or come down in a ship than it has seats."""
    down: Counter[str] = Counter()
    for ship in view.keys("ships"):
        limit = of_kind.get(view("ships", ship, "kind"))
        count = _crew(view, ship)
        if limit is not None and count > limit:
            found, allowed = f"{count} people who go up in {ship}", f"at most {limit}, crew_seats of its vehicle"
            yield Finding(("ships", ship, "crew"), found, allowed)
    for ship, i in _people(view):
        home = view("ships", ship, "crew", i, "ship_down") or ship
        limit = of_kind.get(view("ships", home, "kind"))
        down[home] += 1
        if limit is not None and down[home] == limit + 1:
            everybody = [s for s, j in _people(view) if (view("ships", s, "crew", j, "ship_down") or s) == home]
            found = f"{len(everybody)} people who come down in {home}"
            key: Path = ("ships", ship, "crew", i)
            key = (*key, "ship_down") if "ship_down" in view.keys(*key) else key
            yield Finding(key, found, f"at most {limit}, crew_seats of its vehicle; another ship_down for the others")


def spacewalkers(view: View) -> Iterator[Finding]:
    """Who goes outside is one of the crews; that they are aboard then is a rule, not a matter of the file."""
    crews = [(view.raw["ships"][ship]["crew"][i]) for ship, i in _people(view)]  # in good tables or bad
    known = sorted({str(person.get("name")) for person in crews if isinstance(person, dict)})
    for i in range(view.length("evas")):
        for j, name in enumerate(view("evas", i, "crew") or ()):
            if name not in known:
                yield Finding(
                    ("evas", i, "crew", j), f"'{name}'", f"one of the crews, {listed(known)}", nearest(name, known)
                )


def contingencies(view: View) -> Iterator[Finding]:
    ships = view.keys("ships")
    people = sorted({str(view("ships", ship, "crew", i, "name")) for ship, i in _people(view)})
    for i in range(view.length("contingencies")):
        key = ("contingencies", i)
        kind = view(*key, "kind")
        for needed in NEEDED.get(kind, ()):
            if needed not in view.keys(*key):
                yield Finding((*key, needed), "nothing", f"given, since kind = '{kind}'")
        ship, person = view(*key, "ship"), view(*key, "person")
        if ship is not None and ship not in ships:
            yield Finding((*key, "ship"), f"'{ship}'", f"a ship of this file, {listed(ships)}", nearest(ship, ships))
        if person is not None and person not in people:
            yield Finding(
                (*key, "person"), f"'{person}'", f"one of the crews, {listed(people)}", nearest(person, people)
            )
        start, end = _at(view, *key, "utc"), _at(view, *key, "until_utc")
        if start and end and end < start:
            yield Finding((*key, "until_utc"), end.utc(0), f"a time after utc, which is {start.utc(0)}")


def specialist(view: View) -> Iterator[Finding]:
    """The seat is there, the steps are named once, and each waits for steps that stand before it."""
    ships, ship, seat = view.keys("ships"), view("specialist", "ship"), view("specialist", "seat")
    if ship is not None and ship not in ships:
        yield Finding(
            ("specialist", "ship"), f"'{ship}'", f"a ship of this file, {listed(ships)}", nearest(ship, ships)
        )
    elif ship is not None and seat is not None and seat >= _crew(view, ship):
        count = _crew(view, ship)
        yield Finding(("specialist", "seat"), str(seat), f"0 to {count - 1}, one of the crew of {ship}")
    steps = (view.raw.get("specialist") or {}).get("steps") if isinstance(view.raw.get("specialist"), dict) else None
    before: list[str] = []
    for i in range(min(len(steps), 40) if isinstance(steps, list) else 0):
        key = ("specialist", "steps", i)
        name, after = view(*key, "name"), view(*key, "after") or ()
        if name in before:
            yield Finding((*key, "name"), f"'{name}' a second time", "a name for each step")
        for j, other in enumerate(after):
            if other not in before:
                allowed = f"a step that stands before this one: {listed(before)}"
                yield Finding((*key, "after", j), f"'{other}'", allowed, nearest(other, before))
        if not after and "start_utc" not in view.keys(*key):
            yield Finding((*key, "start_utc"), "nothing", "given, since the step waits for no other")
        if name is not None:
            before.append(name)


def alternatives(view: View) -> Iterator[Finding]:
    seen: list[str] = []
    for i in range(view.length("alternatives")):
        name = view("alternatives", i, "name")
        if name in seen:
            yield Finding(("alternatives", i, "name"), f"'{name}' a second time", "a name for each alternative")
        seen.append(name)


def limits(view: View) -> Iterator[Finding]:
    handover = view("rules", "handover_days")
    if handover and not handover[0] < handover[1]:
        yield Finding(("rules", "handover_days"), f"{handover[0]} to {handover[1]}", "the shortest, then the longest")
    yield from ordered(view, ("standby", "window_days"), ("standby", "ready_days"))


RULES = (
    *SOURCES,
    records,
    names,
    times,
    port_once,
    crews,
    spacewalkers,
    contingencies,
    specialist,
    alternatives,
    limits,
    keeping,
)


# ---- a look at the tables


def _at(view: View, *path: str | int) -> Epoch | None:
    utc = view(*path)
    return instant(utc) if isinstance(utc, str) else None


def _first(view: View) -> Epoch | None:
    """The earliest launch."""
    launches = (_at(view, "ships", ship, "launch_utc") for ship in view.keys("ships"))
    return min((t for t in launches if t is not None), default=None)


def _stays(view: View, ship: str) -> list:
    stays = view.raw["ships"][ship].get("stays") if isinstance(view.raw["ships"][ship], dict) else None
    return stays[:10] if isinstance(stays, list) else []


def _crew(view: View, ship: str) -> int:
    """How many go up in a ship, in good tables or bad."""
    table = view.raw["ships"][ship]
    crew = table.get("crew") if isinstance(table, dict) else None
    return min(len(crew), 10) if isinstance(crew, list) else 0


def _people(view: View) -> list[tuple[str, int]]:
    """Everybody who goes up, as (ship, place in its crew)."""
    return [(ship, i) for ship in view.keys("ships") for i in range(_crew(view, ship))]


def _moments(view: View, ship: str) -> Iterator[tuple[Path, Epoch]]:
    """The times of a ship in the order in which they have to be, those that are given and good."""
    keys: list[Path] = [("ships", ship, "launch_utc")]
    for i in range(len(_stays(view, ship))):
        keys += [("ships", ship, "stays", i, "docked_utc"), ("ships", ship, "stays", i, "undocked_utc")]
    keys.append(("ships", ship, "landed_utc"))
    for key in keys:
        moment = _at(view, *key)
        if moment is not None:
            yield key, moment
