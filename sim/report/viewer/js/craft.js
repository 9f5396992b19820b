/* A craft from what craft_data.py says of it: { object, update(state, name) }; metres, body axes, centre of mass.
 *
 * `update` sets everything from its arguments alone, so that time can jump either way. `state` is that of the view, or
 * { t, sun, up, thrusting, attitudeAt }: seconds since zero; directions of the Sun and of the parachutes in body axes;
 * whether the main engine burns; t -> quaternion [x, y, z, w] from body axes to GCRS. All but t may be missing.
 * A ship is its launcher, the ship itself and its capsule: what is there follows from its events and t.
 */
import * as THREE from "three";
import { body, materials } from "viewer/solids.js";
import { makeShip } from "viewer/ship.js";
import { makeStation } from "viewer/station.js";
import { inverse, rotate } from "viewer/vector.js";

export { centreAt } from "viewer/station.js";
export { partsAt } from "viewer/ship.js";

export function makeCraft(spec) {
  if (!spec.modules) return makeUnknown();
  const model = spec.kind === "station" ? makeStation(spec) : makeShip(spec);
  const update = (state, name) => model.update(state.flight ? inBodyAxes(state, name) : state);
  return { object: model.object, update };
}

/** What the models need of a state of the view. */
function inBodyAxes(state, name) {
  const { t, flight } = state;
  const attitude = state.craft[name]?.attitude;
  const sun = attitude ? rotate(inverse(attitude), flight.sun(t)) : undefined;
  return { t, sun, attitudeAt: (when) => flight.attitude(name, when) };
}

/** A craft of which nothing is known. */
function makeUnknown() {
  const object = new THREE.Group();
  object.add(body([[-4, 1], [-3.5, 1.4], [3.5, 1.4], [4, 1]], materials().hull));
  return { object, update() {} };
}
