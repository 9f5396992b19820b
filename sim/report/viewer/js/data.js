/* The flight as the page knows it: where every craft is at a time, how the Earth stands, where the Sun is. */

import { place, state } from "viewer/curve.js";
import { add, along, between, cross, fromAxes, inverse, length, lvlh, multiply, rotate, sub, unit } from "viewer/vector.js";

const KINDS = { f64: Float64Array, f32: Float32Array, i16: Int16Array, u8: Uint8Array };
const EARTH_RATE = 7.292115e-5;

/** The numbers of the page: base64 text as one buffer. */
export function bytes(text) {
  const raw = atob(text.trim());
  const found = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k += 1) found[k] = raw.charCodeAt(k);
  return found.buffer;
}

/** From geodetic longitude and latitude in degrees and height in m to ITRS, WGS-84. */
export function fixed(longitude, latitude, height = 0) {
  const [lon, lat] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180];
  const e2 = 6.69437999014e-3;
  const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
  const side = (n + height) * Math.cos(lat);
  return [side * Math.cos(lon), side * Math.sin(lon), (n * (1 - e2) + height) * Math.sin(lat)];
}

/** Geodetic longitude, latitude (deg) and height (m) of a point of ITRS. */
export function geodetic(r) {
  const e2 = 6.69437999014e-3;
  const side = Math.hypot(r[0], r[1]);
  let lat = Math.atan2(r[2], side * (1 - e2));
  for (let k = 0; k < 4; k += 1) {
    const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
    lat = Math.atan2(r[2] + e2 * n * Math.sin(lat), side);
  }
  const n = 6378137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
  const height = side * Math.cos(lat) + r[2] * Math.sin(lat) - (n * (1 - e2 * Math.sin(lat) ** 2));
  return [(Math.atan2(r[1], r[0]) * 180) / Math.PI, (lat * 180) / Math.PI, height];
}

/** Everything asked of a flight by time, in s since its zero; positions in GCRS, m. */
export function readFlight(text, buffer) {
  const array = (ref) => new KINDS[ref.type](buffer, ref.at, ref.shape.reduce((a, b) => a * b, 1));
  const earthT = array(text.earth.t);
  const earthQ = array(text.earth.q);
  const sunT = array(text.sun.t);
  const sunD = array(text.sun.direction);
  const craft = new Map();
  for (const each of text.craft) {
    const paths = each.paths.map((p) => ({ ...p, t: array(p.t), r: array(p.r), v: array(p.v), quintic: array(p.quintic) }));
    const turns = each.attitudes.map((a) => ({ ...a, t: array(a.t), q: array(a.q) }));
    craft.set(each.name, { ...each, paths, turns });
  }

  /** Earth's orientation: the quaternion from GCRS to ITRS. */
  function earth(t) {
    const i = place(earthT, t);
    const row = (k) => Array.from(earthQ.subarray(4 * k, 4 * k + 4));
    return between(row(i), row(i + 1), (t - earthT[i]) / (earthT[i + 1] - earthT[i]));
  }

  /** Unit vector to the Sun. */
  function sun(t) {
    const i = place(sunT, t);
    const s = (t - sunT[i]) / (sunT[i + 1] - sunT[i]);
    return unit([0, 1, 2].map((k) => sunD[3 * i + k] * (1 - s) + sunD[3 * i + 3 + k] * s));
  }

  const toFixed = (t, r) => rotate(earth(t), r);
  const toInertial = (t, r) => rotate(inverse(earth(t)), r);

  const pathAt = (one, t) => one.paths.findLast((p) => p.start <= t && t <= p.end);
  const dockedAt = (name, t) => craft.get(name)?.docked.find((d) => d.start <= t && t < d.end) || null;

  /** On the ground before its first leg, or after its last: as it stands there, it turns with the Earth. */
  function ground(one, t) {
    if (!one.paths.length || one.kind === "station") return null;
    const [first, last] = [one.paths[0], one.paths.at(-1)];
    const at = t < first.start ? first.start : t > last.end ? last.end : null;
    if (at === null) return null;
    const there = own(one, at);
    const wind = [-EARTH_RATE * there.position[1], EARTH_RATE * there.position[0], 0];
    if (length(sub(there.velocity, wind)) > 30) return null; // it flies there
    const position = toInertial(t, toFixed(at, there.position));
    return { position, velocity: [-EARTH_RATE * position[1], EARTH_RATE * position[0], 0] };
  }

  /** Position and velocity along a leg, or null. */
  function own(one, t) {
    const path = pathAt(one, t);
    if (!path) return null;
    const found = state(path, t);
    if (!path.relative) return found;
    const base = own(craft.get(text.station), t);
    return { position: add(base.position, found.position), velocity: add(base.velocity, found.velocity) };
  }

  /** Where the centre of mass of the station lies in the axes of its file. */
  function centre(t) {
    const row = text.centres.find((c) => c.from <= t && t < c.to);
    return row ? row.centre : [0, 0, 0];
  }

  /** Position and velocity of a craft; null where it does not fly, is not docked and does not stand on the ground. */
  function motion(name, t) {
    const one = craft.get(name);
    if (!one) return null;
    const berth = dockedAt(name, t);
    if (berth && text.station) {
      const base = own(craft.get(text.station), t);
      if (!base) return null;
      const out = berth.out ? berth.out * Math.min(1, Math.max(0, (berth.out_until - t) / berth.out_for)) : 0;
      const axis = berth.axes[0];
      const at = sub(along(berth.position, axis, -out), centre(t));
      return { position: add(base.position, rotate(attitude(text.station, t), at)), velocity: base.velocity };
    }
    return own(one, t) || ground(one, t);
  }

  /** The quaternion from the body axes of a craft to GCRS. */
  function attitude(name, t) {
    const one = craft.get(name);
    const berth = dockedAt(name, t);
    if (berth && text.station) {
      const [x, y, z] = berth.axes;
      return multiply(attitude(text.station, t), fromAxes(x, y, z));
    }
    const turn = one.turns.find((a) => a.t[0] <= t && t <= a.t.at(-1));
    if (turn) {
      const i = place(turn.t, t);
      const row = (k) => Array.from(turn.q.subarray(4 * k, 4 * k + 4));
      const h = turn.t[i + 1] - turn.t[i];
      return h > 0 ? between(row(i), row(i + 1), (t - turn.t[i]) / h) : row(i);
    }
    const there = motion(name, t);
    if (!there) return [0, 0, 0, 1];
    if (ground(one, t)) return upright(t, there.position);
    const { x, y, z } = lvlh(there.position, there.velocity);
    return fromAxes(x, y, z);
  }

  /** Nose up, on the ground. */
  function upright(t, r) {
    const x = unit(r);
    const y = unit(cross([0, 0, 1], x));
    return fromAxes(x, y, cross(x, y));
  }

  const instruments = (text.instruments || []).map((leg) => ({
    ...leg,
    t: array(leg.t),
    columns: Object.fromEntries(Object.entries(leg.columns).map(([name, ref]) => [name, array(ref)])),
  }));
  const zero = Date.parse(text.zero_utc.replace(/(\.\d{3})\d*Z$/, "$1Z"));
  return {
    ...text,
    craft,
    coast: array(text.coast),
    instruments,
    zero,
    earth,
    sun,
    toFixed,
    toInertial,
    motion,
    attitude,
    centre,
    dockedAt,
    title: (name) => craft.get(name)?.title ?? name,
    phase: (t) => text.phases.findLast((p) => p.start <= t) || text.phases[0],
    seconds: (utc) => (Date.parse(utc) - zero) / 1000,
  };
}
