/* The Earth: land and sea, coast lines, a graticule, day and night, and the rim of its air. In ITRS, turned by the page. */

import * as THREE from "three";
import { fixed } from "viewer/data.js";
import { dot, length, unit } from "viewer/vector.js";

const WHOLE = [84, 42]; // steps of longitude and latitude of the globe from afar
const AIR = [96, 48];
const TEXTURE = 4096; // pixels along the equator; a picture that is drawn by the processor has half of that
const BACK_SIDE = 1; // THREE.BackSide, then THREE.AdditiveBlending, which the built library does not name
const ADDITIVE = 2;
const RED = 1028; // THREE.RedFormat
const TILE_DEG = 30;
const TILE_STEPS = 14;
const AFAR_M = 6e6; // height of the eye from which a pixel is wider than what the fine tiles show
const AFAR_COAST_DEG = 0.2;
const LINE_HEIGHT_M = 400;
const AIR_M = 90e3;

const VERTEX = `
uniform mat3 turned;
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen; varying vec3 vTurned;
void main() {
  vUp = normal; vPlace = uv; vTurned = turned * normal;
  vec4 p = modelMatrix * vec4(position, 1.0);
  vSeen = -p.xyz;
  gl_Position = projectionMatrix * viewMatrix * p;
}`;
// A root stands for the screen's exponent of 1 / 2.2, products for powers: those take long where the processor draws.
const FRAGMENT = `
uniform sampler2D land; uniform vec3 sun;
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen; varying vec3 vTurned;
void main() {
  float day = dot(vUp, sun);
  float isLand = clamp(2.5 * texture2D(land, vPlace).r - 0.75, 0.0, 1.0); // the edge between two of its pixels is sharper
  vec3 ground = mix(vec3(0.018, 0.066, 0.155), vec3(0.215, 0.215, 0.135), isLand);
  ground = mix(ground, vec3(0.72, 0.75, 0.78), isLand * smoothstep(0.86, 0.93, abs(vUp.z)));
  float light = smoothstep(-0.10, 0.16, day);
  vec3 color = ground * mix(0.13, 0.25 + 1.15 * max(day, 0.0), light) + (1.0 - light) * vec3(0.005, 0.008, 0.015);
  float edge = 1.0 - max(dot(vTurned, vSeen) * inversesqrt(dot(vSeen, vSeen)), 0.0);
  edge *= edge;
  color += vec3(0.20, 0.40, 0.75) * (edge * edge * (0.03 + 0.50 * light));
  gl_FragColor = vec4(sqrt(color), 1.0);
}`;
const RIM = `
uniform vec3 sun; uniform float outside;
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen; varying vec3 vTurned;
void main() {
  float along = clamp(-2.6 * dot(vTurned, vSeen) * inversesqrt(dot(vSeen, vSeen)), 0.0, 1.0);
  float day = smoothstep(-0.22, 0.25, dot(vUp, sun));
  gl_FragColor = vec4(vec3(0.36, 0.60, 1.0) * (along * along * (0.04 + 0.85 * day) * outside), 1.0);
}`;

/** The ellipsoid, `height` m above the ground, as a grid of geodetic latitude and longitude over a part of it, deg. */
function shell(height, wide, high, west = -180, south = -90, across = 360, up = 180) {
  const count = (wide + 1) * (high + 1);
  const [position, normal, uv] = [new Float32Array(3 * count), new Float32Array(3 * count), new Float32Array(2 * count)];
  const index = new Uint16Array(6 * wide * high);
  let [k, n] = [0, 0];
  for (let j = 0; j <= high; j += 1) {
    for (let i = 0; i <= wide; i += 1) {
      const [lon, lat] = [west + (across * i) / wide, south + (up * j) / high];
      const [a, b] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
      position.set(fixed(lon, lat, height), 3 * k);
      normal.set([Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b)], 3 * k);
      uv.set([(lon + 180) / 360, (lat + 90) / 180], 2 * k);
      if (i < wide && j < high) {
        index.set([k, k + 1, k + wide + 2, k, k + wide + 2, k + wide + 1], n);
        n += 6;
      }
      k += 1;
    }
  }
  const found = new THREE.BufferGeometry();
  found.setAttribute("position", new THREE.BufferAttribute(position, 3));
  found.setAttribute("normal", new THREE.BufferAttribute(normal, 3));
  found.setAttribute("uv", new THREE.BufferAttribute(uv, 2));
  found.setIndex(new THREE.BufferAttribute(index, 1));
  return found;
}

/** Rings of land as lists of [longitude, latitude] in deg; one across the date line is carried on. */
export function rings(coast) {
  const found = [];
  let ring = [];
  for (let k = 0; k <= coast.length; k += 2) {
    if (k === coast.length || coast[k] === -32768) {
      if (ring.length > 2) found.push(ring);
      ring = [];
    } else {
      let lon = coast[k] / 100;
      if (ring.length) lon -= 360 * Math.round((lon - ring.at(-1)[0]) / 360);
      ring.push([lon, coast[k + 1] / 100]);
    }
  }
  return found;
}

/** A picture of land (white) and sea (black), the whole Earth as longitude by latitude. */
function landTexture(land, wide, anisotropy) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [wide, wide / 2];
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  const k = wide / 360;
  for (const shift of [-360, 0, 360]) {
    pen.beginPath();
    for (const ring of land) {
      ring.forEach(([lon, lat], n) => {
        const [x, y] = [(lon + 180 + shift) * k, (90 - lat) * k];
        if (n) pen.lineTo(x, y);
        else pen.moveTo(x, y);
      });
      pen.closePath();
    }
    pen.fill("evenodd");
  }
  const found = new THREE.CanvasTexture(canvas);
  found.anisotropy = anisotropy;
  found.format = RED; // a quarter of the memory
  return found;
}

function lines(pairs, color, opacity) {
  const found = new THREE.BufferGeometry();
  found.setAttribute("position", new THREE.Float32BufferAttribute(pairs, 3));
  return new THREE.LineSegments(found, new THREE.LineBasicMaterial({ color, opacity, transparent: true, depthWrite: false }));
}

/** The ground and its coast lines in tiles of TILE_DEG, so that what is beyond the horizon need not be drawn. */
function makeTiles(land, material) {
  const tiles = new Map();
  for (let west = -180; west < 180; west += TILE_DEG) {
    for (let south = -90; south < 90; south += TILE_DEG) {
      const place = [west + 0.5 * TILE_DEG, south + 0.5 * TILE_DEG];
      const ground = new THREE.Mesh(shell(0, TILE_STEPS, TILE_STEPS, west, south, TILE_DEG, TILE_DEG), material);
      tiles.set(place.join(" "), { place, ground, pairs: [] });
    }
  }
  const within = (angle, most) => TILE_DEG * (Math.floor(Math.max(-most, Math.min(most, angle)) / TILE_DEG) + 0.5);
  for (const [one, two] of strokes(land, 0)) {
    const lon = one[0] - 360 * Math.floor((one[0] + 180) / 360);
    tiles.get(`${within(lon, 179.999)} ${within(one[1], 89.999)}`).pairs.push(...fixed(...one, LINE_HEIGHT_M), ...fixed(...two, LINE_HEIGHT_M));
  }
  return [...tiles.values()].map(({ place, ground, pairs }) => {
    const object = new THREE.Group();
    object.add(ground);
    if (pairs.length) object.add(coast(pairs));
    return { up: unit(fixed(...place)), object };
  });
}

/** The strokes of coast lines, without those along the date line and the pole; points closer than `apart` deg are left out. */
function* strokes(land, apart) {
  const atSeam = ([lon]) => Math.abs(Math.abs(lon) - 180) < 0.01;
  for (const ring of land) {
    let one = ring[0];
    for (let k = 1; k < ring.length; k += 1) {
      const two = ring[k];
      if (apart && k + 1 < ring.length && Math.hypot(two[0] - one[0], two[1] - one[1]) < apart) continue;
      if (Math.abs(one[1]) <= 89.5 && !(atSeam(one) && atSeam(two))) yield [one, two];
      one = two;
    }
  }
}

const coast = (pairs) => lines(pairs, 0xb9c6b4, 0.5);

/** The whole Earth with few triangles and strokes, for an eye far off. */
function makeWhole(land, material) {
  const pairs = [];
  for (const [one, two] of strokes(land, AFAR_COAST_DEG)) pairs.push(...fixed(...one, LINE_HEIGHT_M), ...fixed(...two, LINE_HEIGHT_M));
  const object = new THREE.Group();
  object.add(new THREE.Mesh(shell(0, ...WHOLE), material), coast(pairs));
  return object;
}

function graticule() {
  const pairs = [];
  const arc = (from, to) => pairs.push(...fixed(...from, LINE_HEIGHT_M), ...fixed(...to, LINE_HEIGHT_M));
  for (let lon = -180; lon < 180; lon += 30) for (let b = -90; b < 90; b += 2) arc([lon, b], [lon, b + 2]);
  for (let lat = -60; lat <= 60; lat += 30) for (let a = -180; a < 180; a += 2) arc([a, lat], [a + 2, lat]);
  return lines(pairs, 0x9fb4c8, 0.16);
}

/** The globe; `object` stands in ITRS axes at the Earth's centre, `update(sun, height, eye)`: Sun and eye in ITRS, the
 * eye's height, m. `slow`: the processor draws, which takes a coarser picture of the land. */
export function makeGlobe(flat, slow) {
  const land = rings(flat);
  const uniforms = {
    land: { value: landTexture(land, slow ? TEXTURE / 2 : TEXTURE, slow ? 1 : 4) },
    sun: { value: new THREE.Vector3(1, 0, 0) },
    outside: { value: 1 },
    turned: { value: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  };
  const material = new THREE.ShaderMaterial({ uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT });
  const air = new THREE.Mesh(
    shell(AIR_M, ...AIR),
    new THREE.ShaderMaterial({
      uniforms, vertexShader: VERTEX, fragmentShader: RIM, side: BACK_SIDE, blending: ADDITIVE, transparent: true, depthWrite: false,
    }),
  );
  const object = new THREE.Group();
  const whole = makeWhole(land, material);
  let tiles = null; // made when an eye first comes near
  object.add(whole, graticule(), air);
  const turn = new THREE.Matrix4();

  function near() {
    tiles = makeTiles(land, material);
    object.add(...tiles.map((tile) => tile.object));
    uncull();
  }
  const uncull = () => object.traverse((each) => (each.frustumCulled = false));
  uncull();
  return {
    object,
    update(sun, height, eye) {
      whole.visible = height > AFAR_M;
      if (!whole.visible && !tiles) near();
      const out = unit(eye);
      const horizon = Math.acos(Math.min(1, 6.35e6 / length(eye))) + (0.75 * TILE_DEG * Math.PI) / 180;
      for (const { up, object: tile } of tiles ?? []) tile.visible = !whole.visible && dot(up, out) > Math.cos(Math.min(Math.PI, horizon));
      uniforms.sun.value.set(...sun);
      const outside = Math.min(1, Math.max(0, (height - AIR_M) / AIR_M)); // from within, the sky has its own colour
      uniforms.outside.value = outside;
      air.visible = outside > 0;
      const e = turn.makeRotationFromQuaternion(object.quaternion).elements;
      uniforms.turned.value = [e[0], e[1], e[2], e[4], e[5], e[6], e[8], e[9], e[10]];
    },
  };
}
