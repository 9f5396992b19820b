// A craft from what craft_data.py says of it: { object, update(state) }.
//
// `update` sets everything from `state` alone, so that time can jump either way. state: { t, sun, up, thrusting,
// docked, attitudeAt }: seconds since zero; directions of the Sun and away from the Earth's centre in body axes
// [x, y, z]; whether the main engine burns; { ship: port }; t -> quaternion [x, y, z, w] from body axes to GCRS.
// All but t may be missing. A ship is its launcher, the ship itself and its capsule: what is there follows from t.
import { makeShip } from "viewer/ship.js";
import { makeStation } from "viewer/station.js";

export { centreAt } from "viewer/station.js";
export { partsAt } from "viewer/ship.js";

export const makeCraft = (spec) => (spec.kind === "station" ? makeStation(spec) : makeShip(spec));
