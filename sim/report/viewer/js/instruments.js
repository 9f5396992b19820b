/* The instruments: what holds now of the craft that is followed, by the phase of the flight; the docking reticle. */

import { geodetic } from "viewer/data.js";
import { partsAt } from "viewer/craft.js";
import { place } from "viewer/curve.js";
import { cross, dot, length, sub, unit } from "viewer/vector.js";
import { zonesAt } from "viewer/zones.js";

const GM = 3.986004415e14;
const RADIUS = 6378137;
const EARTH_RATE = 7.292115e-5;
const LOOP = new Set(["fly_around", "docking", "undocking"]);
const CHUTES = { none: "none", pilot: "pilot", drogue: "drogue", reefed: "main, reefed", main: "main" };

const words = (name) => name.replaceAll("_", " ");
const figure = (value, digits) => (Number.isFinite(value) ? value.toFixed(digits).replace("-", "\u2212") : "\u2013");
/** Metres, or kilometres from 10 km on. */
function distance(m) {
  if (Math.abs(m) >= 1e4) return [figure(m / 1e3, 2), "km"];
  return [figure(m, Math.abs(m) < 100 ? 2 : 1), "m"];
}
const kilometres = (m) => (Math.abs(m) < 1e4 ? [figure(m, 0), "m"] : [figure(m / 1e3, 1), "km"]);
const degrees = (value, plus, minus) => `${figure(Math.abs(value), 2)}\u00b0 ${value < 0 ? minus : plus}`;

/** The recorded columns of a leg at t, linear between their rows; empty where nothing is recorded. */
export function recorded(flight, t) {
  const leg = (flight.instruments ?? []).find((each) => t >= each.start && t <= each.end && t <= each.t.at(-1) + 1);
  if (!leg) return {};
  const i = place(leg.t, t);
  const step = leg.t[i + 1] - leg.t[i];
  const share = step > 0 ? Math.min(1, Math.max(0, (t - leg.t[i]) / step)) : 0;
  const found = { phase: leg.phase };
  for (const [name, column] of Object.entries(leg.columns)) {
    found[name] = column[i] + share * (column[i + 1] - column[i]);
  }
  return found;
}

/** Perigee and apogee over the equatorial radius, m, of the osculating orbit. */
export function apsides({ position: r, velocity: v }) {
  const a = 1 / (2 / length(r) - dot(v, v) / GM);
  const h = length(cross(r, v));
  const e = Math.sqrt(Math.max(0, 1 - (h * h) / (GM * a)));
  return [a * (1 - e) - RADIUS, a * (1 + e) - RADIUS];
}

/** Range and closing rate of two centres of mass. */
function between(one, other) {
  const away = sub(one.position, other.position);
  return [length(away), dot(unit(away), sub(one.velocity, other.velocity))];
}

/** Speed up or down over the turning ground, m/s. */
function climb({ position: r, velocity: v }) {
  const ground = [-EARTH_RATE * r[1], EARTH_RATE * r[0], 0];
  return dot(unit(r), sub(v, ground));
}

/** Rows [label, value, unit] for a state of the view. */
export function readings(state) {
  const { t, flight, focus } = state;
  const there = state.craft[focus];
  if (!there) return [];
  const base = focus === flight.station ? null : state.craft[flight.station];
  const now = recorded(flight, t);
  const [lon, lat, height] = geodetic(flight.toFixed(t, there.position));
  const where = ["Position", `${degrees(lat, "N", "S")}, ${degrees(lon, "E", "W")}`, ""];
  const speed = length(there.velocity);
  if (state.docked[focus]) return [[berth(state), `${state.docked[focus]} port`, ""], ...orbit(there, height, where)];
  if (now.phase === "ascent" && "downrange_km" in now) {
    return [
      ["Altitude", ...kilometres(height)],
      ["Speed, inertial", figure(speed, 0), "m/s"],
      ["Downrange", figure(now.downrange_km, 1), "km"],
      ["Load", figure(now.axial_load_g, 2), "g"],
      ["Dynamic pressure", figure(now.dynamic_pressure_pa / 1e3, 1), "kPa"],
    ];
  }
  if (LOOP.has(now.phase) && "lateral_m" in now) return near(state, now, base, there);
  if (now.phase === "entry") {
    return [
      ["Altitude", ...kilometres(height)],
      ["Speed in the air", figure(now.speed_air_m_s, 0), "m/s"],
      ...("mach" in now ? [["Mach number", figure(now.mach, 1), ""]] : []),
      ["Load", figure(now.load_g, 2), "g"],
      ["Heat flux", figure(now.heat_flux_kw_m2, 0), "kW/m\u00b2"],
      ["Bank angle", figure(now.bank_deg, 0), "\u00b0"],
    ];
  }
  if (now.phase === "descent") {
    const spec = flight.craft.get(focus)?.spec;
    return [
      ["Altitude", ...kilometres(height)],
      ["Rate of descent", figure(Math.max(0, -climb(there)), 1), "m/s"],
      ["Parachute", spec ? CHUTES[partsAt(spec, t).parachute] : "\u2013", ""],
      ["Load", figure(now.load_g, 2), "g"],
      where,
    ];
  }
  const rows = speed < 1000 ? [["Altitude", ...kilometres(height)], where] : orbit(there, height, where);
  if (!base || speed < 1000) return rows;
  const [range, rate] = between(there, base);
  if (range > 2e6) return rows;
  return [["Range to the station", ...distance(range)], ["Range rate", figure(rate, 2), "m/s"], ...rows];
}

/** From contact to the hard mate a ship is captured. */
function berth({ events, focus }) {
  const last = events.findLast(({ vehicle, name }) => vehicle === focus && (name === "contact" || name === "docked"));
  return last?.name === "contact" ? "Captured at" : "Docked at";
}

function orbit(there, height, where) {
  const [low, high] = apsides(there);
  return [
    ["Altitude", ...kilometres(height)],
    ["Perigee \u00d7 apogee", `${figure(low / 1e3, 1)} \u00d7 ${figure(high / 1e3, 1)}`, "km"],
    ["Speed, inertial", figure(length(there.velocity), 0), "m/s"],
    where,
  ];
}

function near(state, now, base, there) {
  const zones = zonesAt(state.flight.zones ?? [], state.t);
  const angle = (Math.atan2(now.lateral_m, now.along_m) * 180) / Math.PI;
  const rows = [
    ["Range, ring to port", ...distance(now.range_m)],
    ["Range rate", figure(now.range_rate_m_s, 3), "m/s"],
    ["Off the port\u2019s axis", ...distance(now.lateral_m)],
    ...("attitude_error_deg" in now ? [["Attitude error", figure(now.attitude_error_deg, 2), "\u00b0"]] : []),
    ["Propellant", figure(now.propellant_kg, 1), "kg"],
  ];
  if (zones) {
    const inside = angle <= zones.half_angle_deg;
    const angles = `${figure(angle, 1)}\u00b0 of ${figure(zones.half_angle_deg, 0)}\u00b0`;
    rows.push(["Corridor", `${inside ? "inside" : "outside"}, ${angles}`, ""]);
    if (base) {
      const within = length(sub(there.position, base.position)) < zones.keep_out;
      rows.push(["Keep-out sphere", within ? "inside" : "outside", ""]);
    }
  }
  return rows;
}

/** The panel in `parent`; `update(state)` shows a state of the view. */
export function makeInstruments(parent) {
  const panel = document.createElement("details");
  panel.className = "gauges";
  panel.open = window.innerWidth > 640;
  const head = document.createElement("summary");
  const event = document.createElement("p");
  const table = document.createElement("dl");
  panel.append(head, event, table);
  parent.append(panel);
  const rows = [];

  function row(k) {
    if (!rows[k]) {
      const [box, label, value] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
      box.append(label, value);
      table.append(box);
      rows[k] = { box, label, value };
    }
    return rows[k];
  }

  const write = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  return function update(state) {
    write(head, `${state.flight.title(state.focus)} \u00b7 ${words(state.phase)}`);
    const last = state.events.at(-1);
    write(event, last ? `${words(last.name)}, ${ago(state.t - last.t)} ago` : "");
    event.hidden = !last;
    const found = readings(state);
    found.forEach(([label, value, unit], k) => {
      const { box, label: name, value: shown } = row(k);
      box.hidden = false;
      write(name, label);
      write(shown, unit ? `${value} ${unit}` : value);
    });
    for (let k = found.length; k < rows.length; k += 1) rows[k].box.hidden = true;
  };
}

function ago(s) {
  if (s < 120) return `${Math.max(0, Math.floor(s))} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min`;
  return s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} d`;
}

/** Cross hairs over the docking camera, with range and rate; `update(state, shown)`. */
export function makeReticle(parent) {
  const box = document.createElement("div");
  box.className = "reticle";
  box.hidden = true;
  box.innerHTML = `<svg viewBox="-100 -100 200 200" aria-hidden="true"><g fill="none" stroke="currentColor">
    <circle r="30" stroke-width="0.6"/><circle r="60" stroke-width="0.4" stroke-dasharray="3 3"/>
    <path d="M-95 0H-8M8 0H95M0-95V-8M0 8V95" stroke-width="0.6"/>
    <path d="M-60-3V3M-30-3V3M30-3V3M60-3V3M-3-60H3M-3-30H3M-3 30H3M-3 60H3" stroke-width="0.8"/></g></svg>`;
  const text = document.createElement("p");
  box.append(text);
  parent.append(box);
  return function update(state, shown) {
    box.hidden = !shown;
    if (!shown) return;
    const now = recorded(state.flight, state.t);
    const base = state.craft[state.flight.station], there = state.craft[state.focus];
    let range, rate;
    if ("range_m" in now) [range, rate] = [now.range_m, now.range_rate_m_s];
    else if (base && there && state.focus !== state.flight.station) [range, rate] = between(there, base);
    const held = Boolean(state.docked[state.focus]);
    if (held) text.textContent = "docked";
    else if (range === undefined || range > 2e6) text.textContent = "";
    else text.textContent = `range ${distance(range).join(" ")}   rate ${figure(rate, 3)} m/s`;
  };
}

