/* The time line: slider with ticks of events, play and speed, phases to zoom to, clocks. */

import { SPEEDS, readings } from "viewer/clock.js";

const words = (name) => name.replaceAll("_", " ");

function button(text, title, act) {
  const found = document.createElement("button");
  found.type = "button";
  found.textContent = text;
  if (title) found.setAttribute("aria-label", title);
  found.title = title || text;
  found.addEventListener("click", act);
  return found;
}

function choice(label, options, act) {
  const found = document.createElement("select");
  found.setAttribute("aria-label", label);
  for (const [value, text] of options) found.append(new Option(text, value));
  found.addEventListener("change", () => act(found.value));
  return found;
}

/** Spans that the slider can show: the flight, everything, and every phase. */
function spans(flight) {
  const begin = flight.liftoff === null ? flight.start : Math.max(flight.start, flight.liftoff - 600);
  const all = [{ text: "Flight", start: begin, end: flight.end }];
  const stay = flight.phases.find((p) => p.phase === "docked");
  if (stay && stay.start > begin) all.push({ text: "Way up", start: begin, end: stay.start });
  if (stay && stay.end < flight.end) all.push({ text: "Way home", start: stay.end, end: flight.end });
  if (begin > flight.start) all.push({ text: "With the wait", start: flight.start, end: flight.end });
  return [...all, ...flight.phases.map((p) => ({ text: words(p.phase), start: p.start, end: p.end }))].filter((s) => s.end > s.start);
}

/** `changed()` after every change by hand; `followed(name)` when a craft is chosen. */
export function makeTimeline(flight, clock, changed, followed) {
  const slider = document.getElementById("time");
  const ticks = document.getElementById("ticks");
  const all = spans(flight);
  let span = all[0];
  let drawn = "";
  let pressed = null;

  const chips = all.map((s) => button(s.text, `Time line: ${s.text}`, () => zoomTo(s, true)));
  document.getElementById("phases").append(...chips);
  const play = button("▶ Play", "", () => toggle());
  const previous = button("‹ Event", "Event before", () => jump(-1));
  const next = button("Event ›", "Next event", () => jump(1));
  const speeds = [["auto", "speed: auto"], ...SPEEDS.map((s) => [s, `${s} ×`])];
  const speed = choice("Speed", speeds, (v) => {
    clock.speed = v === "auto" ? v : Number(v);
    changed();
  });
  const events = choice(
    "Jump to an event",
    [["", "jump to …"], ...flight.events.map((e, k) => [k, `${words(e.name)} · ${flight.title(e.vehicle)}`])],
    (v) => {
      if (v !== "") seek(flight.events[Number(v)].t);
      events.value = "";
    },
  );
  const ships = [...flight.craft.values()].filter((c) => c.paths.length).map((c) => [c.name, flight.title(c.name)]);
  const follow = choice("Craft that is followed", [["", "follow: who flies"], ...ships], followed);
  document.getElementById("controls").append(previous, play, next, speed, events, follow);

  function toggle() {
    if (!clock.running && clock.t >= clock.end) clock.seek(span.start);
    clock.running = !clock.running;
    changed();
  }

  function seek(t) {
    clock.seek(t);
    if (clock.t < span.start || clock.t > span.end) zoomTo(all.find((s) => s.start <= clock.t && clock.t <= s.end) || all[0], false);
    changed();
  }

  /** The event before or after now; a second of patience lets one go back from an event that has just been. */
  function jump(way) {
    const others = flight.events.filter((e) => (way > 0 ? e.t > clock.t + 0.01 : e.t < clock.t - 1));
    const to = way > 0 ? others[0] : others.at(-1);
    if (!to) return;
    seek(to.t);
    document.getElementById("spoken").textContent = `${words(to.name)}, ${flight.title(to.vehicle)}, ${readings(flight, to.t)[0][1]} UTC`;
  }

  function zoomTo(s, move) {
    span = s;
    if (move && (clock.t < s.start || clock.t > s.end)) clock.seek(s.start);
    changed();
  }

  slider.addEventListener("input", () => {
    clock.seek(span.start + (Number(slider.value) / 100000) * (span.end - span.start));
    changed();
  });

  function drawTicks() {
    const wide = ticks.clientWidth;
    const key = `${span.text} ${wide}`;
    if (key === drawn || !wide) return;
    drawn = key;
    const k = window.devicePixelRatio || 1;
    ticks.width = wide * k;
    ticks.height = 18 * k;
    const pen = ticks.getContext("2d");
    if (!pen) return;
    pen.scale(k, k);
    const x = (t) => 8 + ((t - span.start) / (span.end - span.start)) * (wide - 16);
    pen.fillStyle = "#2c3b4a";
    flight.phases.forEach((p, n) => {
      if (n % 2 === 0 && p.end > span.start && p.start < span.end) pen.fillRect(x(Math.max(p.start, span.start)), 6, x(Math.min(p.end, span.end)) - x(Math.max(p.start, span.start)), 12);
    });
    pen.fillStyle = "#ffb454";
    for (const e of flight.events) if (e.t >= span.start && e.t <= span.end) pen.fillRect(x(e.t) - 0.75, 3, 1.5, 15);
  }

  const rows = new Map();
  const panel = document.getElementById("clock");
  const where = document.createElement("span");
  where.className = "where";

  /** Shows the present time everywhere; what stands there already is not written again. */
  function show() {
    if (clock.t < span.start || clock.t > span.end) span = all.find((s) => s.start <= clock.t && clock.t <= s.end) || all[0];
    const at = String(Math.round((100000 * (clock.t - span.start)) / (span.end - span.start)));
    if (slider.value !== at) slider.value = at;
    if (pressed !== span) {
      chips.forEach((chip, k) => chip.setAttribute("aria-pressed", String(all[k] === span)));
      chips[all.indexOf(span)].scrollIntoView({ block: "nearest", inline: "nearest" });
      pressed = span;
    }
    write(play, clock.running ? "❚❚ Pause" : "▶ Play");
    for (const [name, text] of readings(flight, clock.t)) {
      if (!rows.has(name)) {
        const row = document.createElement("span");
        const value = document.createElement("b");
        row.append(`${name} `, value);
        panel.append(row);
        rows.set(name, value);
        if (name === "UTC") slider.setAttribute("aria-describedby", "clock");
      }
      write(rows.get(name), text);
    }
    const phase = words(flight.phase(clock.t).phase);
    const spoken = `${rows.get("UTC").textContent} UTC, ${phase}`;
    if (slider.getAttribute("aria-valuetext") !== spoken) slider.setAttribute("aria-valuetext", spoken);
    const rate = clock.rate();
    write(where, `${phase}${clock.running ? ` · ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} ×` : ""}`);
    if (!where.isConnected) panel.append(where);
    drawTicks();
  }
  return { show, toggle, jump, seek };
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
