"""The page of a flight as it is computed, in a real browser: a state written beside it appears, without a server."""

from __future__ import annotations

import shutil
from dataclasses import replace

import browser as browsers
import pytest
from made_flight import STATION, made_flight

from sim.core.flight import Flight
from sim.output import followed
from sim.report.live_page import write_page, write_state

NAMES = ["await_launch", "ascent", "phasing"]


@pytest.fixture(scope="module")
def states():
    """Before the flight, and after each of its first three legs."""
    flight, _, world = made_flight("phasing")
    state = followed.beginning(flight.name, NAMES)
    found = [state]
    for i in range(3):
        so_far = Flight(flight.name, flight.zero, flight.legs[: i + 1])
        state = followed.running(state, NAMES[i], i / 3.0)
        found.append(state)
        state = followed.after_leg(state, so_far, world, STATION, tuple(NAMES[i + 1 :]), 0.5)
        found.append(state)
    return found


def test_states_of_a_flight(states):
    running, flown = states[3], states[4]
    assert [row.status for row in running.phases] == ["flown", "running", "ahead"]
    assert [row.status for row in flown.phases] == ["flown", "flown", "ahead"]
    assert flown.met and not states[2].met  # nothing counts before the lift-off
    assert states[-1].range_m > 0.0 and states[-1].ship == "shenzhou-24"
    assert [event.name for event in states[-1].events][-1] == "phasing_burn"
    assert len(states[-1].events) == followed.LAST_EVENTS


def test_a_state_that_is_written_appears(states, tmp_path):
    page_file = write_page(tmp_path)
    write_state(tmp_path, states[1].content(), {}, over=False)
    with browsers.browser() as chromium, browsers.opened(chromium, page_file) as page:
        page.wait_for_selector("li.running >> text=await launch", timeout=5000)
        write_state(tmp_path, states[-1].content(), {}, over=False)
        page.wait_for_selector("td >> text=phasing_burn", timeout=5000)
        assert "shenzhou-24" in page.inner_text("#state") and "range to the station" in page.inner_text("#state")
        done = replace(states[-1], doing="written", fraction=1.0)
        write_state(tmp_path, done.content(), {"report": "../run/report.html"}, over=True)
        page.wait_for_selector("#links a >> text=report", timeout=5000)
        assert page.get_attribute("#links a", "href") == "../run/report.html"
        assert page.inner_text("#doing") == "written"
        assert browsers.serious(page) == []


def test_the_page_of_a_command_that_was_stopped_says_so_and_keeps_what_it_shows(states, tmp_path):
    """Its folder is gone, as after Ctrl-C: after five misses in a row it looks no more, and the state can be read."""
    folder = tmp_path / "live"
    folder.mkdir()
    page_file = write_page(folder)
    write_state(folder, states[-1].content(), {}, over=False)
    with browsers.browser() as chromium:
        page = chromium.new_page()
        page.goto(page_file.as_uri())
        page.wait_for_selector("td >> text=phasing_burn", timeout=5000)
        shutil.rmtree(folder)
        page.wait_for_selector("#doing >> text=the command has ended or was stopped", timeout=15000)
        assert "shenzhou-24" in page.inner_text("#state") and "phasing_burn" in page.inner_text("#events")
        assert browsers.serious(page) == []
        missed = []
        page.on("requestfailed", lambda request: missed.append(request.url))
        page.wait_for_timeout(1500)  # more than the second after which it would look again
        assert missed == []
