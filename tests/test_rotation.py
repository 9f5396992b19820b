"""The programme of the station: the record in place, its one broken rule, and broken programmes that are found."""

from __future__ import annotations

import json
import time

import pytest
from typer.testing import CliRunner

import sim
from sim.catalogue.facts import fact, facts
from sim.cli.main import app
from sim.core.epoch import Epoch
from sim.files.errors import BadInput
from sim.files.problems import ScenarioError
from sim.planning.rotation.consumables import person_days, stocks
from sim.planning.rotation.cover import cover, gaps, seats
from sim.planning.rotation.rules import verdicts
from sim.planning.rotation.specialist import path
from sim.planning.rotation.table import content, lines, view
from sim.planning.rotation.timeline import DAY, timeline
from sim.scenario.programme import load_programme
from sim.scenario.programme_record import instant
from tests.result_schemas import problems

NAME = "programme"
HOUR = 3600.0
CREWED = [f"sz_{n}" for n in range(12, 24)]
FREIGHT = [f"tz_{n}" for n in range(2, 11)]


def ship_of(record: str) -> str:
    kind, _, number = record.partition("_")
    return f"{'shenzhou' if kind == 'sz' else 'tianzhou'}-{number}"


@pytest.fixture(scope="module")
def programme():
    return load_programme(NAME)


@pytest.fixture(scope="module")
def found(programme):
    return timeline(programme)


# ---- the record


@pytest.mark.parametrize("record", CREWED + FREIGHT)
def test_every_docking_and_landing_of_the_record_is_in_place(found, record):
    """The facts are read here by their own keys, the timeline through file, record and model."""
    known, vessel = fact(f"missions.{record}").table, found.vessel(ship_of(record))
    assert vessel.launch == Epoch.from_utc(known["launch"])
    stays = known.get("stays") or [{key: known[key] for key in ("port", "docked", "undocked") if key in known}]
    for stay, of_fact in zip(vessel.stays, stays, strict=True):
        assert (stay.port, stay.start) == (of_fact["port"], instant(of_fact["docked"]))
        if "undocked" in of_fact:
            assert stay.end == instant(of_fact["undocked"])
    landed = known.get("landed", known.get("reentry"))
    if landed is not None:
        assert vessel.landed == instant(landed)


@pytest.mark.parametrize("record", [name for name in CREWED if name != "sz_22"])
def test_who_goes_up_is_who_the_record_names(found, record):
    assert [p.name for p in found.people if p.ship_up == ship_of(record)] == fact(f"missions.{record}").table["crew_up"]


@pytest.mark.parametrize("record", [name for name in CREWED if name != "sz_23"])
def test_who_comes_down_is_who_the_record_names(found, record):
    down = fact(f"missions.{record}").table["crew_down"]
    assert [p.name for p in found.people if p.ship_down == ship_of(record)] == down


def test_every_spacewalk_of_the_record_is_there(found):
    known = [f.table for f in facts().values() if f.topic == "evas"]
    assert [(e.start, list(e.crew)) for e in found.evas] == [(instant(k["start"]), k["crew"]) for k in known]
    assert all(any(p.name == name and p.aboard(e.start) for p in found.people) for e in found.evas for name in e.crew)


def test_the_burns_past_starlink_satellites_stand_in_the_programme(programme, found):
    """Both of the facts, with the leads that follow from their times: 3 h 25 min and 18 h 44 min; in 2022 there is
    none, and a plan made between the two knows of the first alone."""
    shown = content(view(found))["avoidances"]
    known = [f.table for name, f in facts().items() if name.startswith("avoidance.starlink")]
    assert [(a["object"], a["burn_utc"], a["approach_utc"]) for a in shown] == [
        (k["object"], instant(k["burn"]).utc(0), instant(k["approach"]).utc(0)) for k in known
    ]
    assert [a["lead_h"] for a in shown] == [3.42, 18.73]
    printed = "\n".join(lines(view(found)))
    assert "Starlink-2305  2021-10-21 03:16  2021-10-21 22:00  18.7    <= 1          <= 3" in printed
    in_2022 = view(found, Epoch.from_utc("2022-01-01T00:00:00Z"), Epoch.from_utc("2022-12-31T00:00:00Z"))
    assert content(in_2022)["avoidances"] == [] and "burns past" not in "\n".join(lines(in_2022))


def test_a_burn_after_the_approach_is_refused():
    """The one key is named with the other's time."""
    with pytest.raises(ScenarioError, match="approach_utc.*a time after burn_utc, which is 2021-10-21T03:16:00Z"):
        load_programme("programme", ["avoidances.1.approach_utc=2021-10-21T02:00:00Z"])


def test_no_false_alarm_over_the_record(found):
    """One rule is broken from 2021 to 2026: a seat for everyone, in November 2025."""
    judged = view(found)
    assert len(judged.verdicts) == 11
    assert [v.rule for v, _ in judged.broken] == ["lifeboat"]
    assert view(found, None, Epoch.from_utc("2025-11-01")).broken == ()
    assert view(found, Epoch.from_utc("2025-11-26")).broken == ()


def test_the_time_without_a_lifeboat_is_that_between_two_recorded_instants(found):
    [gap] = gaps(cover(found))
    [bare] = gap.without_any
    left, came = fact("missions.sz_21").table["undocked"], fact("missions.sz_22").table["docked"]
    assert (bare.start, bare.end) == (Epoch.from_utc(left), Epoch.from_utc(came))
    assert (bare.end.since(bare.start) / HOUR) == pytest.approx(11 * 24 + 4.6)
    assert bare.aboard == 3 and bare.days == pytest.approx(fact("missions.without_lifeboat").number, abs=0.005)
    before = gap.spans[0]  # six aboard, and the seats of Shenzhou-21 alone
    assert (before.aboard, before.seats, before.ships) == (6, 3, ("shenzhou-21",))
    assert before.start == instant(fact("missions.sz_20_unsafe").table["utc"])


def test_person_days_are_those_of_the_flights_summed_by_hand(found):
    total = 0.0
    for record in CREWED[:9]:  # up to Shenzhou-20; its crew and the next came down in other ships
        known = fact(f"missions.{record}").table
        left = fact("missions.sz_21" if record == "sz_20" else f"missions.{record}").table["undocked"]
        total += 3 * Epoch.from_utc(left).since(Epoch.from_utc(known["docked"])) / DAY
    until = Epoch.from_utc("2025-10-31T00:00:00Z")  # no other crew is aboard before
    rest = 3 * Epoch.from_utc(fact("missions.sz_21").table["undocked"]).since(until) / DAY
    assert person_days(found, end=until) == pytest.approx(total - rest, rel=1e-12)


def test_seats_follow_the_way_home_and_then_what_is_free(found):
    """On 10 November 2025 the seats of Shenzhou-21 are those of the crew that comes home in it, liners moved."""
    given = seats(found, Epoch.from_utc("2025-11-10"))
    assert [(s.person.ship_up, s.ship, s.liner_moves) for s in given] == [
        *[("shenzhou-20", "shenzhou-21", True)] * 3,
        *[("shenzhou-21", None, False)] * 3,
    ]
    visit = {s.person.role: s for s in seats(found, Epoch.from_utc("2026-11-08")) if s.person.ship_up == "shenzhou-24"}
    assert visit["payload specialist"].ship == "shenzhou-23" and visit["payload specialist"].liner_moves
    assert visit["commander"].ship == "shenzhou-24" and not visit["commander"].liner_moves


# ---- twelve broken programmes, and two more: what is set, the rule, and when it is broken first

CONTINGENCY = "contingencies.0={{ kind = '{}', utc = '{}', {} }}"
BROKEN = {
    "a ship unsafe in summer": (
        ["contingencies.0.ship=shenzhou-16", "contingencies.0.utc=2023-08-01"],
        ("lifeboat", "2023-08-01T12:00:00Z", "2023-10-30T12:37:00Z"),
    ),
    "a port blocked": (
        [CONTINGENCY.format("port-blocked", "2023-05-01", "until_utc = '2023-06-01', port = 'nadir'")],
        ("port", "2023-05-30T08:29:00Z", "2023-06-01T12:00:00Z"),
    ),
    "a port left late": (
        ["ships.tianzhou-7.stays.0.undocked_utc=2024-11-15T17:00:00Z"],
        ("port", "2024-11-15T17:00:00Z", "2024-11-15T18:32:00Z"),
    ),
    "a ship that stays too long": (
        ["ships.shenzhou-18.stays.0.undocked_utc=2025-01-01", "ships.shenzhou-18.landed_utc=2025-01-02"],
        ("docked-life", "2024-11-15T19:32:00Z", "2025-01-01T12:00:00Z"),
    ),
    "a ship that flies alone": (
        ["ships.shenzhou-13.landed_utc=2022-04-25"],
        ("free-flight", "2022-04-22T16:44:00Z", "2022-04-25T12:00:00Z"),
    ),
    "a handover of half a day": (
        ["ships.shenzhou-15.stays.0.undocked_utc=2023-05-30T20:29:00Z"],
        ("handover", "2023-05-30T08:29:00Z", "2023-05-30T20:29:00Z"),
    ),
    "a handover of a month": (
        ["ships.shenzhou-19.stays.0.undocked_utc=2025-05-21", "ships.shenzhou-19.landed_utc=2025-05-22"],
        ("handover", "2025-05-09T15:49:00Z", "2025-05-21T12:00:00Z"),
    ),
    "too many people": (["station.people_max=5"], ("people", "2022-11-29T21:42:00Z", "2022-12-04T03:01:00Z")),
    "a freighter without food": (
        ["ships.tianzhou-8.supplies.food_kg=0"],
        ("reserves", "2025-01-07T05:11:33Z", "2025-07-15T00:52:00Z"),
    ),
    "no water recycled": (
        ["consumables.water.recycled=0.0"],  # 800 kg less 15 days for three, at 3 * 3.83 kg a day: 54.63 days
        ("reserves", "2021-08-10T22:55:06Z", "2021-09-16T00:56:00Z"),
    ),
    "a thirsty station": (
        ["consumables.propellant.use_kg_day=8.0"],  # 5750 kg less 60 days of it: 658.75 days
        ("reserves", "2023-04-07T01:54:00Z", "2023-05-10T21:16:00Z"),
    ),
    "a launch on need ten days late": (
        ["contingencies.0.until_utc=2026-01-01", "ships.shenzhou-22.launch_utc=2025-12-05T04:11:45Z"]
        + ["ships.shenzhou-22.stays.0.docked_utc=2025-12-05T07:50:00Z"],
        ("standby", "2025-11-26T03:44:46Z", "2025-12-05T04:11:45Z"),
    ),
    "somebody ill": (
        [CONTINGENCY.format("early-return", "2024-07-01", "person = 'Li Cong'")],
        ("early-return", "2024-07-01T12:00:00Z", "2024-11-03T17:24:00Z"),
    ),
    "a spacewalk by somebody else": (
        ["evas.3.crew.0=Chen Dong"],
        ("spacewalks", "2021-12-26T10:44:00Z", "2021-12-26T16:55:00Z"),
    ),
    "a launch before readiness": (
        ["ships.shenzhou-24.launch_utc=2026-10-09T10:00:00Z"]
        + ["ships.shenzhou-24.stays.0.docked_utc=2026-10-09T13:30:00Z"],
        ("readiness", "2026-10-09T10:00:00Z", "2026-10-19T12:00:00Z"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_programme_is_found_with_its_dates(case):
    overrides, (rule, start, end) = BROKEN[case]
    judged = verdicts(timeline(load_programme(NAME, overrides, alternatives=False)))
    own = [b for v in judged for b in v.breaches if v.rule == rule]
    assert own and all(b.mend and b.found for b in own)
    first = own[0]
    assert (first.start.utc(0), first.end.utc(0)) == (start, end)


def test_a_launch_on_need_mends_only_what_lasts_until_it_can_rise(found):
    summer = timeline(load_programme(NAME, BROKEN["a ship unsafe in summer"][0], alternatives=False))
    mends = {
        when: [b.mend for v in verdicts(t) for b in v.breaches if v.rule == "lifeboat"]
        for when, t in {"summer": summer, "november": found}.items()
    }
    assert "a launch on need for shenzhou-16" in mends["summer"][0]
    assert mends["november"] and not any("launch on need" in mend for mend in mends["november"])


# ---- what is wrong with a file

WRONG = {  # what is set -> the key and words of its line
    "ships.shenzhou-19.crew.0.name=Ye Guangfu": (
        "ships.shenzhou-19.crew.0.name: found 'Ye Guangfu' in shenzhou-19 on 2024-10-29",
        "who is up with shenzhou-18 until 2024-11-03",
        "each person in one ship at a time",
    ),
    "ships.shenzhou-24.stays.0.port=nadir": (
        "ships.shenzhou-24.stays.0.port: found 'nadir' on 2026-11-04",
        "where shenzhou-23 is docked until 2026-11-11",
    ),
    "ships.shenzhou-17.crew.0.ship_down=shenzhou-16": (
        "ships.shenzhou-17.crew.0.ship_down: found 4 people who come down in shenzhou-16",
        "at most 3, crew_seats of its vehicle",
    ),
    "ships.tianzhou-7.supplies.water_kg=-5": (
        "ships.tianzhou-7.supplies.water_kg: found -5",
        "a number from 0 to 100000",
    ),
    "ships.shenzhou-13.landed_utc=2021-01-01": (
        "ships.shenzhou-13.landed_utc: found 2021-01-01",
        "a time after stays.0.undocked_utc, which is 2022-04-15",
    ),
    "ships.shenzhou-12.stays.0.port=forwad": ("found 'forwad'", "did you mean 'forward'?"),
    "ships.shenzhou-14.kind=shenzou": ("found 'shenzou'", "did you mean 'shenzhou'?"),
    "ships.shenzhou-18.crew.1.ship_down=shenzhou-81": ("found 'shenzhou-81'", "a ship of this file"),
    "evas.3.crew.0=Ye Guangfo": ("evas.3.crew.0: found 'Ye Guangfo'", "did you mean 'Ye Guangfu'?"),
    "contingencies.0.kind=port-blocked": ("contingencies.0.port: found nothing", "since kind = 'port-blocked'"),
    "until_utc=2020-01-01T00:00:00Z": (
        "until_utc: found 2020-01-01",
        "a time after the first launch, which is 2021-05-29",
    ),
    "specialist.seat=3": ("specialist.seat: found 3", "0 to 2, one of the crew of shenzhou-24"),
    'specialist.steps.4.after=["shortlst"]': ("found 'shortlst'", "did you mean 'shortlist'?"),
}


def test_wrong_input_is_named_all_at_once_within_two_seconds():
    began = time.perf_counter()
    with pytest.raises(ScenarioError) as caught:
        load_programme(NAME, list(WRONG))
    assert time.perf_counter() - began < 2.0
    lines = [str(problem) for problem in caught.value.problems]
    for words in WRONG.values():
        assert any(all(w in line for w in words) for line in lines), (words, lines)
    assert len(lines) == len(WRONG), lines


@pytest.mark.parametrize("given", WRONG)
def test_each_by_itself_is_one_line(given):
    with pytest.raises(ScenarioError) as caught:
        load_programme(NAME, [given], alternatives=False)
    [problem] = caught.value.problems
    assert all(words in str(problem) for words in WRONG[given])


def test_a_record_that_is_none_and_an_alternative_that_cannot_be_are_named(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'extends = "programme"\n[ships.shenzhou-12]\nrecord = "missions.sz12"\n[[alternatives]]\nname = "a"\n'
        'words = "w"\nset = ["ships.shenzhou-24.crew.0.ship_down=shenzhou-12"]\n',
        "utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        load_programme(file)
    assert {p.key for p in caught.value.problems} == {"ships.shenzhou-12.launch_utc", "ships.shenzhou-12.record"}
    assert "did you mean 'missions.sz_12'?" in str(caught.value)
    file.write_text(file.read_text("utf-8").replace("sz12", "sz_12"), "utf-8")
    with pytest.raises(ScenarioError, match=r"alternatives.0.set: ships.shenzhou-24.crew.0.ship_down: .*which left on"):
        load_programme(file)


def test_every_number_has_a_source(programme):
    assert programme.unsourced == ()


# ---- the payload specialist, stocks, plans


def test_a_late_swap_to_the_back_up_is_one_setting():
    plan, swap = (
        path(timeline(load_programme(NAME, given, alternatives=False))) for given in ([], ["specialist.flies=back-up"])
    )
    assert plan.judged == ("prime", "back-up") and swap.judged == ("back-up",)
    assert swap.margin("back-up") == pytest.approx(plan.margin("back-up") - 7.0)
    aboard = timeline(swap_of := load_programme(NAME, ["specialist.flies=back-up"])).people
    assert [p.name for p in aboard if p.nation == "Pakistan"] == [swap_of.file.specialist.back_up]


def test_the_steps_follow_one_another(found):
    steps = {s.name: s for s in path(found).steps}
    assert steps["medical"].start == steps["candidates"].end
    assert steps["shortlist"].start == instant("2026-02-07")  # later than the medical selection ends
    assert steps["crew-training"].start == max(steps["station"].end, steps["payloads"].end)
    assert steps["readiness"].end.utc(0) == "2026-10-19T12:00:00Z"


def test_a_stock_falls_by_what_is_used_and_rises_by_what_comes(found):
    food = next(s for s in stocks(found) if s.name == "food")
    crew_came = Epoch.from_utc(fact("missions.sz_12").table["docked"])
    at = food.levels[[x.at for x in food.levels].index(crew_came)]
    assert at.kg == pytest.approx(425.0 + 478.0)
    used = 1.77 * person_days(found)
    assert food.used_kg == pytest.approx(used) and food.levels[-1].kg == pytest.approx(425.0 + food.brought_kg - used)
    oxygen = next(s for s in stocks(found) if s.name == "oxygen")
    assert oxygen.used_kg == 0.0 and oxygen.shortest.days_left == pytest.approx(120.0 / (6 * 0.84))


def test_three_alternatives_are_compared_in_one_table():
    rows = {row["plan"]: row for row in sim.rotation(NAME, compared=True).content()["plans"]}
    assert list(rows) == ["plan", "up-23-down-22", "one-month", "all-chinese"]
    assert [row["broken"] for row in rows.values()] == [[], ["readiness"], ["handover"], []]
    plan, month = rows["plan"], rows["one-month"]
    assert (plan["visitor_up"], plan["visitor_down"]) == ("shenzhou-24", "shenzhou-23")
    assert (rows["up-23-down-22"]["visitor_up"], rows["up-23-down-22"]["visitor_down"]) == (
        "shenzhou-23",
        "shenzhou-22",
    )
    assert plan["visitor_days"] == pytest.approx(7.8) and month["visitor_days"] == pytest.approx(30.8)
    longer = 3 * Epoch.from_utc("2026-12-04T20:00:00Z").since(Epoch.from_utc("2026-11-11T20:24:00Z")) / DAY
    assert month["person_days"] - plan["person_days"] == pytest.approx(longer, abs=0.11)
    assert rows["all-chinese"]["visitor_days"] is None


def test_slips_move_what_they_say():
    slip = "contingencies.0={{ kind = '{}', utc = '2026-01-01', ship = 'shenzhou-24', days = 3.0 }}"
    plan = timeline(load_programme(NAME)).vessel("shenzhou-24")
    late = timeline(load_programme(NAME, [slip.format("launch-slip")])).vessel("shenzhou-24")
    assert late.launch.since(plan.launch) == late.docked.since(plan.docked) == 3.0 * DAY
    assert late.landed == plan.landed
    long = timeline(load_programme(NAME, [slip.format("landing-slip")])).vessel("shenzhou-24")
    assert long.landed.since(plan.landed) == long.undocked.since(plan.undocked) == 3.0 * DAY


# ---- command, files, picture


def test_the_command_says_the_gap_and_ends_with_3():
    done = CliRunner().invoke(app, ["rotation", NAME, "--from", "2025-10-01", "--until", "2026-02-28"])
    assert done.exit_code == 3
    assert "2025-11-14 03:14 to 2025-11-25 07:50: 3 aboard, no lifeboat at all, 11 d 4.6 h" in done.stdout
    assert "BROKEN  lifeboat" in done.stdout and "shenzhou-12" not in done.stdout.partition("rules")[0]
    kept = CliRunner().invoke(app, ["rotation", NAME, "--until", "2025-11-01"])
    assert kept.exit_code == 0 and "BROKEN" not in kept.stdout


def test_the_directory_holds_the_same_as_the_json(tmp_path):
    done = CliRunner().invoke(app, ["rotation", NAME, "--compare", "--json", "--out", str(tmp_path / "o")])
    said = json.loads(done.stdout)
    assert (done.exit_code, said["verb"], said["schema"], said["status"]) == (3, "rotation", 1, "broken")
    written = json.loads((tmp_path / "o" / "rotation.json").read_text("utf-8"))
    assert problems("rotation", written, whole=True) == []
    assert written == {k: v for k, v in said.items() if k in written} and len(written) == len(said) - 2
    names = {p.name for p in (tmp_path / "o").iterdir()}
    assert names == {"rotation.json", "rotation.png", "plans.png", "plans.csv", "flights.csv", "people.csv"} | {
        "manifest.json"
    }
    assert (tmp_path / "o" / "flights.csv").read_text("utf-8").count("\n") == len(written["flights"]) + 1


def test_check_warns_of_broken_rules_and_says_who_is_ready():
    healthy = ["contingencies=[]", "kinds.shenzhou.docked_life_days=300"]
    good = CliRunner().invoke(app, ["check", NAME, *(x for given in healthy for x in ("--set", given))])
    assert good.exit_code == 0 and good.stderr == "" and "11 of 11 are kept" in good.stdout
    early = CliRunner().invoke(app, ["check", NAME, "--set", "ships.shenzhou-24.launch_utc=2026-10-10"])
    assert "warning: readiness: Muhammad Zeeshan Ali (prime) is ready on 2026-10-19" in early.stderr
    mission = CliRunner().invoke(app, ["check", "shenzhou-24-pakistan"])
    assert "(prime) is ready on 2026-10-19, 4.5 days before the first lift-off" in mission.stdout


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"start": "2030-01-01"}, "start: found 2030-01-01T00:00:00Z; the programme is from"),
        ({"end": "2020-01-01"}, "end: found 2020-01-01T00:00:00Z; the programme is from"),
        ({"start": "2026-01-01", "end": "2025-01-01"}, "write a time after the start"),
    ],
)
def test_a_span_beside_the_programme_is_refused(given, words):
    with pytest.raises(BadInput, match=words):
        sim.rotation(NAME, **given)


# ---- the picture


def test_the_chart_shows_the_gap_and_what_lies_in_its_span():
    from sim.planning.rotation.chart import chart

    shown = chart(sim.rotation(NAME, "2025-10-01", "2026-02-28").shown)
    assert shown["days"] == 150.0
    assert [(g["seats"], g["aboard"], round(g["days"], 2)) for g in shown["gaps"]] == [(3, 6, 8.63), (0, 3, 11.19)]
    stays = {(port["port"], s["ship"]) for port in shown["ports"] for s in port["stays"]}
    assert stays == {
        ("forward", "shenzhou-21"),
        ("forward", "shenzhou-22"),
        ("nadir", "shenzhou-20"),
        ("aft", "tianzhou-9"),
        ("starboard", "wentian"),
        ("port-side", "mengtian"),
    }
    assert [(c["up"], c["down"], len(c["names"])) for c in shown["crews"]] == [
        ("shenzhou-20", "shenzhou-21", 3),
        ("shenzhou-21", "shenzhou-22", 3),
    ]
    bars = [s["bar"] for port in shown["ports"] for s in port["stays"]] + [c["bar"] for c in shown["crews"]]
    assert all(0.0 <= low < high <= 150.0 for low, high in bars)


@pytest.mark.parametrize("span", [("2025-10-01", "2026-02-28"), ("2021-05-30", "2021-06-10")])
def test_the_picture_is_drawn_of_any_span(span):
    """Also of one in which nobody is aboard. Ships are named, and no name lies on another in its panel."""
    made = sim.rotation(NAME, *span)
    figure = made.plot()
    figure.canvas.draw()
    ports = figure.axes[0]
    boxes = [text.get_window_extent() for text in ports.texts]
    assert {"TZ-9", "SZ-22"} <= {t.get_text() for t in ports.texts} or "TZ-2" in {t.get_text() for t in ports.texts}
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[i + 1 :])
