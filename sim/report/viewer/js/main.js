/* The page: reads the flight, draws it when something has changed, and answers hand, keyboard and `window.tiangong`.
 *
 * Title, time line and clocks are shown first; three.js is read and the scene is set up after they have been painted.
 */

import { makeCameras, NAMES } from "viewer/cameras.js";
import { makeClock } from "viewer/clock.js";
import { bytes, readFlight } from "viewer/data.js";
import { makePace } from "viewer/pace.js";
import { makeTimeline } from "viewer/timeline.js";

const KEYS = { 1: "globe", 2: "station", 3: "docking", 4: "chase", 5: "pad", 6: "landing" };

/** After what has been written is on the screen; a page that lies behind others paints nothing, and does not wait. */
const painted = () => new Promise((go) => {
  const onward = () => setTimeout(go, 0);
  if (document.hidden) onward();
  else requestAnimationFrame(onward);
});

async function start() {
  const text = JSON.parse(document.getElementById("flight").textContent);
  const flight = readFlight(text, bytes(document.getElementById("numbers").textContent));
  const cameras = makeCameras(flight);
  const clock = makeClock(flight.start, flight.end, flight.events);
  let drawn = 0;
  let scene = null; // what draws, as soon as it is there
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
    if (!scene) return;
    const { view, instruments, reticle } = scene;
    drawn += 1;
    const state = view.draw(clock.t, focus(), pace.sharpness(now, clock.running));
    instruments(state);
    reticle(state, cameras.name === "docking");
    if (clock.running) changed();
  }

  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  }
  const pace = makePace(changed);
  /** The same after hand or keyboard moved the picture. */
  function moved() {
    pace.touched();
    changed();
  }

  const timeline = makeTimeline(flight, clock, moved, (name) => {
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
      if (!scene) return;
      scene.view.zones = !scene.view.zones;
      zones.setAttribute("aria-pressed", String(scene.view.zones));
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

  hands(document.getElementById("view"), cameras, moved);
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
    moved();
  });
  clock.seek(flight.liftoff === null ? flight.start : flight.liftoff - 60);
  camera("globe");
  await painted();

  const drawing = open3d(document.getElementById("canvas"));
  if (!drawing) {
    refuse("no WebGL 2");
    return;
  }
  const [{ makeView }, { makeInstruments, makeReticle }] = await Promise.all([import("viewer/view.js"), import("viewer/instruments.js")]);
  const view = makeView(flight, cameras, drawing.context, drawing.slow);
  scene = {
    view,
    instruments: makeInstruments(document.getElementById("instruments")),
    reticle: makeReticle(document.getElementById("view")),
  };
  const sizes = new ResizeObserver(() => {
    view.measurePage();
    changed();
  });
  for (const name of ["view", "panel"]) sizes.observe(document.getElementById(name));
  draw(0);
  document.getElementById("message").hidden = true;

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
    frame: () => view.measure(clock.t, focus()).whole,
    /** The same in parts: ms of `script` and of the `whole`, calls, triangles, lines, textures. */
    cost: () => view.measure(clock.t, focus()),
    /** Pictures since the page was opened: at rest none are added. */
    get drawn() {
      return drawn;
    },
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

/** What draws, and whether that is the processor (`slow`): then edges are not smoothed. On a dense screen they need not be. */
function open3d(canvas) {
  const slow = byProcessor();
  const context = canvas.getContext("webgl2", { antialias: !slow && window.devicePixelRatio < 2 });
  return context && { context, slow };
}

/** By its name, on a canvas of its own: what is asked of a context cannot be changed afterwards. */
function byProcessor() {
  const trial = document.createElement("canvas").getContext("webgl2");
  if (!trial) return false;
  const names = trial.getExtension("WEBGL_debug_renderer_info");
  const name = trial.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : trial.RENDERER);
  trial.getExtension("WEBGL_lose_context")?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/** Without WebGL there is no picture; the page says so and where else the flight stands. */
function refuse(reason) {
  const message = document.getElementById("message");
  message.hidden = false;
  document.getElementById("panel").hidden = true;
  message.innerHTML = `This browser cannot draw in three dimensions (${reason}). Switch on WebGL or hardware acceleration
    in its settings, or open this file in a recent Chrome, Edge, Firefox or Safari. The same flight stands, with pictures, in
    <a href="report.html">report.html</a> beside this file.`;
  window.tiangong = { ready: false, reason };
}

start();
