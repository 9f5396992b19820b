/* Vectors as arrays of three numbers, quaternions as x y z w: double precision, which three.js keeps only in part. */

export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const scale = (a, k) => [a[0] * k, a[1] * k, a[2] * k];
/** a + k b */
export const along = (a, b, k) => [a[0] + k * b[0], a[1] + k * b[1], a[2] + k * b[2]];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
export const length = (a) => Math.hypot(a[0], a[1], a[2]);
export const unit = (a) => scale(a, 1 / (length(a) || 1));

/** The vector v turned by the unit quaternion q. */
export function rotate(q, v) {
  const u = [q[0], q[1], q[2]];
  return along(v, cross(u, along(cross(u, v), v, q[3])), 2);
}

export const inverse = (q) => [-q[0], -q[1], -q[2], q[3]];

/** The quaternion that turns by b first, then by a. */
export function multiply(a, b) {
  const u = [a[0], a[1], a[2]];
  const w = [b[0], b[1], b[2]];
  const c = cross(u, w);
  return [...[0, 1, 2].map((k) => a[3] * w[k] + b[3] * u[k] + c[k]), a[3] * b[3] - dot(u, w)];
}

/** Between two quaternions, share s: an even turn about one axis. */
export function between(a, b, s) {
  let c = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = c < 0 ? -1 : 1;
  c = Math.min(1, Math.abs(c));
  const half = Math.acos(c);
  const [p, r] = half < 1e-8 ? [1 - s, s] : [Math.sin((1 - s) * half) / Math.sin(half), Math.sin(s * half) / Math.sin(half)];
  const q = [0, 1, 2, 3].map((k) => p * a[k] + sign * r * b[k]);
  const n = Math.hypot(...q);
  return q.map((x) => x / n);
}

/** The quaternion that turns the axes x, y, z into the vectors given (orthonormal, right-handed). */
export function fromAxes(x, y, z) {
  const trace = x[0] + y[1] + z[2];
  let q;
  if (trace > 0) {
    const s = 2 * Math.sqrt(1 + trace);
    q = [(y[2] - z[1]) / s, (z[0] - x[2]) / s, (x[1] - y[0]) / s, s / 4];
  } else if (x[0] > y[1] && x[0] > z[2]) {
    const s = 2 * Math.sqrt(1 + x[0] - y[1] - z[2]);
    q = [s / 4, (y[0] + x[1]) / s, (z[0] + x[2]) / s, (y[2] - z[1]) / s];
  } else if (y[1] > z[2]) {
    const s = 2 * Math.sqrt(1 + y[1] - x[0] - z[2]);
    q = [(y[0] + x[1]) / s, s / 4, (z[1] + y[2]) / s, (z[0] - x[2]) / s];
  } else {
    const s = 2 * Math.sqrt(1 + z[2] - x[0] - y[1]);
    q = [(z[0] + x[2]) / s, (z[1] + y[2]) / s, s / 4, (x[1] - y[0]) / s];
  }
  return q;
}

/** Axes of LVLH at position r with velocity v: x forward, y against the orbit normal, z to the Earth. */
export function lvlh(r, v) {
  const z = scale(unit(r), -1);
  const y = unit(cross(v, r));
  return { x: cross(y, z), y, z };
}
