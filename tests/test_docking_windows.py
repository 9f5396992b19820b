"""Docking windows: edges are roots, geometry against other code of the project, the record, the command.

The season is a month from 10 October 2026 as Shenzhou-24 flies it; shorter spans where one thing is looked at.
"""

import json
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from kernels.relative.hill import lvlh_axes
from sim.catalogue.facts import fact
from sim.core.epoch import Epoch
from sim.events import eclipses, passes
from sim.events.sky import sun
from sim.orbit.site_passes import MEAN_RADIUS, Landing, landings
from sim.orbit.tracking import GEOSTATIONARY
from sim.planning import visibility
from sim.planning.docking import chart
from sim.planning.docking.at_time import answer
from sim.planning.docking.season import season
from sim.planning.docking.table import summary
from sim.proximity_safety.conditions.intervals import SPAN, Interval, holding
from sim.proximity_safety.conditions.sun import angle
from sim.proximity_safety.conditions.timeline import BETA, SEPARATION, unrolled, where
from sim.proximity_safety.conditions.tracking import blind, elevation, links, outage
from sim.scenario import load
from sim.scenario.docking_rules import load_rules
from sim.verification import dockings as record
from tests.result_schemas import problems
from tests.seasons import MISSION, tiangong
from tests.texts import texts_apart
from tests.tolerance import (
    BETA_RECORD_DEG,
    EDGE_S,
    OUTAGE_S,
    PASS_S,
    PASS_SIDE_M,
    SUN_PORT_DEG,
)
from tests.worlds import DAY

FIRST = Epoch.from_utc("2026-10-10T00:00:00Z")


@lru_cache(maxsize=8)
def made(days=30.0, trims=True, rules=(), sets=(), first=FIRST):
    return season(load(MISSION, sets), load_rules("tiangong", rules), first, days, None, trims)


def month():
    return made().plan


# ---- edges and margins


@pytest.mark.parametrize("index", range(11))
def test_every_edge_is_a_root(index):
    """The margin changes its sign within 0.05 s of every end that is not the span's: 12 of each constraint."""
    plan = month()
    c = plan.constraints[index]
    ends = [t for x in c.intervals for t, why in ((x.start, x.opened), (x.end, x.closed)) if why != (SPAN,)]
    some = np.array(ends[:: max(1, len(ends) // 12)])
    early, late = c.margin(some - EDGE_S), c.margin(some + EDGE_S)
    assert (early * late < 0.0).all(), c.name
    assert some.size >= 10 or c.name in ("beta", "links", "return_light")


def test_a_margin_is_above_zero_where_the_constraint_holds_and_nowhere_else():
    plan = month()
    times = np.random.default_rng(5).uniform(plan.start, plan.end, 1500)
    hard = np.ones(times.size, dtype=bool)
    for c in plan.constraints:
        inside = np.array([holding(c.intervals, t) is not None for t in times])
        assert (inside == (c.margin(times) > 0.0)).all(), c.name
        hard &= inside | (not c.hard)
    near = np.linspace(plan.open[0].start - 1800.0, plan.open[-1].end + 1800.0, 4000)
    assert (np.array([holding(plan.open, t) is not None for t in times]) == hard).all()
    for t in near:
        assert (holding(plan.open, t) is not None) == all(
            c.margin(np.array([t]))[0] > 0.0 for c in plan.constraints if c.hard
        )


def test_ends_of_open_intervals_name_the_constraint_that_breaks_there():
    plan = month()
    reasons = set()
    for x in plan.open:
        for t, out, why in ((x.start, -EDGE_S, x.opened), (x.end, EDGE_S, x.closed)):
            broken = {c.name for c in plan.constraints if c.hard and c.margin(np.array([t + out]))[0] < 0.0}
            assert set(why) == broken
            reasons |= broken
    assert {"launch", "camera_sun"} <= reasons and len(plan.open) > 5


def test_a_search_on_pieces_that_lie_apart_finds_what_is_in_them():
    found = where("x", np.sin, [(1.0, 2.0), (2.5, 4.0), (6.0, 8.0), (10.0, 12.0), (12.0, 13.0)], 0.5)
    assert [(x.start, x.end) for x in found] == [
        (1.0, 2.0),
        (2.5, pytest.approx(math.pi)),
        (pytest.approx(2 * math.pi), 8.0),
        (pytest.approx(4 * math.pi), 13.0),
    ]


# ---- the Sun


def flown():
    """A few days as the station flies: no seams but the launch's own."""
    return made(4.0, False).plan


def test_no_shadow_is_what_the_search_for_eclipses_leaves():
    plan = flown()
    about, last = load_rules("tiangong").rules.sunlight.about_s, plan.profile.last
    edges = eclipses(plan.sight.path, plan.sight.world)
    out = np.array([e.t for e in edges if e.kind == "penumbra_exit"]) + last + about
    into = np.array([e.t for e in edges if e.kind == "penumbra_entry"]) - about
    lit = [x for x in plan.named("sunlight").intervals if SPAN not in x.opened + x.closed]
    assert len(lit) > 50
    for x in lit:
        assert np.abs(out - x.start).min() < 1e-3 and np.abs(into - x.end).min() < 1e-3


def test_sun_against_the_port_and_over_the_plane_from_the_lvlh_axes():
    plan = flown()
    times = np.linspace(plan.start, plan.end, 200)
    r, v, _ = plan.sight.path.at(times)
    there = sun(plan.sight.world, times)
    port = load(MISSION).station_vehicle.ports["forward"].axis
    to_port, over_plane = [], []
    for i in range(times.size):
        axes = np.empty((3, 3))
        lvlh_axes(r[i], v[i], axes)
        s = axes @ (there[i] - r[i])
        to_port.append(math.degrees(math.acos(s @ port / np.linalg.norm(s))))
        over_plane.append(math.degrees(math.asin(-(axes @ there[i])[1] / np.linalg.norm(there[i]))))
    assert angle(plan.sight.rows(times)) == pytest.approx(np.array(to_port), abs=SUN_PORT_DEG)
    assert np.degrees(np.arcsin(plan.sight.rows(times)[:, BETA])) == pytest.approx(
        np.array(over_plane), abs=SUN_PORT_DEG
    )


def test_the_nadir_ports_camera_is_dazzled_at_noon_and_the_forward_ones_before_sunset():
    """The camera under the station looks to the zenith, the one ahead of it looks back: worst a quarter turn later."""
    worst = []
    for port, taken in (("nadir", "forward"), ("forward", "nadir")):
        plan = made(0.3, False, (), (f"rendezvous.port={port}", f"docked.0.port={taken}")).plan
        t = np.arange(plan.start, plan.start + 5500.0, 5.0)
        worst.append(t[np.argmax(angle(plan.sight.rows(t)))])
        if port == "nadir":  # the Sun is highest over the station: furthest from the Earth's centre
            assert worst[0] == pytest.approx(t[np.argmin(plan.sight.rows(t)[:, SEPARATION])], abs=10.0)
    assert (worst[1] - worst[0]) % 5540.0 == pytest.approx(5540.0 / 4.0, abs=30.0)


def test_a_trimmed_station_runs_ahead_by_its_shift():
    plan = month()
    s = plan.slots[4]
    t = np.array([s.contact])
    turned = plan.sight.rows(t)[0, 5:8]
    later = visibility.earth_fixed(
        visibility.Shifted(plan.sight.path, s.shift).at(np.append(t, t))[0], np.append(t, t), plan.sight.world
    )
    assert np.linalg.norm(turned - later[0]) < 1e-6  # at one time the planner's simple turn is the whole one


# ---- links and passes


def one_relay(east=77.0):
    """A single relay and no station: many gaps."""
    place = np.radians([east])
    relays = GEOSTATIONARY * np.stack([np.cos(place), np.sin(place), 0.0 * place], axis=1)
    return replace(visibility.links(), relays=relays, stations=np.empty((0, 3)), ups=np.empty((0, 3)))


def test_outage_of_the_last_hour_is_that_of_the_planners_samples():
    """`sim.planning.visibility.coverage` looks each 30 s: its share and its longest gap are good to a sample or two."""
    plan = flown()
    seen_by = one_relay()
    days = unrolled(plan.sight, plan.start, plan.end, 3600.0, 0.0)
    gaps = blind(days, seen_by)
    ends = np.array([x.start for x in gaps]), np.array([x.end for x in gaps])
    path = visibility.Shifted(plan.sight.path, 0.0)
    times = np.linspace(plan.start + 10.0, plan.end, 60)
    longest, total = outage(ends, days.unrolled(times), 3600.0)
    assert total.max() > 1500.0 and longest.min() < 1200.0
    for t, alone, together in zip(times, longest, total, strict=True):
        share, gap = visibility.coverage(path, float(t), plan.sight.world, seen_by)
        assert 3600.0 * (1.0 - share) == pytest.approx(together, abs=OUTAGE_S)
        assert gap == pytest.approx(alone, abs=OUTAGE_S)


def test_edges_of_the_links_rule_with_one_relay_are_roots():
    plan = flown()
    for keys in (("links.coverage_least=0.6",), ("links.coverage_least=0.0", "links.gap_longest_s=1500")):
        c = links(plan.sight, one_relay(), load_rules("tiangong", keys).rules, plan.start, plan.end)
        ends = np.array([t for x in c.intervals for t in (x.start, x.end)][1:-1])
        assert ends.size > 20
        assert (c.margin(ends - EDGE_S) * c.margin(ends + EDGE_S) < 0.0).all()


def test_gaps_are_closed_by_the_stations_that_see_the_craft_in_them():
    """All of the facts' stations against one relay alone: what is gained is seen by a station, what is left by none."""
    plan = flown()
    whole = visibility.links()
    few = replace(one_relay(-100.0), stations=whole.stations, ups=whole.ups)
    days = unrolled(plan.sight, plan.start, plan.start + 0.4 * DAY, 0.0, 0.0)
    left, alone = (blind(days, seen) for seen in (few, one_relay(-100.0)))
    assert sum(x.length for x in left) < 0.9 * sum(x.length for x in alone)
    times = np.random.default_rng(3).uniform(plan.start, plan.start + 0.4 * DAY, 500)
    places, rows = zip(whole.stations, whole.ups, strict=True), plan.sight.rows(times)
    sights = [elevation(place, up, whole.sine)(rows) > 0.0 for place, up in places]
    seen = np.any(sights, axis=0)
    for t, station in zip(times, seen, strict=True):
        dark = holding(alone, t) is not None
        assert (holding(left, t) is not None) == (dark and not station)


def test_passes_over_china_are_those_of_the_search_for_passes():
    from sim.core.ground_site import Site

    plan = flown()
    found = []
    for name in ("jiuquan", "sanya"):
        latitude, longitude = fact(f"ground.{name}").value
        site = Site(name, math.radians(latitude), math.radians(longitude), 0.0)
        found += [p.t for p in passes(plan.sight.path, plan.sight.world, site, 5.0) if p.kind in ("aos", "los")]
    over = plan.named("home_pass")
    margins = over.margin(np.array([t for t in found if plan.start < t < plan.end]))
    assert margins.size > 20 and margins.min() > -1e-6  # seen by one of the two at its edge, or better by another


def test_landing_passes_are_those_that_the_flight_and_the_launch_planner_find():
    """One search for all: the same second and the same metres."""
    found = made(4.0, False)
    plan, site, world = found.plan, found.setting.landing, found.plan.sight.world
    rules = load_rules("tiangong", ("return_pass.first_h=0.0", "return_pass.last_h=24.0")).rules
    from sim.planning.docking import landing_passes as home

    mine, path = home._passes(plan.slots, plan.sight, site, 0.0, DAY)[1], plan.sight.path
    docked = plan.slots[1].contact
    best = visibility.landing_pass(visibility.Shifted(path, 0.0), docked, site, world, 1)
    i = int(np.argmin(np.abs(mine.t - best.t)))
    assert mine.t[i] == pytest.approx(best.t, abs=2.0 * PASS_S)
    assert mine.side[i] == pytest.approx(best.side, abs=PASS_SIDE_M)
    flown = landings(path, site, world, docked + 0.5 * DAY, docked + 1.5 * DAY)
    assert min(flown, key=lambda x: abs(x.cross_track)) == Landing(best.t, best.side)
    made_of = list(home.return_constraints(plan.slots, plan.sight, site, rules, plan.start, plan.end))
    assert made_of[0].intervals[0] == Interval(plan.start, plan.end, (SPAN,), (SPAN,))  # one good pass in any day


def test_passes_are_the_closest_approaches_over_the_ground():
    """Sampled each 5 s over the turning Earth: none is missed, and each is at the nearest sample."""
    found = made(4.0, False)
    plan, site, world = found.plan, found.setting.landing, found.plan.sight.world
    start, end = plan.start, plan.start + DAY
    t = np.arange(start, end, 5.0)
    p = np.stack([world.ecef(x) @ r for x, r in zip(t, plan.sight.path.at(t)[0], strict=True)])
    near = p @ site.ecef() / np.linalg.norm(p, axis=1) / np.linalg.norm(site.ecef())
    top = 1 + np.flatnonzero((near[1:-1] >= near[:-2]) & (near[1:-1] > near[2:]) & (near[1:-1] > math.cos(0.35)))
    passes = landings(plan.sight.path, site, world, start, end, 0.35 * MEAN_RADIUS)
    assert len(passes) == top.size >= 4
    assert np.abs(t[top] - [x.overflight for x in passes]).max() < 5.0
    for x in passes:
        p = world.ecef(x.overflight) @ plan.sight.path.at(x.overflight)[0][0]
        apart = math.acos(float(p @ site.ecef()) / np.linalg.norm(p) / np.linalg.norm(site.ecef()))
        assert abs(x.cross_track) == pytest.approx(MEAN_RADIUS * apart, abs=PASS_SIDE_M)


# ---- another time


def test_limits_relaxed_as_proposed_are_enough():
    """Every proposed limit of the rules is set so, and the constraints that were broken hold."""
    plan = made(8.0).plan
    t = plan.slots[3].contact + 4.0 * 3600.0
    content = answer(plan, t)
    assert not content["open"] and content["before"] and content["after"]
    broken = [c for c in content["constraints"] if not c["holds"]]
    relaxations = [g for c in broken for g in c["relaxations"]]
    assert "launch" in {c["name"] for c in broken} and len(relaxations) >= 3
    keys = tuple(f"{g['key']}={g['needed']}" for g in relaxations if g["file"] == "rules")
    sets = tuple(f"{g['key']}={g['needed']}" for g in relaxations if g["file"] == "mission")
    again = {c["name"]: c["holds"] for c in answer(made(8.0, True, keys, sets).plan, t)["constraints"]}
    assert all(again[c["name"]] for c in broken if c["relaxations"])


def test_inside_an_open_interval_no_limit_is_relaxed():
    plan = month()
    content = answer(plan, 0.5 * (plan.open[2].start + plan.open[2].end))
    assert content["open"] and content["inside"] and all(c["holds"] for c in content["constraints"] if c["hard"])
    assert content["before"]["end_utc"] < content["inside"]["start_utc"] < content["after"]["start_utc"]


# ---- the record


@lru_cache(maxsize=1)
def dockings():
    return {row["flight"]: row for row in record.rows()}


def test_beta_at_the_dockings_of_the_record():
    """docs/physics.md 8.4, from element sets alone."""
    published = {"15": 8.7, "20": -17.2, "21": 19.9, "22": -53.9, "23": 43.4}
    for number, beta in published.items():
        assert dockings()[f"shenzhou-{number}"]["beta_deg"] == pytest.approx(beta, abs=BETA_RECORD_DEG)


def test_light_at_the_recorded_minute():
    """Shenzhou-15 docked in the umbra, 21 and 22 in sunlight."""
    light = {name: row["light_at_recorded_minute"] for name, row in dockings().items()}
    assert light["shenzhou-15"] == "umbra"
    assert light["shenzhou-21"] == light["shenzhou-22"] == "sunlight"


def test_flights_of_the_record_docked_inside_open_intervals():
    """None of the hard rules was broken, neither at contact nor at the recorded minute; the soft ones are named."""
    assert len(dockings()) == 5
    for name, row in dockings().items():
        assert row["open"] and row["open_at_recorded_minute"], name
        assert row["open_from_utc"] < row["contact_utc"] < row["docked_utc"] < row["open_until_utc"]
        assert not any(b["hard"] for b in row["broken"].values())
        assert all((m < 0.0) == (n in row["broken"]) for n, m in row["margins"].items())
    assert "crew_day" in dockings()["shenzhou-21"]["broken"]  # at 3 in the morning of Beijing
    opened = [
        Epoch.from_utc(r["open_until_utc"]).since(Epoch.from_utc(r["open_from_utc"])) for r in dockings().values()
    ]
    assert sum(opened) < 0.03 * 5 * DAY  # and an open interval is rare: half an hour of a day


# ---- command and pictures


def test_the_command_prints_what_the_issue_asks_for(tmp_path):
    span = "--from", "2026-10-10", "--days", "5", "--at", "2026-10-12T09:00:00Z"
    done = tiangong("docking-windows", MISSION, *span, "--json", "--out", tmp_path / "o", "--quiet")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert content["verb"] == "docking-windows" and content["schema"] == 1 and content["at"]["open"] is False
    written = json.loads((tmp_path / "o" / "docking_windows.json").read_text())
    assert problems("docking_windows", written, whole=True) == []
    names = [c["name"] for c in content["constraints"]]
    assert len(names) == len(set(names)) == 11
    for c in content["constraints"]:
        for x in c["intervals"]:
            assert x["start_utc"] < x["end_utc"] and x["unit"] == c["unit"]
            assert -1e-9 <= x["worst_margin"] <= x["best_margin"]
    limits = {c["name"]: c["limits"] for c in content["constraints"]}
    assert limits["camera_sun"] == {"angle_least_deg": 30.0} and limits["trim"] == {"limit_m_s": 6.0}
    assert content["open"]
    hard = {c["name"] for c in content["constraints"] if c["hard"]}
    for x in content["open"]:
        assert set(x["opened_by"].split(" and ")) <= hard | {SPAN} and x["worst_margins"].keys() == hard
    out = tmp_path / "o"
    assert {p.name for p in out.iterdir()} == {
        "docking_windows.json",
        "intervals.csv",
        "days.csv",
        "constraints.png",
        "season.png",
        "manifest.json",
    }
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["scenario"]["docking_rules"]["camera_sun"]["angle_least_deg"] == 30.0
    rows = (out / "intervals.csv").read_text().splitlines()
    assert len(rows) == 1 + sum(len(c["intervals"]) for c in content["constraints"]) + len(content["open"])
    refused = tiangong("docking-windows", MISSION, "--from", "2026-10-10", "--days", "1", "--out", out)
    assert refused.code == 2 and "--force" in refused.err


def test_limits_from_the_command_line_close_windows():
    loose, tight = (
        json.loads(tiangong("docking-windows", MISSION, "--from", "2026-10-26", "--days", "2", "--json", *more).out)
        for more in ((), ("--set", "docking_rules.camera_sun.angle_least_deg=100", "--set", "trim.limit_m_s=50"))
    )
    assert tight["open"] != loose["open"]
    assert "camera_sun" in {x[k] for x in tight["open"] for k in ("opened_by", "closed_by")} or not tight["open"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--from", "10 October"), "--from"),
        (("--days", "-3"), "--days"),
        (("--from", "2026-10-10", "--days", "2", "--at", "2027-01-01"), "--at"),
        (("--at", "noon"), "--at"),
        (("--rules", "tiangon"), "tiangong"),
        (("--set", "docking_rules.camera_sun.angle_least_deg=200"), "180"),
        (("--set", "docking_rules.camera.angle=20"), "camera"),
        (("--set", "docking_rules.return_pass.first_h=30"), "return_pass.first_h"),
        (("--from", "2036-10-10"), "370"),
    ],
)
def test_bad_input_ends_with_a_sentence_and_leaves_nothing(arguments, word, tmp_path):
    done = tiangong("docking-windows", MISSION, *arguments, "--out", tmp_path / "deep" / "out")
    assert done.code == 2 and word in done.err and "Traceback" not in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_pad_north_of_the_plane_ends_with_the_reason():
    done = tiangong(
        "docking-windows", MISSION, "--set", "launch.site=baikonur", "--set", "launch.plane_bias_s=", "--days", "2"
    )
    assert done.code == 3 and "plane" in done.err


@pytest.mark.parametrize("days", [1.0, 30.0])
@pytest.mark.parametrize("which", ["day", "season"])
def test_no_text_of_the_charts_runs_into_another_or_off_the_sheet(which, days, monkeypatch):
    from sim.plots import docking_constraints, docking_season

    found = made(days)
    at = found.plan.start + 0.4 * DAY
    picture = {
        "day": lambda: docking_constraints.draw(chart.day_chart(found, at)),
        "season": lambda: docking_season.draw(chart.season_chart(found, at)),
    }[which]
    texts_apart(picture, monkeypatch)


def test_the_season_lists_every_day_and_the_worst_margin_of_every_interval():
    plan = month()
    content = summary(plan)
    assert 30 <= len(content["days"]) <= 32
    steps = np.diff([Epoch.from_utc(d["planned_contact_utc"]).since(plan.zero) for d in content["days"]])
    assert steps == pytest.approx(np.full(steps.size, 84738.0), abs=20.0)
    for c in content["constraints"]:
        inside = sum(Epoch.from_utc(x["end_utc"]).since(Epoch.from_utc(x["start_utc"])) for x in c["intervals"])
        assert inside / (plan.end - plan.start) == pytest.approx(c["share"], abs=1e-3)
    beta = next(c for c in content["constraints"] if c["name"] == "beta")["intervals"]
    assert len(beta) == 1 and beta[0]["worst_margin"] > 30.0  # it holds all month: the worst is not zero
