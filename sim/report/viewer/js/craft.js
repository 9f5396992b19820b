/* Models of craft; until they are there, a box of about the right size. */

import * as THREE from "three";

const SIZES = { station: [17, 4, 4], ship: [9, 2.8, 2.8], capsule: [2.5, 2.5, 2.5], launcher: [58, 3.4, 3.4] };

/** `object` in body axes with its origin at the centre of mass, m; `update(state, name)` shows a time. */
export function makeCraft(spec) {
  const object = new THREE.Group();
  object.add(new THREE.Mesh(new THREE.BoxGeometry(...(SIZES[spec.kind] || SIZES.ship)), new THREE.MeshStandardMaterial({ color: 0xd8d8d2, roughness: 0.7 })));
  return { object, update() {} };
}
