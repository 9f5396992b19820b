// Zones near the station: approach ellipsoid, keep-out sphere, corridor to the port, port axis, hold points.
//
// All in the station's LVLH axes about its centre of mass, m. Colours that colour-blind eyes tell apart (Okabe, Ito),
// and each zone has its own kind of line as well.
import * as THREE from "three";

const COLORS = { ellipsoid: 0xf0e442, keepOut: 0xe8743b, corridor: 0x56b4e9, axis: 0xffffff, hold: 0x2fd6a3 };
const AROUND = 72;
const X = new THREE.Vector3(1, 0, 0);

/** `specs`: one entry for each leg with zones, as near_data.py has them. `update({ t, zones })`: zones false hides. */
export function makeZones(specs) {
  const object = new THREE.Group();
  const legs = specs.map((spec) => {
    const group = makeLeg(spec);
    group.visible = false;
    object.add(group);
    return { spec, group };
  });
  const update = (state) => {
    const now = zonesAt(specs, state.t);
    for (const { spec, group } of legs) group.visible = state.zones !== false && spec === now;
  };
  return { object, update };
}

/** The entry that holds at t, or undefined. */
export const zonesAt = (specs, t) => specs.find(({ from, to }) => t >= from && t <= to);

function makeLeg(spec) {
  const group = new THREE.Group();
  for (const loop of circles(spec.ellipsoid)) group.add(line(loop, COLORS.ellipsoid, { dash: 40, opacity: 0.55 }));
  for (const loop of circles([spec.keep_out, spec.keep_out, spec.keep_out])) {
    group.add(line(loop, COLORS.keepOut, { opacity: 0.7 }));
  }
  if (spec.port) group.add(makeCorridor(spec));
  for (const hold of spec.holds) group.add(makeHold(hold, spec.port));
  return group;
}

/** Three closed curves on an ellipsoid of these semi-axes. */
function circles([a, b, c]) {
  const ring = (place) => Array.from({ length: AROUND + 1 }, (_, k) => place((2 * Math.PI * k) / AROUND));
  return [
    ring((u) => [a * Math.cos(u), b * Math.sin(u), 0]),
    ring((u) => [a * Math.cos(u), 0, c * Math.sin(u)]),
    ring((u) => [0, b * Math.cos(u), c * Math.sin(u)]),
  ];
}

function line(points, color, { dash = 0, opacity = 1 } = {}) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(points.flat(), 3));
  const look = { color, transparent: opacity < 1, opacity };
  const material = dash
    ? new THREE.LineDashedMaterial({ ...look, dashSize: dash, gapSize: dash })
    : new THREE.LineBasicMaterial(look);
  const found = new THREE.Line(geometry, material);
  if (dash) found.computeLineDistances();
  return found;
}

/** A cone from the port as far as the keep-out sphere, with rings on it, and the port's axis. */
function makeCorridor({ port, keep_out: reach, half_angle_deg: angle }) {
  const group = new THREE.Group();
  const wide = Math.tan((angle * Math.PI) / 180);
  for (const share of [0.1, 0.25, 0.5, 0.75, 1]) {
    const x = share * reach;
    const points = circles([1, x * wide, x * wide])[2].map(([, y, z]) => [x, y, z]);
    group.add(line(points, COLORS.corridor, { opacity: 0.75 }));
  }
  for (let k = 0; k < 8; k += 1) {
    const c = Math.cos((k * Math.PI) / 4) * wide * reach, s = Math.sin((k * Math.PI) / 4) * wide * reach;
    group.add(line([[0, 0, 0], [reach, c, s]], COLORS.corridor, { opacity: 0.45 }));
  }
  const cone = new THREE.Mesh(
    new THREE.ConeGeometry(wide * reach, reach, 32, 1, true),
    new THREE.MeshBasicMaterial({
      color: COLORS.corridor, transparent: true, opacity: 0.05, side: THREE.DoubleSide, depthWrite: false,
    }),
  );
  cone.rotation.z = Math.PI / 2;
  cone.position.x = 0.5 * reach;
  group.add(cone, line([[0, 0, 0], [1.15 * reach, 0, 0]], COLORS.axis, { dash: 4, opacity: 0.6 }));
  group.position.set(...port.position);
  group.quaternion.setFromUnitVectors(X, new THREE.Vector3(...port.axis));
  return group;
}

/** A ring across the way, where a ship waits. */
function makeHold({ position, range }, port) {
  const radius = Math.min(6, Math.max(1.2, 0.03 * range));
  const ring = line(circles([1, radius, radius])[2].map(([, y, z]) => [0, y, z]), COLORS.hold);
  if (port) ring.quaternion.setFromUnitVectors(X, new THREE.Vector3(...port.axis));
  ring.position.set(...position);
  return ring;
}

const css = (color) => `#${color.toString(16).padStart(6, "0")}`;

/** What the zones of an entry are called: texts, colours, and places in the station's LVLH, m. */
export function zoneNames({ ellipsoid, keep_out: radius, half_angle_deg: angle, port, holds }) {
  const found = [
    { name: "ellipsoid", text: "approach ellipsoid", color: css(COLORS.ellipsoid), place: [0, 0, -ellipsoid[2]] },
    { name: "keep-out", text: `keep-out sphere, ${Math.round(radius)} m`, color: css(COLORS.keepOut), place: [0, 0, -radius] },
  ];
  if (port) {
    const side = Math.abs(port.axis[2]) < 0.5 ? [0, 0, -1] : [0, 1, 0];
    const wide = Math.tan((angle * Math.PI) / 180) * radius;
    const place = port.position.map((p, k) => p + radius * port.axis[k] + wide * side[k]);
    found.push({ name: "corridor", text: `corridor, ${Math.round(angle)}°`, color: css(COLORS.corridor), place });
  }
  holds.forEach(({ position, range, seconds }, k) => {
    const text = `hold at ${Math.round(range)} m, ${Math.round(seconds)} s`;
    found.push({ name: `hold ${k}`, text, color: "#8ff0d2", place: position });
  });
  return found;
}
