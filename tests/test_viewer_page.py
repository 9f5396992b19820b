"""`view.html` in a real browser, from a file without a network: it draws, its time moves the ship, its cameras turn.

The median time of a picture with software rendering is printed (`pytest -s`), and no limit is set on it; the figures
of a whole table come from `python -m benches viewer_frames`.
"""

from __future__ import annotations

import re
import statistics
import sys
from dataclasses import replace

import made_flight
import numpy as np
import pytest
from browser import browser, opened, serious

from sim.core.epoch import Epoch
from sim.export import trajectories
from sim.output.run import plot_data
from sim.report.viewer.page import view
from sim.scenario import load

CAMERAS = ("globe", "station", "docking", "chase", "pad", "landing")
WIDE, NARROW = {"width": 700, "height": 420}, {"width": 390, "height": 640}
READY = "window.tiangong && window.tiangong.ready"
# Where the camera of the station sees a station and a ship beside it, at every range forward and below: across and up,
# over what it sees to the edge upwards. A flight of nothing but two craft on a circle.
SEEN = """async (ranges) => {
  const { makeCameras } = await import("viewer/cameras.js");
  const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const found = [];
  for (const way of [[0, 1, 0], [-1, 0, 0]]) {
    for (const range of ranges) {
      const station = [6.77e6, 0, 0], ship = station.map((x, k) => x + range * way[k]);
      const motion = (name) => ({ position: name === "ship" ? ship : station, velocity: [0, 7670, 0] });
      const flight = { station: "station", places: [], craft: new Map(), motion, dockedAt: () => null };
      const cameras = makeCameras(flight);
      cameras.name = "station";
      const { eye, look, up, fov } = cameras.at(0, "ship");
      const right = cross(look, up).map((x, k, r) => x / Math.hypot(...r)), above = cross(right, look);
      for (const place of [station, ship]) {
        const d = place.map((x, k) => x - eye[k]), edge = Math.tan((fov * Math.PI) / 360) * dot(d, look);
        found.push([dot(d, right) / edge, dot(d, above) / edge]);
      }
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The page of a flight made by hand, with the craft of a real mission."""
    flight, scenario, world = made_flight.made_flight()
    data, flown = plot_data(flight, scenario, world), trajectories.of_flight(flight, world)
    named = load("configs/missions/shenzhou-24-pakistan.toml").raw
    data = replace(data, scenario={**data.scenario, **{k: named[k] for k in ("station", "docked", "launch", "named")}})
    file = tmp_path_factory.mktemp("view") / "view.html"
    file.write_text(view(data, flown), encoding="utf-8")
    return file, data, flown


@pytest.fixture(scope="module")
def chromium():
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def page(made, chromium):
    with opened(chromium, made[0], viewport=WIDE, color_scheme="dark") as found:
        found.wait_for_function(READY)
        yield found


def there(flown, craft, t):
    (leg,) = [leg for leg in flown.vehicles[craft] if leg.trajectory.start <= t <= leg.trajectory.end][-1:]
    return leg.trajectory.at(t)[0][0]


def test_the_page_has_every_craft_where_it_was_flown(page, made):
    """Hundreds of times of every leg, read back from the page."""
    draw = np.random.default_rng(2)
    for craft, legs in made[2].vehicles.items():
        for leg in legs:
            times = draw.uniform(leg.trajectory.start, leg.trajectory.end, 60)
            got = page.evaluate(
                "([name, times]) => times.map((t) => tiangong.flight.motion(name, t).position)", [craft, times.tolist()]
            )
            truth = leg.trajectory.at(times)[0]
            assert np.max(np.linalg.norm(np.array(got) - truth, axis=1)) < 10.0, (craft, leg.leg)


@pytest.mark.parametrize(
    "name", ["liftoff", "orbit_insertion", "contact", "undocking", "deorbit_burn_start", "touchdown"]
)
def test_an_event_is_reached_and_the_ship_is_there(page, made, name):
    """By the UTC of flight.json; the slider stands where the time is, and follows it."""
    _, data, flown = made
    (event,) = data.events(name)
    page.evaluate("utc => tiangong.seek(utc)", event["utc"])
    t = page.evaluate("tiangong.clock.t")
    assert t == pytest.approx(data.seconds(event["utc"]), abs=1e-3)
    got = page.evaluate("name => tiangong.position(name)", event["vehicle"])
    # Of an undocking the first second after it; of a contact what docks sits at its port, some metres from the origin.
    slack = 25.0 if name in ("contact", "undocking") else 10.0
    assert np.linalg.norm(np.array(got) - there(flown, event["vehicle"], t)) < slack
    assert event["utc"][11:19] in page.locator("#clock").inner_text()


def test_the_slider_moves_the_ship(page, made):
    slider = page.locator("#time")
    page.get_by_role("button", name="Time line: descent").click()
    before = page.evaluate("tiangong.position('shenzhou-23')")
    slider.evaluate("s => { s.value = 60000; s.dispatchEvent(new Event('input')); }")
    after = page.evaluate("[tiangong.clock.t, tiangong.position('shenzhou-23')]")
    assert made_flight.DESCENT < after[0] < made_flight.TOUCHDOWN
    assert (
        np.linalg.norm(np.array(after[1]) - there(made[2], "shenzhou-23", after[0]))
        < 10.0
        < np.linalg.norm(np.array(after[1]) - before)
    )


def colours(page, camera: str = "") -> dict[str, int]:
    """Of the picture: how many different colours, and a fingerprint. A screenshot's pixels, counted in the page."""
    return page.evaluate(
        """(camera) => {
          const from = document.getElementById("canvas");
          if (camera) tiangong.camera(camera);
          else tiangong.frame();
          const to = new OffscreenCanvas(200, 140), pen = to.getContext("2d");
          pen.drawImage(from, 0, 0, 200, 140);
          const data = pen.getImageData(0, 0, 200, 140).data, seen = new Set();
          let sum = 0;
          for (let k = 0; k < data.length; k += 4) {
            seen.add((data[k] << 16) | (data[k + 1] << 8) | data[k + 2]);
            sum = (sum * 31 + data[k] + 3 * data[k + 1] + 7 * data[k + 2]) % 1000000007;
          }
          return { count: seen.size, sum };
        }""",
        camera,
    )


def test_every_camera_shows_a_picture_of_its_own(page):
    page.evaluate("t => tiangong.seek(t)", made_flight.CONTACT - 120.0)
    found = {}
    for name in CAMERAS:
        found[name] = colours(page, name)
    assert all(picture["count"] > 8 for name, picture in found.items() if name not in ("pad", "landing")), found
    assert len({picture["sum"] for picture in found.values()}) >= 5, found
    for name in ("pad", "landing"):
        t = made_flight.LIFTOFF + 5.0 if name == "pad" else made_flight.TOUCHDOWN - 60.0
        page.evaluate("t => tiangong.clock.seek(t)", t)
        assert colours(page, name)["count"] > 8, name


def test_hand_and_keyboard(page):
    page.evaluate("t => { tiangong.seek(t); tiangong.camera('station'); }", made_flight.CONTACT - 120.0)
    was = colours(page)["sum"]
    page.mouse.move(300, 100)
    page.mouse.down()
    page.mouse.move(360, 120)
    page.mouse.up()
    page.mouse.wheel(0, -300)
    assert colours(page)["sum"] != was
    page.locator("#view").focus()
    page.keyboard.press("1")
    assert page.get_by_role("button", name="Globe", exact=True).get_attribute("aria-pressed") == "true"
    page.keyboard.press(".")
    assert page.evaluate("tiangong.clock.t") > made_flight.CONTACT - 120.0
    page.keyboard.press(" ")
    page.wait_for_function(f"tiangong.clock.t > {made_flight.CONTACT - 119.0}")
    page.keyboard.press(" ")
    assert not page.evaluate("tiangong.clock.running")


def test_at_rest_nothing_is_drawn(page):
    page.evaluate("t => { tiangong.seek(t); tiangong.camera('station'); }", made_flight.CONTACT - 120.0)
    page.wait_for_timeout(400)  # a sharp picture after the last touch may be under way
    drawn = page.evaluate("tiangong.drawn")
    page.wait_for_timeout(200)
    assert page.evaluate("tiangong.drawn") == drawn > 0
    page.locator("#view").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"tiangong.drawn > {drawn}")


def test_a_slow_machine_gets_fewer_pixels_while_the_picture_moves(page):
    """20 pictures of 100 ms, then of 10 ms: never under half, and all pixels at rest."""
    found = page.evaluate(
        """async () => {
          const { makePace } = await import("viewer/pace.js");
          const run = (ms) => {
            const pace = makePace(() => {});
            const moving = Array.from({ length: 40 }, (_, k) => pace.sharpness(1e7 + ms * k, true));
            return [moving[0], moving.at(-1), pace.sharpness(2e7, false)];
          };
          return [run(100), run(10)];
        }"""
    )
    assert found == [[1, 0.5, 1], [1, 1, 1]]


def test_names_are_those_that_a_reader_knows(page):
    page.evaluate("t => { tiangong.seek(t); tiangong.camera('globe'); }", made_flight.HOMING)
    text = page.locator("main").inner_text() + " ".join(page.locator("option").all_text_contents())
    assert {"Shenzhou-24", "Tiangong"} <= set(page.locator("#labels .craft:not([hidden])").all_inner_texts())
    assert "Shenzhou-24" in page.locator("#instruments summary").inner_text()
    assert "Shenzhou-23" in text and not re.search(r"shenzhou-\d|tianzhou-\d|tiangong\b", text)


def test_the_station_and_the_ship_that_comes_are_in_one_picture(page):
    """From the port to 220 m, ahead of the station and below it. Where the panel covers a third of the height, as on a
    screen of 600 pixels, the middle of what is free has 2/3 of it."""
    seen = np.abs(page.evaluate(SEEN, [20.0, 30.0, 80.0, 150.0, 220.0]))
    assert seen.shape == (20, 2)
    assert np.max(seen[:, 0]) < 1.0 and np.max(seen[:, 1]) < 2.0 / 3.0, seen


def test_a_hold_point_has_a_small_name(page):
    page.evaluate("t => { tiangong.camera('station'); tiangong.seek(t); }", made_flight.CONTACT - 120.0)
    holds = page.locator("#labels .zone:not([hidden]) span").filter(has_text="hold at")
    assert holds.count() >= 1
    assert all(hold.bounding_box()["height"] < 25.0 for hold in holds.all())
    page.get_by_role("button", name="Zones").click()
    page.wait_for_function("!document.querySelector('#labels .zone:not([hidden])')")
    page.get_by_role("button", name="Zones").click()


def test_title_and_time_line_stand_before_the_scene_is_set_up(made, chromium, tmp_path):
    """What the page shows when it first asks for WebGL."""
    text = made[0].read_text("utf-8")
    file = tmp_path / "view.html"
    spy = """<script>
      const ask = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        if (kind === "webgl2" && !window.before) window.before = document.querySelector("main").innerText;
        return ask.call(this, kind, ...rest);
      };
    </script>"""
    file.write_text(text.replace("<body>", f"<body>{spy}", 1), "utf-8")
    with opened(chromium, file) as page:
        page.wait_for_function(READY)
        before = page.evaluate("before")
        assert made[1].record["name"] in before and "The scene is being set up" in before
        assert "UTC" in before and "Station" in before
        assert not page.locator("#message").is_visible()


def test_accessible(page):
    assert serious(page) == []


def test_the_time_of_a_picture_is_reported(page):
    page.evaluate("t => { tiangong.seek(t); tiangong.camera('station'); }", made_flight.CONTACT - 120.0)
    costs = page.evaluate("Array.from({ length: 5 }, () => tiangong.cost())")
    whole, script = (statistics.median(cost[part] for cost in costs) for part in ("whole", "script"))
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(
        f"view.html: {whole:.0f} ms a picture of 700 x 420, software rendering, {script:.1f} ms of it JavaScript; "
        f"first contentful paint after {paint:.0f} ms",
        file=sys.stderr,
    )
    assert len(costs) == 5
    assert all(0.0 < cost["script"] <= cost["whole"] and cost["triangles"] > 1000 for cost in costs)


def test_narrow_and_light(page):
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="light")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert page.locator("#panel").bounding_box()["height"] < 300
    assert colours(page)["count"] > 8
    assert serious(page) == []
    page.set_viewport_size(WIDE)


def test_without_webgl_the_page_says_where_else_to_look(made, chromium, tmp_path):
    text = made[0].read_text("utf-8")
    file = tmp_path / "view.html"
    off = "<script>HTMLCanvasElement.prototype.getContext = () => null;</script>"
    file.write_text(text.replace("<body>", f"<body>{off}", 1), "utf-8")
    with opened(chromium, file) as page:
        page.wait_for_function("window.tiangong")
        assert "report.html" in page.locator("#message").inner_text()


def test_the_clock_of_the_page_is_that_of_the_flight(page, made):
    assert page.evaluate("tiangong.flight.zero") == pytest.approx(
        1000.0 * made[1].zero.since(Epoch.from_utc("1970-01-01T00:00:00Z")), abs=60_000.0
    )
