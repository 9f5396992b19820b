/* Cameras: each gives an eye, a direction and an up in GCRS; the page draws everything relative to the eye. */

import { fixed, geodetic } from "viewer/data.js";
import { add, along, cross, dot, length, lvlh, rotate, scale, sub, unit } from "viewer/vector.js";

export const NAMES = {
  globe: "Globe",
  station: "Station",
  docking: "Docking camera",
  chase: "Chase",
  pad: "Pad",
  landing: "Landing site",
};

const TOGETHER_M = [220, 450]; // a ship nearer than the first is in the picture of the station, further than the second not
const FREE = 0.28; // of the distance: what the eye sees above and below the middle, the panel left out

const radians = (d) => (d * Math.PI) / 180;

/** Where every camera begins: azimuth and elevation in deg, distance in m, field of view in deg. */
const BEGIN = {
  globe: { azimuth: 0, elevation: 20, distance: 2.75e7, near: 6.6e6, far: 3e8, fov: 38 },
  station: { azimuth: -142, elevation: 24, distance: 105, near: 12, far: 60e3, fov: 42 },
  docking: { azimuth: 0, elevation: 0, distance: 1, near: 0.2, far: 6, fov: 40 },
  chase: { azimuth: -150, elevation: 16, distance: 38, near: 8, far: 60e3, fov: 42 },
  pad: { azimuth: 160, elevation: 1.2, distance: 420, near: 60, far: 20e3, fov: 40 },
  landing: { azimuth: 200, elevation: 1.2, distance: 260, near: 30, far: 20e3, fov: 40 },
};

/** The eye at an azimuth, elevation and distance around a place; x, y, up: axes, azimuth from x to y. */
function around(target, view, x, y, up) {
  const [a, e] = [radians(view.azimuth), radians(view.elevation)];
  const out = add(scale(add(scale(x, Math.cos(a)), scale(y, Math.sin(a))), Math.cos(e)), scale(up, Math.sin(e)));
  return { eye: along(target, out, view.distance), look: scale(out, -1), up };
}

/** Forward along the ground, to its left, and up, at a craft. */
function local(motion) {
  const { x, y, z } = lvlh(motion.position, motion.velocity);
  return [x, scale(y, -1), scale(z, -1)];
}

/** East, north and up at a place of the ground, in GCRS. */
function horizon(flight, t, place) {
  const [lon, lat] = [radians(place.longitude_deg), radians(place.latitude_deg)];
  const east = [-Math.sin(lon), Math.cos(lon), 0];
  const up = [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
  return [east, cross(up, east), up].map((v) => flight.toInertial(t, v));
}

export function makeCameras(flight) {
  const views = structuredClone(BEGIN);
  const cameras = { name: "globe", views, names: Object.keys(NAMES).filter(there) };

  function there(name) {
    if (name === "station") return Boolean(flight.station);
    if (name === "pad") return groundPlace("pad") !== null;
    if (name === "landing") return groundPlace("landing") !== null;
    return true;
  }

  /** The place on the ground that a camera stands at: with the height at which the flight begins or ends there. */
  function groundPlace(name) {
    const kinds = name === "pad" ? ["pad"] : ["touchdown", "site"];
    const place = kinds.map((k) => flight.places.find((p) => p.kind === k)).find(Boolean);
    if (!place) return null;
    if (place.kind !== "touchdown") return place;
    const craft = [...flight.craft.values()].find((c) => c.kind !== "station" && Math.abs((c.paths.at(-1)?.end ?? 0) - flight.end) < 1);
    if (!craft) return place;
    const t = craft.paths.at(-1).end;
    const [, , height] = geodetic(flight.toFixed(t, flight.motion(craft.name, t).position));
    return { ...place, height_m: height - 1.2 };
  }
  cameras.groundPlace = groundPlace;

  cameras.turn = (dx, dy) => {
    const view = views[cameras.name];
    view.azimuth -= dx;
    view.elevation = Math.min(89, Math.max(cameras.onGround() ? 0.3 : -89, view.elevation + dy));
  };
  /** The craft that the camera is at. */
  cameras.target = (focus) => (cameras.name === "station" ? flight.station : cameras.name === "globe" ? "" : focus);
  cameras.onGround = () => cameras.name === "pad" || cameras.name === "landing";

  cameras.zoom = (factor) => {
    const [view, begin] = [views[cameras.name], BEGIN[cameras.name]];
    if (cameras.name === "docking") view.fov = Math.min(80, Math.max(4, view.fov * factor));
    else view.distance = Math.min(begin.far, Math.max(begin.near, view.distance * factor));
  };
  cameras.reset = () => Object.assign(views[cameras.name], BEGIN[cameras.name]);

  /** eye, look, up (GCRS), fov (deg), near (m) at a time; `focus`: the craft that is followed. */
  cameras.at = (t, focus) => {
    const view = views[cameras.name];
    const there = flight.motion(focus, t) || flight.motion(flight.station, t);
    if (cameras.name === "docking" && there) return nose(t, focus, view);
    if (cameras.name === "chase" && there) {
      const canopy = underParachute(focus, t) ? 2.25 * (flight.craft.get(focus).spec.parachutes?.main ?? 0) : 0;
      const large = onLauncher(focus, t) ? 3.2 : canopy ? Math.max(1, (0.66 * canopy) / FREE / BEGIN.chase.distance) : 1;
      const middle = along(there.position, unit(there.position), 0.5 * canopy);
      const wide = { ...view, distance: view.distance * large };
      return { ...around(middle, wide, ...local(there)), fov: view.fov, near: 1 };
    }
    if (cameras.name === "station") {
      const base = flight.motion(flight.station, t);
      if (base) return { ...around(...withShip(base.position, t, focus, view), ...local(base)), fov: view.fov, near: 1 };
    }
    if (cameras.onGround()) return fromGround(t, focus, view);
    return globe(there, view);
  };

  /** Where the station's camera looks, and from how far: at the station alone, or at it and the ship that is near. */
  function withShip(station, t, focus, view) {
    const ship = focus === flight.station || flight.dockedAt(focus, t) ? null : flight.motion(focus, t);
    const away = ship ? sub(ship.position, station) : [0, 0, 0];
    const range = length(away);
    const share = ship ? Math.min(1, Math.max(0, (TOGETHER_M[1] - range) / (TOGETHER_M[1] - TOGETHER_M[0]))) : 0;
    const shift = 0.5 * share * Math.min(1, Math.max(0, (range - 14) / 25)); // 14 m: beside a port, as a docked ship is
    const needed = (0.5 * range + 18) / FREE;
    const larger = 1 + share * Math.max(0, needed / BEGIN.station.distance - 1);
    return [along(station, away, shift), { ...view, distance: view.distance * larger }];
  }

  function onLauncher(name, t) {
    const spec = flight.craft.get(name)?.spec;
    return Boolean(spec?.launcher) && t < (spec.events?.[spec.launcher.last]?.[0] ?? -Infinity);
  }

  function underParachute(name, t) {
    const events = flight.craft.get(name)?.spec?.events;
    return t >= (events?.main_chute_deployment?.[0] ?? Infinity) && t < (events.touchdown?.[0] ?? Infinity);
  }

  /** The side of the Earth where the craft is, north up. */
  function globe(there, view) {
    const north = [0, 0, 1];
    const out = there ? unit([there.position[0], there.position[1], 0]) : [1, 0, 0];
    return { ...around([0, 0, 0], view, out, cross(north, out), north), fov: view.fov, near: 1e5 };
  }

  function nose(t, focus, view) {
    const q = flight.attitude(focus, t);
    const at = flight.motion(focus, t).position;
    const place = flight.craft.get(focus).nose || [4, 0, -1];
    const [a, e] = [radians(-view.azimuth), radians(-view.elevation)];
    const look = rotate(q, [Math.cos(e) * Math.cos(a), Math.cos(e) * Math.sin(a), Math.sin(e)]);
    return { eye: add(at, rotate(q, place)), look, up: rotate(q, [0, 0, -1]), fov: view.fov, near: 0.15 };
  }

  /** From the ground beside the pad or the place of landing; it follows the craft, and draws it near by its lens. */
  function fromGround(t, focus, view) {
    const place = groundPlace(cameras.name);
    const [east, north, up] = horizon(flight, t, place);
    const base = flight.toInertial(t, fixed(place.longitude_deg, place.latitude_deg, place.height_m));
    const { eye } = around(base, { ...view, elevation: Math.max(0.3, view.elevation) }, north, east, up);
    const craft = flight.motion(focus, t);
    const away = craft ? sub(craft.position, eye) : null;
    const seen = away && length(away) < 2.5e6 && dot(unit(away), up) > -0.02;
    const tall = cameras.name === "pad" ? 90 : 60;
    const look = seen ? unit(away) : unit(sub(add(base, scale(up, 0.3 * view.distance)), eye));
    const wide = seen ? (2 * Math.atan((1.6 * tall) / length(away)) * 180) / Math.PI : view.fov;
    return { eye, look, up, fov: Math.min(view.fov, Math.max(0.6, wide)), near: 1, ground: { base, up, east, north } };
  }
  return cameras;
}
