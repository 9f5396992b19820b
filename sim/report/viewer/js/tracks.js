/* Tracks: the last revolution of every craft in space, its ground track, and near the station its way in LVLH.
 *
 * The points of a line stand at whole multiples of a step of time, so that they are kept from picture to picture; a
 * picture computes those that are new and the present end. A line is drawn about one of its points, which lies near the
 * eye: single precision is then enough.
 */

import * as THREE from "three";
import { geodetic, fixed } from "viewer/data.js";
import { along, dot, lvlh, sub } from "viewer/vector.js";

const REVOLUTION_S = 5540;
const POINTS = 240;
const STEP_S = REVOLUTION_S / POINTS;
export const COLORS = ["#ffd166", "#6fd3ff", "#ff8fa3", "#b7f08a", "#d3b5ff"];

function line(color, opacity) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(3 * (POINTS + 4)), 3));
  const found = new THREE.Line(geometry, new THREE.LineBasicMaterial({ color, opacity, transparent: true, depthWrite: false }));
  found.frustumCulled = false;
  return found;
}

/** Points about `origin`; nothing is sent to the graphics where they are those of the picture before. */
function fill(object, points, origin) {
  const { first, last, count } = object.userData;
  if (first === points[0] && last === points.at(-1) && count === points.length) return;
  Object.assign(object.userData, { first: points[0], last: points.at(-1), count: points.length });
  const place = object.geometry.getAttribute("position");
  points.forEach((p, k) => place.setXYZ(k, p[0] - origin[0], p[1] - origin[1], p[2] - origin[2]));
  place.needsUpdate = true;
  object.geometry.setDrawRange(0, points.length);
}

/** Points of `at(t)` (null: none) at multiples of a step from a to b, and at b; kept as long as they are in use. */
function kept(at) {
  let known = new Map();
  let step = 0;
  let end = [NaN, null];
  return (a, b, every) => {
    if (every !== step) known = new Map();
    step = every;
    const now = new Map();
    const found = [];
    for (let k = Math.ceil(a / step); k * step < b; k += 1) {
      const point = known.has(k) ? known.get(k) : at(k * step);
      now.set(k, point);
      if (point) found.push(point);
    }
    known = now;
    if (end[0] !== b) end = [b, at(b)];
    if (end[1]) found.push(end[1]);
    return found;
  };
}

/** `far` (GCRS axes), `ground` (ITRS axes, in the globe) and `near` (LVLH axes at the station) hold the lines. */
export function makeTracks(flight) {
  const far = new THREE.Group();
  const ground = new THREE.Group();
  const near = new THREE.Group();
  const rows = [];
  let n = 0;
  for (const one of flight.craft.values()) {
    if (!one.paths.length) continue;
    const color = COLORS[n++ % COLORS.length];
    one.color = color;
    const there = (t) => (t < flight.start || t > flight.end ? null : flight.motion(one.name, t));
    const row = {
      one,
      trail: line(color, 0.9),
      track: line(color, 0.55),
      way: one.kind === "station" ? null : line(color, 0.85),
      past: kept((t) => there(t)?.position ?? null),
      below: kept((t) => {
        const motion = there(t);
        if (!motion) return null;
        const [lon, lat] = geodetic(flight.toFixed(t, motion.position));
        return fixed(lon, lat, 2000);
      }),
      beside: kept((t) => besideStation(there(t), t)),
    };
    far.add(row.trail);
    ground.add(row.track);
    if (row.way) near.add(row.way);
    rows.push(row);
  }

  /** Everything again for a time; the trails are drawn relative to `eye` (GCRS, m). `shown`: the trails and tracks are. */
  function update(t, eye, shown) {
    for (const { one, trail, track, way, past, below, beside } of rows) {
      const flying = Boolean(flight.motion(one.name, t)) && !flight.dockedAt(one.name, t);
      trail.visible = track.visible = flying;
      if (way) way.visible = flying;
      if (flying && shown) {
        const points = past(t - REVOLUTION_S, t, STEP_S);
        const origin = points.at(-1);
        fill(trail, points, origin);
        trail.position.set(...sub(origin, eye));
        fill(track, below(t - REVOLUTION_S, t, STEP_S), [0, 0, 0]);
      }
      if (flying && way) relative(one, t, way, beside);
    }
  }

  /** The way of a ship of this leg and the one before in the station's LVLH, up to now. */
  function relative(one, t, way, beside) {
    const legs = one.paths.filter((p) => p.relative && p.start <= t && p.end > t - REVOLUTION_S);
    way.visible = legs.length > 0;
    if (!legs.length) return;
    const start = Math.max(legs[0].start, t - REVOLUTION_S);
    const every = 2 ** Math.ceil(Math.log2(Math.max(1, t - start) / POINTS)); // as fine as the line has points
    fill(way, beside(start, t, every), [0, 0, 0]);
  }

  function besideStation(motion, t) {
    const base = motion && flight.motion(flight.station, t);
    if (!base) return null;
    const { x, y, z } = lvlh(base.position, base.velocity);
    const d = along(motion.position, base.position, -1);
    return [dot(d, x), dot(d, y), dot(d, z)];
  }
  return { far, ground, near, update };
}
