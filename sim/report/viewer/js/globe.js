/* The Earth: land and sea, coast lines, a graticule, day and night, and the rim of its air. In ITRS, turned by the page. */

import * as THREE from "three";
import { fixed } from "viewer/data.js";
import { dot, length, unit } from "viewer/vector.js";

const GROUND = [160, 80]; // steps of longitude and latitude
const AIR = [96, 48];
const TEXTURE = [4096, 2048];
const BACK_SIDE = 1; // THREE.BackSide and THREE.AdditiveBlending, which the built library does not name
const ADDITIVE = 2;
const TILE_DEG = 30;
const LINE_HEIGHT_M = 400;
const AIR_M = 90e3;

const VERTEX = `
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen;
void main() {
  vUp = normal; vPlace = uv;
  vec4 p = modelMatrix * vec4(position, 1.0);
  vSeen = -p.xyz;
  gl_Position = projectionMatrix * viewMatrix * p;
}`;
const FRAGMENT = `
uniform sampler2D land; uniform vec3 sun; uniform mat3 turned;
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen;
void main() {
  vec3 up = normalize(vUp);
  float day = dot(up, sun);
  float isLand = texture2D(land, vPlace).r;
  float ice = isLand * smoothstep(0.86, 0.93, abs(up.z));
  vec3 ground = mix(vec3(0.012, 0.055, 0.140), vec3(0.200, 0.200, 0.120), isLand);
  ground = mix(ground, vec3(0.72, 0.75, 0.78), ice);
  float light = smoothstep(-0.10, 0.16, day);
  vec3 lit = ground * (0.25 + 1.15 * max(day, 0.0));
  vec3 night = ground * 0.10 + vec3(0.003, 0.005, 0.011);
  vec3 color = mix(night, lit, light);
  float edge = 1.0 - max(dot(normalize(turned * up), normalize(vSeen)), 0.0);
  color += vec3(0.20, 0.40, 0.75) * pow(edge, 4.0) * (0.03 + 0.50 * smoothstep(-0.15, 0.25, day));
  color += vec3(0.35, 0.14, 0.04) * exp(-pow((day + 0.02) / 0.06, 2.0)) * 0.06;
  gl_FragColor = vec4(pow(color, vec3(1.0 / 2.2)), 1.0);
}`;
const RIM = `
uniform vec3 sun; uniform mat3 turned; uniform float outside;
varying vec3 vUp; varying vec2 vPlace; varying vec3 vSeen;
void main() {
  vec3 up = normalize(vUp);
  float along = -dot(normalize(turned * up), normalize(vSeen));
  float air = pow(clamp(along * 2.6, 0.0, 1.0), 2.2);
  float day = smoothstep(-0.22, 0.25, dot(up, sun));
  gl_FragColor = vec4(vec3(0.36, 0.60, 1.0) * air * (0.04 + 0.85 * day) * outside, 1.0);
}`;

/** The ellipsoid, `height` m above the ground, as a grid of geodetic latitude and longitude. */
function shell(height, wide, high) {
  const position = [];
  const normal = [];
  const uv = [];
  const index = [];
  for (let j = 0; j <= high; j += 1) {
    for (let i = 0; i <= wide; i += 1) {
      const [lon, lat] = [-180 + (360 * i) / wide, -90 + (180 * j) / high];
      const [a, b] = [(lon * Math.PI) / 180, (lat * Math.PI) / 180];
      position.push(...fixed(lon, lat, height));
      normal.push(Math.cos(b) * Math.cos(a), Math.cos(b) * Math.sin(a), Math.sin(b));
      uv.push(i / wide, j / high);
      if (i < wide && j < high) {
        const k = j * (wide + 1) + i;
        index.push(k, k + 1, k + wide + 2, k, k + wide + 2, k + wide + 1);
      }
    }
  }
  const found = new THREE.BufferGeometry();
  found.setAttribute("position", new THREE.Float32BufferAttribute(position, 3));
  found.setAttribute("normal", new THREE.Float32BufferAttribute(normal, 3));
  found.setAttribute("uv", new THREE.Float32BufferAttribute(uv, 2));
  found.setIndex(index);
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
function landTexture(land) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = TEXTURE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  const [kx, ky] = [TEXTURE[0] / 360, TEXTURE[1] / 180];
  for (const shift of [-360, 0, 360]) {
    pen.beginPath();
    for (const ring of land) {
      ring.forEach(([lon, lat], n) => {
        const [x, y] = [(lon + 180 + shift) * kx, (90 - lat) * ky];
        if (n) pen.lineTo(x, y);
        else pen.moveTo(x, y);
      });
      pen.closePath();
    }
    pen.fill("evenodd");
  }
  const found = new THREE.CanvasTexture(canvas);
  found.anisotropy = 4;
  return found;
}

function lines(pairs, color, opacity) {
  const found = new THREE.BufferGeometry();
  found.setAttribute("position", new THREE.Float32BufferAttribute(pairs, 3));
  return new THREE.LineSegments(found, new THREE.LineBasicMaterial({ color, opacity, transparent: true, depthWrite: false }));
}

/** Coast lines in tiles of TILE_DEG, so that what is beyond the horizon need not be drawn. */
function coastTiles(land) {
  const tiles = new Map();
  const atSeam = ([lon]) => Math.abs(Math.abs(lon) - 180) < 0.01;
  for (const ring of land) {
    for (let k = 0; k + 1 < ring.length; k += 1) {
      const [one, two] = [ring[k], ring[k + 1]];
      if (Math.abs(one[1]) > 89.5 || (atSeam(one) && atSeam(two))) continue;
      const place = one.map((angle) => TILE_DEG * (Math.floor(angle / TILE_DEG) + 0.5));
      const key = place.join(" ");
      if (!tiles.has(key)) tiles.set(key, { place, pairs: [] });
      tiles.get(key).pairs.push(...fixed(...one, LINE_HEIGHT_M), ...fixed(...two, LINE_HEIGHT_M));
    }
  }
  return [...tiles.values()].map(({ place, pairs }) => ({ up: unit(fixed(...place)), object: lines(pairs, 0xb9c6b4, 0.5) }));
}

function graticule() {
  const pairs = [];
  const arc = (from, to) => pairs.push(...fixed(...from, LINE_HEIGHT_M), ...fixed(...to, LINE_HEIGHT_M));
  for (let lon = -180; lon < 180; lon += 30) for (let b = -90; b < 90; b += 2) arc([lon, b], [lon, b + 2]);
  for (let lat = -60; lat <= 60; lat += 30) for (let a = -180; a < 180; a += 2) arc([a, lat], [a + 2, lat]);
  return lines(pairs, 0x9fb4c8, 0.16);
}

/** The globe; `object` stands in ITRS axes at the Earth's centre, `update(sun, height, eye)`: Sun and eye in ITRS, the eye's height, m. */
export function makeGlobe(coast) {
  const land = rings(coast);
  const uniforms = {
    land: { value: landTexture(land) },
    sun: { value: new THREE.Vector3(1, 0, 0) },
    outside: { value: 1 },
    turned: { value: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  };
  const ground = new THREE.Mesh(
    shell(0, ...GROUND),
    new THREE.ShaderMaterial({ uniforms, vertexShader: VERTEX, fragmentShader: FRAGMENT }),
  );
  const air = new THREE.Mesh(
    shell(AIR_M, ...AIR),
    new THREE.ShaderMaterial({
      uniforms, vertexShader: VERTEX, fragmentShader: RIM, side: BACK_SIDE, blending: ADDITIVE, transparent: true, depthWrite: false,
    }),
  );
  const object = new THREE.Group();
  const tiles = coastTiles(land);
  object.add(ground, ...tiles.map((tile) => tile.object), graticule(), air);
  for (const each of object.children) each.frustumCulled = false;
  return {
    object,
    update(sun, height, eye) {
      const horizon = Math.acos(Math.min(1, 6.35e6 / length(eye))) + (0.75 * TILE_DEG * Math.PI) / 180;
      for (const { up, object: tile } of tiles) tile.visible = dot(up, unit(eye)) > Math.cos(Math.min(Math.PI, horizon));
      uniforms.sun.value.set(...sun);
      uniforms.outside.value = Math.min(1, Math.max(0, (height - AIR_M) / AIR_M)); // from within, the sky has its own colour
      const e = new THREE.Matrix4().makeRotationFromQuaternion(object.quaternion).elements;
      uniforms.turned.value = [e[0], e[1], e[2], e[4], e[5], e[6], e[8], e[9], e[10]];
    },
  };
}
