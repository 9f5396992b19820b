/* Tracks: the last revolution of every craft in space, its ground track, and near the station its way in LVLH. */

import * as THREE from "three";
import { geodetic, fixed } from "viewer/data.js";
import { along, dot, lvlh, sub } from "viewer/vector.js";

const REVOLUTION_S = 5540;
const POINTS = 240;
export const COLORS = ["#ffd166", "#6fd3ff", "#ff8fa3", "#b7f08a", "#d3b5ff"];

function line(color, opacity, points = POINTS + 1) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(new Float32Array(3 * points), 3));
  const found = new THREE.Line(geometry, new THREE.LineBasicMaterial({ color, opacity, transparent: true, depthWrite: false }));
  found.frustumCulled = false;
  return found;
}

function fill(object, points) {
  const place = object.geometry.getAttribute("position");
  points.forEach((p, k) => place.setXYZ(k, p[0], p[1], p[2]));
  place.needsUpdate = true;
  object.geometry.setDrawRange(0, points.length);
}

/** The times at which a craft moves, from a to b. */
function moving(flight, one, a, b) {
  const found = [];
  for (let k = 0; k <= POINTS; k += 1) {
    const t = a + ((b - a) * k) / POINTS;
    const motion = t < flight.start || t > flight.end ? null : flight.motion(one.name, t);
    if (motion) found.push([t, motion]);
  }
  return found;
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
    const row = { one, trail: line(color, 0.9), track: line(color, 0.55), way: one.kind === "station" ? null : line(color, 0.85) };
    far.add(row.trail);
    ground.add(row.track);
    if (row.way) near.add(row.way);
    rows.push(row);
  }

  /** Everything again for a time; the trails are relative to `origin` (GCRS, m). */
  function update(t, origin) {
    for (const { one, trail, track, way } of rows) {
      const flying = flight.motion(one.name, t) && !flight.dockedAt(one.name, t);
      const past = flying ? moving(flight, one, t - REVOLUTION_S, t) : [];
      fill(trail, past.map(([, m]) => sub(m.position, origin)));
      fill(track, past.map(([at, m]) => {
        const [lon, lat] = geodetic(flight.toFixed(at, m.position));
        return fixed(lon, lat, 2000);
      }));
      if (way) fill(way, flying ? relative(one, t) : []);
    }
  }

  /** The way of a ship of this leg and the one before in the station's LVLH, up to now. */
  function relative(one, t) {
    const legs = one.paths.filter((p) => p.relative && p.start <= t && p.end > t - REVOLUTION_S);
    if (!legs.length) return [];
    return moving(flight, one, Math.max(legs[0].start, t - REVOLUTION_S), t).map(([at, m]) => {
      const base = flight.motion(flight.station, at);
      const { x, y, z } = lvlh(base.position, base.velocity);
      const d = along(m.position, base.position, -1);
      return [dot(d, x), dot(d, y), dot(d, z)];
    });
  }
  return { far, ground, near, update };
}
