/* A path between its nodes, as sim/report/viewer/nodes.py chose them: cubic or quintic in each interval. */

const GM = 3.986004415e14;
const J2 = 1.08262668e-3;
const RADIUS = 6378136.3;

/** Acceleration of the round Earth and its flattening at (x, y, z). */
function field(x, y, z) {
  const far = Math.hypot(x, y, z);
  const up = (z / far) ** 2;
  const flat = 1.5 * J2 * (RADIUS / far) ** 2;
  const k = -GM / far ** 3;
  const side = k * (1 + flat * (1 - 5 * up));
  return [side * x, side * y, k * (1 + flat * (3 - 5 * up)) * z];
}

/** Index i of the last t[i] that is not after the time, kept below the last one. */
export function place(t, time) {
  let low = 0;
  let high = t.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (t[middle] <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** Position and velocity at a time; path: t, r, v (flat), quintic. */
export function state(path, time) {
  const { t, r, v } = path;
  let i = place(t, time);
  if (t[i + 1] === t[i] && i > 0) i -= 1;
  const h = t[i + 1] - t[i];
  const s = Math.min(1, Math.max(0, (time - t[i]) / h));
  const a = 3 * i;
  const b = a + 3;
  const position = [0, 0, 0];
  const velocity = [0, 0, 0];
  const round = path.quintic[i] ? [field(r[a], r[a + 1], r[a + 2]), field(r[b], r[b + 1], r[b + 2])] : null;
  for (let k = 0; k < 3; k += 1) {
    const p0 = r[a + k];
    const v0 = v[a + k] * h;
    const v1 = v[b + k] * h;
    let c;
    if (round) {
      const a0 = round[0][k] * h * h;
      const a1 = round[1][k] * h * h;
      const dp = r[b + k] - p0 - v0 - 0.5 * a0;
      const dv = v1 - v0 - a0;
      const da = a1 - a0;
      c = [0.5 * a0, 10 * dp - 4 * dv + 0.5 * da, -15 * dp + 7 * dv - da, 6 * dp - 3 * dv + 0.5 * da];
    } else {
      const d = r[b + k] - p0;
      c = [3 * d - 2 * v0 - v1, v0 + v1 - 2 * d, 0, 0];
    }
    position[k] = p0 + s * (v0 + s * (c[0] + s * (c[1] + s * (c[2] + s * c[3]))));
    velocity[k] = (v0 + s * (2 * c[0] + s * (3 * c[1] + s * (4 * c[2] + s * 5 * c[3])))) / h;
  }
  return { position, velocity };
}
