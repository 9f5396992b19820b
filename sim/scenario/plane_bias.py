"""A lift-off's distance from the plane's passage belongs to a site, a branch and a batch of rockets.

No other borrows it. Its source says whose it is: the facts of that kind are all of one place
(`launch.plane_bias_belongs`). Where no value is given, the ascent's own optimum is flown, which takes an ascent to ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from statistics import median

from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.files.problems import Path, dotted
from sim.scenario.catalogue import SiteFile
from sim.scenario.kinds import File
from sim.scenario.view import Finding, View

KNOWN_AFTER_S = 30.0 * 86400.0  # a flight's own distance needs the element sets of the weeks around it
NEAR_DEG = 0.1  # so near to its place a site is the same one, whatever its file is called
OLD = ("launch.plane_bias_2021", "launch.offset_sz_12", "launch.offset_sz_13")
NEW = ("launch.plane_bias_since_2022_11", *(f"launch.offset_sz_{n}" for n in (15, 20, 21, 22, 23)))


def _owner() -> dict:
    return fact("launch.plane_bias_belongs").table


def batch_bias(lift_off: Epoch) -> tuple[str, float]:
    """The fact with the distance of the batch of rockets that flew then, and its value, s."""
    name = OLD[0] if lift_off < Epoch.from_utc(_owner()["new_batch_utc"]) else NEW[0]
    return name, fact(name).number


def known_bias(at: Epoch, lift_off: Epoch) -> float | None:
    """The median distance of the batch that flies at `lift_off`, s, of the flights whose own was known at `at`."""
    new = Epoch.from_utc(_owner()["new_batch_utc"])
    found = []
    for name in (NEW if lift_off >= new else OLD)[1:]:
        launched = Epoch.from_utc(fact(f"missions.{name.removeprefix('launch.offset_')}").table["launch"])
        if at.since(launched) > KNOWN_AFTER_S:
            found.append(fact(name).number)
    return float(median(found)) if found else None


def is_elsewhere(site: SiteFile, branch: str) -> bool:
    """Whether the facts' values are of another site or branch than these."""
    owner = _owner()
    degrees = max(abs(site.latitude_deg - owner["latitude_deg"]), abs(site.longitude_deg - owner["longitude_deg"]))
    return degrees > NEAR_DEG or branch != owner["branch"]


def of_rotation(view: View, site: File | None) -> Iterator[Finding]:
    """`site`: the launch site's file as a model, None where it is missing or not good."""
    yield from _borrowed(view, ("launch",), site)


def of_sequence(view: View, models: Mapping[Path, File | None]) -> Iterator[Finding]:
    """`models`: where the mission names a file -> that as a model."""
    for i in range(view.length("sequence")):
        if view("sequence", i, "phase") != "await-launch":
            continue
        entry: Path = ("sequence", i)
        yield from _borrowed(view, entry, models.get((*entry, "site")))
        key = (*entry, "plane_bias_s")
        if view(*key) is None and key not in view.bad and not _ascent(view, view(*entry, "ship")):
            yield Finding(key, "nothing", "given, where no ascent of this ship follows whose optimum could be flown")


def _ascent(view: View, ship: str | None) -> bool:
    return ship is None or any(
        view("sequence", i, "phase") == "ascent" and view("sequence", i, "ship") == ship
        for i in range(view.length("sequence"))
    )


def _borrowed(view: View, entry: Path, site: File | None) -> Iterator[Finding]:
    key = (*entry, "plane_bias_s")
    source = view("sources", dotted(key))
    name = source.removeprefix("fact:") if isinstance(source, str) else ""
    value, branch = view(*key), view(*entry, "branch")
    if value is None or name not in OLD + NEW or branch is None or not isinstance(site, SiteFile):
        return
    moment = view.epoch(*entry, "liftoff_utc") or view.epoch(*entry, "window_utc", 0)
    owner = _owner()
    remedy = f"one of its own, with a source; or none (--set {dotted(key)}=): the ascent's own optimum is flown then"
    if is_elsewhere(site, branch):
        found = f"{value:g} s of {owner['site']}, {owner['branch']} ({name}), for {view(*entry, 'site')}, {branch}"
        yield Finding(key, found, remedy)
    elif moment is not None and (moment < Epoch.from_utc(owner["new_batch_utc"])) != (name in OLD):
        found = f"{value:g} s of another batch of rockets ({name}), for a lift-off at {moment}"
        yield Finding(key, found, remedy)
