// The station: modules, ports with their docking targets, solar arrays that follow the Sun, an arm.
import * as THREE from "three";
import { body, makeWing, materials, pose, ring, tube } from "viewer/solids.js";

/** The station's centre of mass at t, in the axes of its vehicle file. */
export function centreAt(spec, t) {
  const found = (spec.centres ?? []).find(
    ({ from, to }) => (from === null || t >= from) && (to === null || t < to),
  );
  return found ? found.centre : [0, 0, 0];
}

/** `object`: metres, axes of the vehicle file, origin in the centre of mass with all that is docked. */
export function makeStation(spec) {
  const object = new THREE.Group();
  const frame = new THREE.Group();
  object.add(frame);
  for (const module of spec.modules) frame.add(makeModule(module));
  for (const port of Object.values(spec.ports)) frame.add(makePort(port));
  for (const arm of spec.arms) frame.add(makeArm(arm));
  const wings = spec.wings.map(makeWing);
  for (const wing of wings) frame.add(wing.object);
  const sun = new THREE.Vector3();
  const update = (state) => {
    const centre = centreAt(spec, state.t);
    frame.position.set(-centre[0], -centre[1], -centre[2]);
    sun.set(...(state.sun ?? [0, 0, -1])).normalize();
    for (const wing of wings) wing.update(sun);
  };
  return { object, update };
}

function makeModule({ from, to, profile }) {
  const { hull, metal } = materials();
  const step = to.map((value, i) => value - from[i]);
  const length = Math.hypot(...step);
  const group = new THREE.Group();
  group.add(body(profile.map(([share, radius]) => [share * length, radius]), hull));
  const widest = Math.max(...profile.map(([, radius]) => radius));
  for (const [share, radius] of profile) {
    if (radius > 0.98 * widest) group.add(ring(share * length, radius, 0.05, metal));
  }
  return pose(group, from, step);
}

/** A ring about the port, and beside it the target that the docking camera looks at. */
function makePort({ position, frame, radius }) {
  const { dark, metal, mark } = materials();
  const [x, y, z] = frame.map((row) => new THREE.Vector3(...row));
  const group = new THREE.Group();
  group.add(ring(0, 0.5 * radius + 0.3, 0.12, metal));
  group.add(body([[-0.03, 0.5 * radius], [0.0, 0.5 * radius]], dark));
  group.add(body([[0.0, 0.5 * radius + 0.35], [0.4, 0.5 * radius + 0.35]], metal));
  const plate = new THREE.Mesh(new THREE.BoxGeometry(0.02, 0.5, 0.5), dark);
  plate.position.set(0, 0, -1.05);
  group.add(plate);
  for (const size of [[0.02, 0.44, 0.06], [0.02, 0.06, 0.44]]) {
    const bar = new THREE.Mesh(new THREE.BoxGeometry(...size), mark);
    bar.position.set(-0.08, 0, -1.05);
    group.add(bar);
  }
  group.position.set(...position);
  group.quaternion.setFromRotationMatrix(new THREE.Matrix4().makeBasis(x, y, z));
  return group;
}

function makeArm({ points, radius }) {
  const { hull, metal } = materials();
  const group = new THREE.Group();
  for (let i = 0; i + 1 < points.length; i += 1) group.add(tube(points[i], points[i + 1], radius, hull));
  for (const point of points) {
    const joint = new THREE.Mesh(new THREE.SphereGeometry(1.5 * radius, 12, 8), metal);
    joint.position.set(...point);
    group.add(joint);
  }
  return group;
}
