/* The picture: far things (Earth, tracks) and near things (craft, zones) in two passes, all relative to the eye. */

import * as THREE from "three";
import { makeGlobe } from "viewer/globe.js";
import { behindEarth, makeLabels } from "viewer/labels.js";
import { makeTracks } from "viewer/tracks.js";
import { makeCraft } from "viewer/craft.js";
import { materials } from "viewer/solids.js";
import { makeZones, zoneNames, zonesAt } from "viewer/zones.js";
import { fixed, geodetic } from "viewer/data.js";
import { add, cross, dot, fromAxes, inverse, length, lvlh, scale, sub, unit } from "viewer/vector.js";

const NEAR_M = 300e3; // craft further off are drawn as a name alone
const SUN_RADIUS_M = 6.4e6;

const NAMED_ZONES_M = 3e3; // of the station, within which the zones of its approach are named

/** `slow`: the processor draws the picture. */
export function makeView(flight, cameras, context, slow) {
  const canvas = document.getElementById("canvas");
  const panel = document.getElementById("panel");
  const renderer = new THREE.WebGLRenderer({ canvas, context });
  renderer.autoClear = false;
  const camera = new THREE.PerspectiveCamera();
  const far = new THREE.Scene();
  const near = new THREE.Scene();
  const globe = makeGlobe(flight.coast, slow);
  const tracks = makeTracks(flight);
  globe.object.add(tracks.ground);
  far.add(globe.object, tracks.far);
  const sunlight = new THREE.DirectionalLight(0xffffff, 3);
  const lamp = new THREE.DirectionalLight(0xdfe8ff, 0.3); // from the eye, so that a craft in the shadow is seen
  near.add(sunlight, sunlight.target, lamp, lamp.target, new THREE.AmbientLight(0x8fa6c4, 0.7));
  const aroundStation = new THREE.Group();
  const zones = makeZones(flight.zones || []);
  aroundStation.add(tracks.near, zones.object);
  near.add(aroundStation);
  const models = new Map();
  for (const one of flight.craft.values()) {
    if (!one.spec) continue; // a flight whose scenario does not hold its vehicles has names and tracks alone
    const model = makeCraft(one.spec);
    models.set(one.name, model);
    near.add(model.object);
  }
  if (slow) for (const { map } of Object.values(materials())) if (map) map.anisotropy = 1;
  const field = makeField();
  near.add(field);
  const labels = makeLabels(document.getElementById("labels"));

  const page = { wide: 0, high: 0, covered: -1 };
  const renderedSize = { wide: 0, high: 0, ratio: 0 };

  /** Reads the page's sizes; they are not asked for in every picture, which would lay out the page each time. */
  function measurePage() {
    const { clientWidth: wide, clientHeight: high } = canvas;
    const covered = panel.clientHeight;
    if (covered !== page.covered) document.body.style.setProperty("--covered", `${covered}px`);
    Object.assign(page, { wide, high, covered });
    camera.aspect = wide / Math.max(1, high);
    // The panel covers the lower edge: what is looked at stands in the middle of what is free.
    camera.setViewOffset(wide, high, 0, covered / 2, wide, high);
  }

  function size(sharpness) {
    const { wide, high } = page;
    const ratio = sharpness * Math.min(slow ? 1 : 2, window.devicePixelRatio || 1);
    if (renderedSize.wide !== wide || renderedSize.high !== high || renderedSize.ratio !== ratio) {
      Object.assign(renderedSize, { wide, high, ratio });
      renderer.setDrawingBufferSize(wide, high, ratio);
    }
    return [wide, high];
  }

  /** What all models, zones and instruments are given. */
  function stateAt(t, focus) {
    const craft = {};
    const docked = {};
    for (const name of flight.craft.keys()) {
      const motion = flight.motion(name, t);
      craft[name] = motion ? { ...motion, attitude: flight.attitude(name, t) } : null;
      const berth = flight.dockedAt(name, t);
      if (berth) docked[name] = berth.port;
    }
    const events = flight.events.filter((e) => e.t <= t + 0.002); // times of events are rounded to 1 ms
    return { t, met: flight.liftoff === null ? null : t - flight.liftoff, phase: flight.phase(t).phase, focus, craft, docked, events, flight };
  }

  /** Draws the picture; `sharpness`: pixels of it across a pixel of the page, 1 or less. */
  function draw(t, focus, sharpness = 1) {
    const [wide, high] = size(sharpness);
    const look = cameras.at(t, focus);
    const state = stateAt(t, focus);
    const { eye } = look;
    point(look);
    const earth = inverse(flight.earth(t));
    globe.object.quaternion.set(...earth);
    globe.object.position.set(...scale(eye, -1));
    const sun = flight.sun(t);
    globe.update(flight.toFixed(t, sun), geodeticHeight(eye), flight.toFixed(t, eye));
    tracks.far.visible = !cameras.onGround();
    tracks.ground.visible = tracks.far.visible;
    tracks.update(t, eye, tracks.far.visible);

    const base = state.craft[flight.station];
    aroundStation.visible = Boolean(base) && length(sub(base.position, eye)) < NEAR_M;
    if (aroundStation.visible) {
      const { x, y, z } = lvlh(base.position, base.velocity);
      aroundStation.position.set(...sub(base.position, eye));
      aroundStation.quaternion.set(...fromAxes(x, y, z));
      zones.update({ t, zones: view.zones });
    }
    for (const [name, model] of models) {
      const there = state.craft[name];
      const away = there ? sub(there.position, eye) : null;
      model.object.visible = Boolean(there) && length(away) < NEAR_M;
      if (!model.object.visible) continue;
      model.object.position.set(...away);
      model.object.quaternion.set(...there.attitude);
      model.update(state, name);
    }
    lightFrom(sun, eye, look);
    ground(look, eye);

    sky(eye, sun);
    renderer.clear();
    const above = Math.max(20, geodeticHeight(eye));
    lens(look.fov, Math.max(10, 0.1 * above), 2e7 + 2 * length(eye));
    renderer.render(far, camera);
    renderer.clearDepth();
    lens(look.fov, look.near, NEAR_M);
    renderer.render(near, camera);
    labels([...named(state, eye, focus), ...namedZones(state, eye)], project(eye, wide, high), wide);
    return state;
  }

  const geodeticHeight = (r) => geodetic(r)[2];

  function point({ look, up }) {
    const z = scale(look, -1);
    const x = unit(cross(up, z));
    camera.quaternion.set(...fromAxes(x, cross(z, x), z));
    camera.position.set(0, 0, 0);
    camera.updateMatrixWorld();
  }

  function lens(fov, nearM, farM) {
    // On a narrow screen the field of view is that of its width.
    camera.fov = camera.aspect >= 1 ? fov : (2 * Math.atan(Math.tan((fov * Math.PI) / 360) / camera.aspect) * 180) / Math.PI;
    camera.near = nearM;
    camera.far = farM;
    camera.updateProjectionMatrix();
  }

  /** The Sun on the craft, dark in the Earth's shadow, which is taken as a cylinder. */
  function lightFrom(sun, eye, look) {
    const behind = dot(eye, sun);
    const aside = length(sub(eye, scale(sun, behind)));
    const lit = behind > 0 ? 1 : Math.min(1, Math.max(0, (aside - SUN_RADIUS_M + 30e3) / 60e3));
    sunlight.intensity = 0.04 + 3.0 * lit;
    sunlight.position.set(...scale(sun, 1000));
    lamp.intensity = 1.1 - 0.8 * lit;
    lamp.position.set(...scale(look.look, -1000));
  }

  /** The sky is black, and blue by day where the eye stands in the air. */
  function sky(eye, sun) {
    const air = Math.exp(-Math.max(0, geodeticHeight(eye)) / 12000);
    const day = Math.min(1, Math.max(0, (dot(unit(eye), sun) + 0.12) / 0.3));
    const k = air * day;
    renderer.setClearColor(new THREE.Color().setRGB(0.36 * k, 0.56 * k, 0.80 * k, THREE.SRGBColorSpace), 1);
  }

  /** A disc of ground where a camera stands. */
  function makeField() {
    const found = new THREE.Mesh(new THREE.CircleGeometry(25e3, 96), new THREE.MeshLambertMaterial({ color: 0x9a8560 }));
    for (const radius of [100, 1000]) { // circles about the place, for the eye to measure by
      const ring = new THREE.Mesh(new THREE.RingGeometry(0.985 * radius, radius, 96), new THREE.MeshBasicMaterial({ color: 0xe8dcc0, opacity: 0.35, transparent: true, depthWrite: false }));
      ring.position.z = 0.004 * radius;
      found.add(ring);
    }
    found.visible = false;
    return found;
  }

  function ground(look, eye) {
    field.visible = Boolean(look.ground);
    if (!look.ground) return;
    const { base, east, north, up } = look.ground;
    field.position.set(...sub(base, eye));
    field.quaternion.set(...fromAxes(east, north, up));
  }

  function named(state, eye, focus) {
    const items = [];
    for (const one of flight.craft.values()) {
      const there = state.craft[one.name];
      const port = state.docked[one.name];
      if (!there || (port && cameras.name !== "station") || behindEarth(eye, there.position)) continue;
      const mine = cameras.target(focus) === one.name && length(sub(there.position, eye)) < 2000;
      if (mine || length(sub(there.position, eye)) < 25) continue;
      const text = port ? `${flight.title(one.name)}, ${port} port` : flight.title(one.name);
      items.push({ name: one.name, text, kind: "craft", color: one.color || "#fff", position: there.position });
    }
    if (cameras.name === "globe" || cameras.name === "chase") {
      for (const place of flight.places) {
        const at = flight.toInertial(state.t, fixed(place.longitude_deg, place.latitude_deg, place.height_m));
        if (place.kind !== "site" && !behindEarth(eye, scale(at, 1.001))) items.push({ name: `place ${place.kind}`, text: place.name, kind: "place", color: "#dfe6ec", position: at });
      }
    }
    return items;
  }

  /** Names of the zones and hold points where they are drawn, near the station. */
  function namedZones({ t, craft }, eye) {
    const base = craft[flight.station];
    if (!view.zones || !base || (cameras.name !== "station" && cameras.name !== "chase")) return [];
    const spec = zonesAt(flight.zones || [], t);
    if (!spec || length(sub(base.position, eye)) > NAMED_ZONES_M) return [];
    const { x, y, z } = lvlh(base.position, base.velocity);
    const toInertial = (p) => add(base.position, add(scale(x, p[0]), add(scale(y, p[1]), scale(z, p[2]))));
    return zoneNames(spec).map((one) => ({ ...one, name: `zone ${one.name}`, kind: "zone", position: toInertial(one.place) }));
  }

  /** From GCRS to pixels of the page; null behind the camera or outside. */
  function project(eye, wide, high) {
    const v = new THREE.Vector3();
    return (position) => {
      const d = sub(position, eye);
      v.set(...scale(d, 1e4 / Math.max(1, length(d)))).applyMatrix4(camera.matrixWorldInverse);
      if (v.z >= 0) return null;
      v.applyMatrix4(camera.projectionMatrix);
      if (Math.abs(v.x) > 1.02 || Math.abs(v.y) > 1.02) return null;
      return [((v.x + 1) / 2) * wide, ((1 - v.y) / 2) * high];
    };
  }

  /** Milliseconds of one picture: `script`, until all is handed to the graphics; `whole`, until reading a pixel says that
   * it is drawn. With what three.js counts of it. */
  function measure(t, focus, sharpness) {
    const gl = renderer.getContext();
    const pixel = new Uint8Array(4);
    measurePage();
    renderer.info.autoReset = false;
    renderer.info.reset();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const began = performance.now();
    draw(t, focus, sharpness);
    const script = performance.now() - began;
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    const whole = performance.now() - began;
    const { calls, triangles, lines } = renderer.info.render;
    return { script, whole, calls, triangles, lines, textures: renderer.info.memory.textures };
  }
  measurePage();
  const view = { draw, measure, measurePage, zones: true };
  return view;
}
