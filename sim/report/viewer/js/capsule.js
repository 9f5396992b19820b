// The capsule with its heat shield, the glow of its entry, its parachutes, and the smoke of its landing.
import * as THREE from "three";
import { body, makePlume, materials } from "viewer/solids.js";

const GORES = 32;
const LINES = 16;
const RISER = 1.9; // of the canopy's diameter, from the capsule to its rim
const X = new THREE.Vector3(1, 0, 0);

/** `profile` [[x, radius], ...] from the hatch to the shield; `shield` [from, to] in x. */
export function makeCapsule(profile, shield) {
  const { capsule, charred, shield: ablator, mark, dark } = materials();
  const object = new THREE.Group();
  const cover = body(profile.filter(([x]) => x <= shield[1] + 1e-6), ablator);
  const bell = body(profile.filter(([x]) => x >= shield[1] - 1e-6), capsule);
  const widest = Math.max(...profile.map(([, r]) => r));
  const top = profile[0][0];
  // A stripe on the side to which its lift points, and a window on either side of it: so that its bank is seen.
  const stripe = new THREE.Mesh(new THREE.BoxGeometry(0.5 * (top - shield[1]), 0.22 * widest, 0.03), mark);
  const middle = 0.5 * (top + shield[1]) - 0.1 * (top - shield[1]);
  const [radius, slope] = wall(profile, middle);
  stripe.position.set(middle, 0, -radius - 0.02);
  stripe.rotation.y = Math.atan(slope);
  const windows = [-1, 1].map((side) => {
    const pane = new THREE.Mesh(new THREE.CircleGeometry(0.13 * widest, 16), dark);
    pane.position.set(middle, side * (radius + 0.03), 0);
    pane.quaternion.setFromUnitVectors(new THREE.Vector3(0, 0, 1), new THREE.Vector3(-slope, side, 0).normalize());
    return pane;
  });
  const plasma = makePlume(7, 1.05 * widest, 0.5 * widest, 0xff9d55, 0xff4a12, 0.5);
  plasma.rotation.y = Math.PI;
  plasma.position.x = shield[0];
  object.add(cover, bell, stripe, ...windows, plasma);
  const update = (parts, entered, glow) => {
    cover.visible = parts.shield;
    bell.material = entered ? charred : capsule;
    plasma.visible = glow > 0;
    plasma.scale.set(0.4 + 0.6 * glow, 1, 1);
  };
  return { object, update };
}

/** Radius of the wall at x, and its slope. */
function wall(profile, x) {
  for (let i = 0; i + 1 < profile.length; i += 1) {
    const [x1, r1] = profile[i], [x0, r0] = profile[i + 1];
    if (x <= x1 && x >= x0 && x1 > x0) return [r0 + ((r1 - r0) * (x - x0)) / (x1 - x0), (r1 - r0) / (x1 - x0)];
  }
  return [profile[0][1], 0];
}

/** Parachutes that hang along `state.up`, and what is blown up at the ground. */
export function makeParachutes(spec) {
  const object = new THREE.Group();
  const { main, drogue, reefed, filling } = spec.parachutes;
  const top = spec.modules.find(({ name }) => name === "capsule")?.profile[0][0] ?? 1;
  const base = spec.shield ? spec.shield[0] : -1;
  const canopies = {
    pilot: makeCanopy(0.4 * drogue, 4, 0xf2f2f2, 0xd55e00),
    drogue: makeCanopy(drogue, 2.6, 0xf2f2f2, 0xd55e00),
    main: makeCanopy(main, RISER, 0xf2f2f2, 0xd55e00),
  };
  const hung = new THREE.Group();
  hung.add(...Object.values(canopies));
  hung.position.x = top;
  const puffs = makePuffs();
  puffs.object.position.x = base;
  object.add(hung, puffs.object);
  const up = new THREE.Vector3();
  const update = (state, parts, since) => {
    const { t } = state;
    up.set(...(state.up ?? [1, 0, 0])).normalize();
    hung.quaternion.setFromUnitVectors(X, up);
    puffs.object.quaternion.copy(hung.quaternion);
    const open = parts.parachute;
    canopies.pilot.visible = open === "pilot";
    canopies.drogue.visible = open === "drogue";
    canopies.main.visible = open === "reefed" || open === "main";
    if (canopies.main.visible) {
      const full = Math.min(1, Math.max(0, since(spec, "main_chute_disreef", t) / filling));
      const wide = reefed + (1 - reefed) * full * full * (3 - 2 * full);
      canopies.main.scale.set(1, wide, wide);
    }
    const fired = since(spec, "retro_fire", t);
    puffs.update(Math.max(fired, since(spec, "touchdown", t)));
  };
  return { object, update };
}

/** A canopy of `diameter` along +x, lines from the origin to its rim. */
function makeCanopy(diameter, lines, one, other) {
  const group = new THREE.Group();
  const far = lines * diameter, r = 0.5 * diameter, rings = 8;
  const position = [], color = [], normal = [], index = [];
  const colors = [new THREE.Color(one), new THREE.Color(other)];
  for (let k = 0; k < GORES; k += 1) {
    const tint = colors[(k >> 1) % 2];
    const base = position.length / 3;
    for (let i = 0; i <= rings; i += 1) {
      const share = 0.06 + (0.94 * i) / rings; // a vent at the top
      const polar = share * 0.56 * Math.PI;
      for (const step of [0, 1]) {
        const angle = (2 * Math.PI * (k + step)) / GORES;
        const c = Math.cos(angle), s = Math.sin(angle);
        position.push(far + 0.62 * r * Math.cos(polar), r * Math.sin(polar) * c, r * Math.sin(polar) * s);
        normal.push(Math.cos(polar), Math.sin(polar) * c, Math.sin(polar) * s);
        color.push(tint.r, tint.g, tint.b);
      }
      if (i < rings) {
        const a = base + 2 * i;
        index.push(a, a + 2, a + 1, a + 1, a + 2, a + 3);
      }
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(position, 3));
  geometry.setAttribute("normal", new THREE.Float32BufferAttribute(normal, 3));
  geometry.setAttribute("color", new THREE.Float32BufferAttribute(color, 3));
  geometry.setIndex(index);
  const cloth = new THREE.MeshLambertMaterial({ vertexColors: true, side: THREE.DoubleSide, emissive: 0x2a2a2a });
  group.add(new THREE.Mesh(geometry, cloth));
  const ends = [];
  const rim = 0.56 * Math.PI;
  for (let k = 0; k < LINES; k += 1) {
    const angle = (2 * Math.PI * k) / LINES;
    const out = r * Math.sin(rim);
    ends.push(0, 0, 0, far + 0.62 * r * Math.cos(rim), out * Math.cos(angle), out * Math.sin(angle));
  }
  const strings = new THREE.BufferGeometry();
  strings.setAttribute("position", new THREE.Float32BufferAttribute(ends, 3));
  const thin = new THREE.LineBasicMaterial({ color: 0xc9ccd1, transparent: true, opacity: 0.7 });
  group.add(new THREE.LineSegments(strings, thin));
  return group;
}

/** Smoke and dust of the retro-rockets: grows and fades in six seconds. */
function makePuffs() {
  const object = new THREE.Group();
  const material = new THREE.MeshBasicMaterial({ color: 0xcabfa8, transparent: true, opacity: 0.5, depthWrite: false });
  for (let k = 0; k < 10; k += 1) {
    const puff = new THREE.Mesh(new THREE.SphereGeometry(1, 12, 8), material);
    puff.userData.angle = (2 * Math.PI * k) / 10;
    object.add(puff);
  }
  const update = (passed) => {
    object.visible = passed >= 0 && passed < 6;
    if (!object.visible) return;
    material.opacity = 0.5 * (1 - passed / 6);
    const out = 1.5 + 4 * (1 - Math.exp(-passed));
    for (const puff of object.children) {
      puff.position.set(-0.3 + 0.3 * passed, out * Math.cos(puff.userData.angle), out * Math.sin(puff.userData.angle));
      puff.scale.setScalar(0.8 + 0.8 * Math.sqrt(passed));
    }
  };
  return { object, update };
}
