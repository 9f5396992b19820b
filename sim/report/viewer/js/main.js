/* The page: reads the flight, draws it when something has changed, and answers hand, keyboard and `window.tiangong`. */

import { makeCameras, NAMES } from "viewer/cameras.js";
import { makeClock } from "viewer/clock.js";
import { bytes, readFlight } from "viewer/data.js";
import { makeInstruments, makeReticle } from "viewer/instruments.js";
import { makeTimeline } from "viewer/timeline.js";
import { makeView } from "viewer/view.js";

const KEYS = { 1: "globe", 2: "station", 3: "docking", 4: "chase", 5: "pad", 6: "landing" };

function start(context) {
  const text = JSON.parse(document.getElementById("flight").textContent);
  const flight = readFlight(text, bytes(document.getElementById("numbers").textContent));
  const cameras = makeCameras(flight);
  const clock = makeClock(flight.start, flight.end, flight.events);
  const view = makeView(flight, cameras, context);
  const instruments = makeInstruments(document.getElementById("instruments"));
  const reticle = makeReticle(document.getElementById("view"));
  let chosen = "";
  let waiting = false;
  let last = 0;

  /** The craft that is followed: the chosen one, else the ship that flies, else the station. */
  function focus() {
    if (chosen) return chosen;
    const t = clock.t;
    const ships = [...flight.craft.values()].filter((c) => c.kind !== "station" && c.paths.length);
    const flying = ships.find((c) => c.paths.some((p) => p.start - 7200 <= t && t <= p.end));
    return (flying || ships.findLast((c) => c.paths[0].start <= t) || ships[0])?.name || flight.station;
  }

  function draw(now) {
    waiting = false;
    if (clock.running && last) clock.step(Math.min(0.25, (now - last) / 1000));
    last = clock.running ? now : 0;
    timeline.show();
    const state = view.draw(clock.t, focus());
    instruments(state);
    reticle(state, cameras.name === "docking");
    if (clock.running) changed();
  }

  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  }

  const timeline = makeTimeline(flight, clock, changed, (name) => {
    chosen = name;
    changed();
  });

  const buttons = new Map();
  for (const name of cameras.names) {
    const found = document.createElement("button");
    found.type = "button";
    found.textContent = NAMES[name];
    found.addEventListener("click", () => camera(name));
    buttons.set(name, found);
    document.getElementById("cameras").append(found);
  }
  if (flight.zones?.length) {
    const zones = document.createElement("button");
    zones.type = "button";
    zones.textContent = "Zones";
    zones.setAttribute("aria-pressed", "true");
    zones.addEventListener("click", () => {
      view.zones = !view.zones;
      zones.setAttribute("aria-pressed", String(view.zones));
      changed();
    });
    document.getElementById("cameras").append(zones);
  }
  function camera(name) {
    if (!cameras.names.includes(name)) throw new Error(`no camera is called '${name}'; there are ${cameras.names.join(", ")}`);
    cameras.name = name;
    for (const [other, found] of buttons) found.setAttribute("aria-pressed", String(other === name));
    changed();
  }

  hands(document.getElementById("view"), cameras, changed);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) return;
    const arrows = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
    if (event.key === " " && event.target.tagName !== "BUTTON") timeline.toggle();
    else if (event.key === "," || event.key === "p") timeline.jump(-1);
    else if (event.key === "." || event.key === "n") timeline.jump(1);
    else if (KEYS[event.key] && cameras.names.includes(KEYS[event.key])) camera(KEYS[event.key]);
    else if (arrows[event.key]) cameras.turn(...arrows[event.key]);
    else if (event.key === "+" || event.key === "=") cameras.zoom(0.85);
    else if (event.key === "-") cameras.zoom(1 / 0.85);
    else if (event.key === "0") cameras.reset();
    else return;
    event.preventDefault();
    changed();
  });
  window.addEventListener("resize", changed);
  document.getElementById("panel").hidden = false;
  clock.seek(flight.liftoff === null ? flight.start : flight.liftoff - 60);
  camera("globe");

  window.tiangong = {
    flight,
    clock,
    cameras,
    /** Goes to a time: UTC as text, or seconds since the flight's zero. */
    seek(time) {
      timeline.seek(typeof time === "string" ? flight.seconds(time) : time);
      draw(0);
    },
    /** Where a craft is now: [x, y, z] in GCRS, m; null where it is not there. */
    position: (craft) => flight.motion(craft, clock.t)?.position ?? null,
    camera(name) {
      camera(name);
      draw(0);
    },
    follow(name) {
      chosen = name;
      draw(0);
    },
    /** Milliseconds of one picture at the present time, drawn to its end. */
    frame: () => view.measure(clock.t, focus()),
    ready: true,
  };
}

/** Drag turns, wheel and two fingers zoom. */
function hands(element, cameras, changed) {
  const touches = new Map();
  let apart = 0;
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    element.classList.add("turning");
    apart = 0;
  });
  element.addEventListener("pointermove", (event) => {
    const before = touches.get(event.pointerId);
    if (!before) return;
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    if (touches.size === 1) {
      cameras.turn((event.clientX - before[0]) * 0.3, (event.clientY - before[1]) * 0.3);
    } else {
      const [a, b] = [...touches.values()];
      const now = Math.hypot(a[0] - b[0], a[1] - b[1]);
      if (apart) cameras.zoom(apart / now);
      apart = now;
    }
    changed();
  });
  const end = (event) => {
    touches.delete(event.pointerId);
    if (!touches.size) element.classList.remove("turning");
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
  element.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      cameras.zoom(Math.exp(0.0012 * Math.max(-400, Math.min(400, event.deltaY))));
      changed();
    },
    { passive: false },
  );
}

/** Without WebGL there is no picture; the page says so and where else the flight stands. */
function refuse(reason) {
  const message = document.getElementById("message");
  message.className = "message";
  message.hidden = false;
  message.innerHTML = `This browser cannot draw in three dimensions (${reason}). Switch on WebGL or hardware acceleration
    in its settings, or open this file in a recent Chrome, Edge, Firefox or Safari. The same flight stands, with pictures, in
    <a href="report.html">report.html</a> beside this file.`;
  window.tiangong = { ready: false, reason };
}

const context = document.getElementById("canvas").getContext("webgl2", { antialias: true });
if (context) start(context);
else refuse("no WebGL 2");
