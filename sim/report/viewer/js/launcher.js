// The launcher under a ship: stages and boosters that leave, fairing, escape tower, jets while engines burn.
import * as THREE from "three";
import { body, makePlume, materials, ring, tube } from "viewer/solids.js";

const SEEN_LEAVING_S = 30; // as long a part that has left is drawn
const LEFT_BEHIND_M_S2 = 6; // by which what still thrusts leaves it behind

/** `update(t)` gives the place of the ship's centre of mass along x. The origin moves from the foot of the launcher at
 * lift-off to the ship's centre of mass at the end of the ascent, so that neither edge is seen. */
export function makeLauncher(spec) {
  const { launcher, events } = spec;
  const object = new THREE.Group();
  const at = (name) => (name === "" ? events?.liftoff?.[0] : events?.[name]?.[0]) ?? Infinity;
  const parts = launcher.parts.map((part) => makePart(part, launcher));
  if (launcher.fairing) parts.push(...makeFairing(launcher.fairing));
  if (launcher.tower) parts.push(makeTower(launcher.tower));
  for (const part of parts) object.add(part.object);
  const update = (t) => {
    const start = at(""), end = at(launcher.last);
    const known = Number.isFinite(start) && Number.isFinite(end);
    const share = known ? Math.min(1, Math.max(0, (t - start) / (end - start))) : 0;
    object.position.x = -launcher.ship * share;
    object.visible = t < end + SEEN_LEAVING_S && Number.isFinite(end);
    for (const part of parts) {
      const passed = t - at(part.until);
      part.object.visible = passed < SEEN_LEAVING_S;
      part.leave(Math.max(0, passed));
      if (part.jet) part.jet.visible = passed < 0 && part.burning.some(([a, b]) => t >= at(a) && t < at(b));
    }
    return object.visible ? launcher.ship * (1 - share) : 0;
  };
  return { object, update };
}

function makePart(part, launcher) {
  const { launcher: white, metal, dark } = materials();
  const object = new THREE.Group();
  const { radius } = part;
  const length = part.to - part.from;
  const booster = part.kind === "booster";
  const nose = booster ? [[length, 0.05], [length - 2.2 * radius, radius]] : [[length, radius]];
  object.add(body([...nose, [0.6, radius], [0, booster ? 1.1 * radius : radius]], white));
  for (const share of booster ? [0.12] : [0.04, 0.96]) object.add(ring(share * length, radius, 0.06, metal));
  const bells = Math.min(part.engines, 4);
  const bell = bells > 1 ? 0.3 * radius : 0.5 * radius;
  for (let k = 0; k < bells; k += 1) {
    const angle = (2 * Math.PI * (k + 0.5)) / bells;
    const out = bells > 1 ? 0.5 * radius : 0;
    const nozzle = body([[-1.0, bell], [0, 0.5 * bell]], dark, 16);
    nozzle.position.set(0, out * Math.cos(angle), out * Math.sin(angle));
    object.add(nozzle);
  }
  const jet = makePlume((booster ? 14 : 20) * Math.min(1.6, Math.max(0.7, radius / 1.6)), 0.6 * radius, 1.2 * radius);
  jet.position.x = -0.8;
  object.add(jet);
  const around = new THREE.Vector3(0, Math.cos(part.angle ?? 0), Math.sin(part.angle ?? 0));
  const out = part.out ?? 0;
  const pulled = part.until === launcher.last ? 0.4 : LEFT_BEHIND_M_S2; // the ship drifts off its last stage
  const leave = (passed) => {
    object.position.set(part.from - 0.5 * pulled * passed * passed, 0, 0);
    object.position.addScaledVector(around, out + (booster ? 4 * passed : 0));
    object.rotation.set(0, 0, 0);
    if (booster) object.rotateOnAxis(new THREE.Vector3(0, -around.z, around.y), 0.12 * passed);
  };
  return { object, leave, jet, burning: part.burning, until: part.until };
}

/** Two halves that open to the sides. */
function makeFairing({ from, to, radius, until }) {
  const length = to - from;
  const profile = [[0, 0.92 * radius], [0.08, 1], [0.72, 1], [0.85, 0.8], [0.95, 0.45], [1, 0.2]];
  const line = profile.map(([share, r], i) => [share * length, i === 0 ? r : r * radius]);
  return [1, -1].map((side) => {
    const object = new THREE.Group();
    const shell = body(line, materials().launcher);
    const half = shell.geometry.getIndex();
    const place = shell.geometry.getAttribute("position");
    const kept = [];
    for (let i = 0; i < half.count; i += 3) {
      const middle = [0, 1, 2].reduce((sum, k) => sum + place.getY(half.getX(i + k)), 0);
      if (middle * side >= 0) kept.push(half.getX(i), half.getX(i + 1), half.getX(i + 2));
    }
    shell.geometry.setIndex(kept);
    shell.material = Object.assign(shell.material.clone(), { side: THREE.DoubleSide });
    object.add(shell);
    const leave = (passed) => {
      object.position.set(from - 0.5 * LEFT_BEHIND_M_S2 * passed * passed, side * 3 * passed, 0);
      object.rotation.z = -side * 0.5 * passed;
    };
    return { object, leave, until };
  });
}

function makeTower({ from, to, until }) {
  const { launcher: white, metal } = materials();
  const object = new THREE.Group();
  const length = to - from;
  object.add(body([[0, 0.75], [0.12 * length, 0.4], [0.86 * length, 0.4], [length, 0.05]], white, 20));
  for (const angle of [0.25, 0.75, 1.25, 1.75]) {
    const c = Math.cos(angle * Math.PI), s = Math.sin(angle * Math.PI);
    object.add(tube([0.5 * length, 0.35 * c, 0.35 * s], [0.38 * length, 0.8 * c, 0.8 * s], 0.14, metal, 8));
  }
  const jet = makePlume(7, 0.3, 0.9);
  jet.position.x = 0.4 * length;
  object.add(jet);
  const leave = (passed) => {
    jet.visible = passed > 0 && passed < 4;
    object.position.set(from + 10 * passed * passed, 0, 2 * passed * passed);
  };
  return { object, leave, until };
}
