// Simple bodies from which every craft is made: bodies of revolution about x, solar wings, tubes, plumes. Metres.
import * as THREE from "three";

export const AROUND = 32;
const X = new THREE.Vector3(1, 0, 0);

/** A canvas as a texture that repeats; `draw(context, size)` paints one tile. */
function tile(size, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  draw(canvas.getContext("2d"), size);
  const texture = new THREE.CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = 1000; // RepeatWrapping
  texture.colorSpace = THREE.SRGBColorSpace;
  texture.anisotropy = 4;
  return texture;
}

const seams = (ground, line) => (pen, size) => {
  pen.fillStyle = ground;
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = line;
  pen.lineWidth = 2;
  pen.strokeRect(0, 0, size, size);
};

function cells(pen, size) {
  pen.fillStyle = "#17305f";
  pen.fillRect(0, 0, size, size);
  pen.strokeStyle = "#5b78b4";
  pen.lineWidth = 1;
  for (let i = 0; i <= 4; i += 1) {
    const at = (i * size) / 4;
    pen.strokeRect(at, 0, 0.01, size);
    pen.strokeRect(0, at, size, 0.01);
  }
  pen.strokeStyle = "#c8cdd6";
  pen.lineWidth = 3;
  pen.strokeRect(0, 0, size, size);
}

let made = null;

/** The materials of all craft, made once; Lambert's shading, because it is the cheapest that shows a shape. */
export function materials() {
  made ??= {
    hull: new THREE.MeshLambertMaterial({ map: tile(64, seams("#f1efe9", "#c9c5bb")) }),
    blanket: new THREE.MeshLambertMaterial({ map: tile(64, seams("#b9b29c", "#918a74")) }),
    metal: new THREE.MeshLambertMaterial({ color: 0x9aa0a6 }),
    dark: new THREE.MeshLambertMaterial({ color: 0x3a3d42 }),
    shield: new THREE.MeshLambertMaterial({ color: 0x5b4636 }),
    capsule: new THREE.MeshLambertMaterial({ color: 0x8d7a5c }),
    charred: new THREE.MeshLambertMaterial({ color: 0x4b4037 }),
    mark: new THREE.MeshLambertMaterial({ color: 0xe69f00, side: THREE.DoubleSide }),
    launcher: new THREE.MeshLambertMaterial({ color: 0xf4f4f2 }),
    cells: new THREE.MeshLambertMaterial({ map: tile(64, cells), emissive: 0x081226 }),
    back: new THREE.MeshLambertMaterial({ color: 0xa8a08c }),
    flame: new THREE.MeshBasicMaterial({
      vertexColors: true, transparent: true, depthWrite: false, side: THREE.DoubleSide, blending: 2, // additive
    }),
  };
  return made;
}

/** A body of revolution about x: `profile` [[x, radius], ...]. Edges stay crisp along it, round about it. */
export function revolve(profile, around = AROUND, patch = 1.2) {
  const ascending = profile[0][0] <= profile[profile.length - 1][0] ? [...profile] : [...profile].reverse();
  const first = ascending[0];
  const last = ascending[ascending.length - 1];
  const line = [[first[0], 0], ...ascending, [last[0], 0]];
  const widest = Math.max(...line.map(([, r]) => r));
  const turns = Math.max(2, Math.round((2 * Math.PI * widest) / patch));
  const position = [], normal = [], uv = [], index = [];
  for (let i = 0; i + 1 < line.length; i += 1) {
    const [x0, r0] = line[i];
    const [x1, r1] = line[i + 1];
    const length = Math.hypot(x1 - x0, r1 - r0);
    if (length < 1e-9) continue;
    const along = -(r1 - r0) / length;
    const out = (x1 - x0) / length;
    const base = position.length / 3;
    for (let k = 0; k <= around; k += 1) {
      const angle = (2 * Math.PI * k) / around;
      const c = Math.cos(angle), s = Math.sin(angle);
      position.push(x0, r0 * c, r0 * s, x1, r1 * c, r1 * s);
      normal.push(along, out * c, out * s, along, out * c, out * s);
      uv.push((turns * k) / around, x0 / patch, (turns * k) / around, x1 / patch);
    }
    for (let k = 0; k < around; k += 1) {
      const a = base + 2 * k;
      if (r0 > 0) index.push(a, a + 2, a + 1);
      if (r1 > 0) index.push(a + 2, a + 3, a + 1);
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(position, 3));
  geometry.setAttribute("normal", new THREE.Float32BufferAttribute(normal, 3));
  geometry.setAttribute("uv", new THREE.Float32BufferAttribute(uv, 2));
  geometry.setIndex(index);
  return geometry;
}

export const body = (profile, material, around, patch) =>
  new THREE.Mesh(revolve(profile, around, patch), material);

/** Turns the x axis of an object to `direction` and puts it at `place`, both [x, y, z]. */
export function pose(object, place, direction) {
  object.position.set(...place);
  object.quaternion.setFromUnitVectors(X, new THREE.Vector3(...direction).normalize());
  return object;
}

/** A tube from one point to another. */
export function tube(from, to, radius, material, around = 10) {
  const step = to.map((value, i) => value - from[i]);
  return pose(body([[0, radius], [Math.hypot(...step), radius]], material, around), from, step);
}

/** A thin ring about x. */
export function ring(x, radius, width, material) {
  const mesh = new THREE.Mesh(new THREE.TorusGeometry(radius, width, 8, AROUND), material);
  mesh.rotation.y = Math.PI / 2;
  mesh.position.x = x;
  return mesh;
}

/** A solar wing that begins at its origin and reaches along x, its cells to +z; `update` turns it to the Sun. */
export function makeWing(spec) {
  const { cells: front, back, metal } = materials();
  const object = new THREE.Group();
  const gap = Math.min(0.08 * spec.length, 0.9);
  const geometry = new THREE.BoxGeometry(spec.length - gap, spec.width, 0.05);
  stretch(geometry, Math.max(1, Math.round(spec.length / spec.width)));
  const panel = new THREE.Mesh(geometry, [metal, metal, metal, metal, front, back]);
  panel.position.x = 0.5 * (spec.length + gap);
  object.add(panel, tube([0, 0, -0.05], [spec.length, 0, -0.05], 0.07, metal, 8));
  object.position.set(...spec.root);
  const own = new THREE.Vector3(...spec.along);
  const mast = spec.turns ? new THREE.Vector3(...spec.turns) : null;
  const along = new THREE.Vector3(), normal = new THREE.Vector3(), across = new THREE.Vector3();
  const turn = new THREE.Matrix4();
  const update = (sun) => {
    along.copy(own);
    if (mast) {
      along.crossVectors(mast, sun);
      if (along.lengthSq() < 1e-4) along.copy(own);
      else if (along.normalize().dot(own) < 0) along.negate();
      if (Math.abs(along.dot(own)) < 1e-6 && own.x + own.y + own.z < 0) along.negate(); // a pair stays a pair
    }
    normal.copy(sun).addScaledVector(along, -along.dot(sun));
    if (normal.lengthSq() < 1e-4) normal.set(0, 0, -1).addScaledVector(along, along.z);
    if (normal.lengthSq() < 1e-4) normal.set(0, 1, 0);
    normal.normalize();
    across.crossVectors(normal, along);
    object.quaternion.setFromRotationMatrix(turn.makeBasis(along, across, normal));
  };
  update(new THREE.Vector3(0, 0, -1));
  return { object, update };
}

/** Repeats the texture of a box along its x. */
function stretch(geometry, times) {
  const uv = geometry.getAttribute("uv");
  for (let i = 0; i < uv.count; i += 1) uv.setX(i, uv.getX(i) * times);
}

/** A jet along -x from the origin, which fades out: `length`, `radius` at the nozzle, `spread` at its end. */
export function makePlume(length, radius, spread, hot = 0xffe2a8, cool = 0xff7a2a, bright = 0.75) {
  const around = 18, steps = 6;
  const position = [], color = [], index = [];
  const one = new THREE.Color(hot), other = new THREE.Color(cool), mixed = new THREE.Color();
  for (let i = 0; i <= steps; i += 1) {
    const share = i / steps;
    mixed.lerpColors(one, other, share);
    for (let k = 0; k <= around; k += 1) {
      const angle = (2 * Math.PI * k) / around;
      const r = radius + (spread - radius) * share;
      position.push(-length * share, r * Math.cos(angle), r * Math.sin(angle));
      color.push(mixed.r, mixed.g, mixed.b, bright * (1 - share) ** 1.6);
    }
  }
  for (let i = 0; i < steps; i += 1) {
    for (let k = 0; k < around; k += 1) {
      const a = i * (around + 1) + k;
      index.push(a, a + around + 1, a + 1, a + 1, a + around + 1, a + around + 2);
    }
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(position, 3));
  geometry.setAttribute("color", new THREE.Float32BufferAttribute(color, 4));
  geometry.setIndex(index);
  return new THREE.Mesh(geometry, materials().flame);
}
