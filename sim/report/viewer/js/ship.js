// A ship: docking ring, orbital module or cargo, capsule, service module, arrays; what has left it drifts away.
import * as THREE from "three";
import { makeCapsule, makeParachutes } from "viewer/capsule.js";
import { makeLauncher } from "viewer/launcher.js";
import { body, makePlume, makeWing, materials, ring } from "viewer/solids.js";

const SEEN_LEAVING_S = 90; // as long a part that has left is drawn
const UNFOLDING_S = 60;

/** Seconds since the first event of that name; -Infinity before it, or where there is none. */
export function since(spec, name, t) {
  const at = spec.events?.[name]?.[0];
  return at === undefined || t < at ? -Infinity : t - at;
}

const within = (passed, most) => passed >= 0 && passed < most;

/** Which parts a ship has at t; `leaving`: seconds since each left, for those that are still seen. */
export function partsAt(spec, t) {
  const service = since(spec, "service_module_separation", t);
  const orbital = Math.max(since(spec, "orbital_module_separation", t), service);
  const drogue = spec.events?.drogue_deployment?.[0];
  return {
    orbital: orbital < 0,
    service: service < 0,
    shield: since(spec, "heat_shield_jettison", t) < 0,
    leaving: { orbital, service },
    aloft: spec.launcher ? since(spec, spec.launcher.last, t) >= 0 : true,
    parachute: parachuteAt(spec, t, drogue),
  };
}

function parachuteAt(spec, t, drogue) {
  if (!spec.parachutes || drogue === undefined || since(spec, "touchdown", t) > 1) return "none";
  if (since(spec, "main_chute_disreef", t) >= 0) return "main";
  if (since(spec, "main_chute_deployment", t) >= 0) return "reefed";
  if (t >= drogue) return "drogue";
  return t >= drogue - 1 ? "pilot" : "none";
}

export function makeShip(spec) {
  const object = new THREE.Group();
  const ship = new THREE.Group();
  object.add(ship);
  const groups = { orbital: new THREE.Group(), service: new THREE.Group() };
  ship.add(groups.orbital, groups.service);
  const { hull, blanket, metal, dark } = materials();
  let capsule = null;
  for (const module of spec.modules) {
    if (module.name === "capsule") {
      capsule = makeCapsule(module.profile, spec.shield);
      ship.add(capsule.object);
    } else if (module.name === "service") {
      groups.service.add(body(module.profile, hull));
      const { x, radius } = spec.nozzle;
      groups.service.add(body([[x - 0.5, radius], [x, 0.4 * radius]], dark));
    } else {
      groups.orbital.add(body(module.profile, module.name === "docking" ? metal : blanket));
    }
  }
  // Docked, it is in the collar of the port; while it is drawn in, it holds the ship there.
  groups.orbital.add(ring(spec.ring + spec.retraction, spec.ring_radius, 0.06, metal));
  const wings = spec.wings.map(makeWing);
  for (const wing of wings) groups.service.add(wing.object);
  const plume = makePlume(9, spec.nozzle.radius, 2.2, 0xdfe9ff, 0x7fa8ff);
  plume.position.x = spec.nozzle.x - 0.5;
  groups.service.add(plume);
  const chutes = spec.parachutes ? makeParachutes(spec) : null;
  if (chutes) ship.add(chutes.object);
  const launcher = spec.launcher ? makeLauncher(spec) : null;
  if (launcher) object.add(launcher.object);
  const sun = new THREE.Vector3();

  const update = (state) => {
    const { t } = state;
    const parts = partsAt(spec, t);
    leave(groups.orbital, spec, parts.leaving.orbital, spec.pushes.orbital, state);
    leave(groups.service, spec, parts.leaving.service, -spec.pushes.service, state);
    sun.set(...(state.sun ?? [0, 0, -1])).normalize();
    const open = unfolded(spec, t);
    for (const wing of wings) {
      wing.update(sun);
      wing.object.scale.x = Math.max(0.04, open);
    }
    plume.visible = parts.service && parts.aloft && burns(spec, t, state.thrusting);
    capsule?.update(parts, within(since(spec, "entry_interface", t), Infinity), glow(spec, t));
    chutes?.update(state, parts, since);
    ship.position.x = launcher ? launcher.update(t) : 0;
  };
  update({ t: -Infinity });
  return { object, update };
}

const burns = (spec, t, thrusting) => thrusting || (spec.burns ?? []).some(([start, end]) => t >= start && t < end);

/** The plasma about a capsule is drawn while it cuts the radio: 0 to 1. */
function glow(spec, t) {
  const begun = since(spec, "blackout_start", t);
  const over = since(spec, "blackout_end", t);
  if (begun < 0) return 0;
  return Math.min(1, begun / 15) * (over < 0 ? 1 : Math.max(0, 1 - over / 15));
}

/** Arrays are folded on the launcher and open in the first minute after it. */
const unfolded = (spec, t) =>
  spec.launcher ? Math.min(1, Math.max(0, since(spec, spec.launcher.last, t) / UNFOLDING_S)) : 1;

const turned = new THREE.Quaternion();
const before = new THREE.Quaternion();

/** A module that left goes on as the ship was when they parted, pushed along the ship's x of then. */
function leave(group, spec, passed, push, state) {
  group.visible = passed < SEEN_LEAVING_S;
  group.position.set(0, 0, 0);
  group.quaternion.identity();
  if (!(passed > 0) || !group.visible) return;
  group.position.x = push * passed;
  if (!state.attitudeAt) return;
  const now = state.attitudeAt(state.t), then = state.attitudeAt(state.t - passed);
  if (!now || !then) return;
  turned.set(...now).invert().multiply(before.set(...then));
  group.quaternion.copy(turned);
  group.position.applyQuaternion(turned);
}
