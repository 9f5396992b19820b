/* Names that float beside craft and places: elements of the page over the picture, hidden behind the Earth. */

import { dot, length, scale, sub } from "viewer/vector.js";

const POLAR_M = 6356752;

/** Whether the Earth stands between the eye and a point (GCRS, m). */
export function behindEarth(eye, point) {
  const way = sub(point, eye);
  const far = length(way);
  const s = -dot(eye, way) / (far * far);
  if (s <= 0 || s >= 1) return false;
  const nearest = sub(eye, scale(way, -s));
  return length(nearest) < POLAR_M;
}

/** `labels(items, project, width)` shows names; what an element already shows is not written again. */
export function makeLabels(parent) {
  const made = new Map();

  function labelOf(name) {
    if (!made.has(name)) {
      const element = document.createElement("div");
      element.append(document.createElement("span"));
      parent.append(element);
      made.set(name, { element, shown: {} });
    }
    return made.get(name);
  }

  function write({ element, shown }, now) {
    if (now.text !== shown.text) element.firstChild.textContent = now.text;
    if (now.className !== shown.className) element.className = now.className;
    if (now.color !== shown.color) element.style.color = now.color;
    if (now.top !== shown.top) element.firstChild.style.top = now.top;
    if (now.transform !== shown.transform) element.style.transform = now.transform;
    Object.assign(shown, now);
  }

  return (items, project, width) => {
    const taken = [];
    const visible = new Set();
    for (const item of items) {
      const at = project(item.position);
      if (!at) continue;
      let down = 0; // a name that would cover another goes below it
      while (taken.some(([x, y]) => Math.abs(x - at[0]) < 120 && Math.abs(y - at[1] - down) < 14)) down += 15;
      taken.push([at[0], at[1] + down]);
      visible.add(item.name);
      write(labelOf(item.name), {
        text: item.text,
        className: `label ${item.kind} ${at[0] > width - 130 ? "left" : ""}`,
        color: item.color,
        top: `${down - 10}px`,
        transform: `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px)`,
      });
    }
    for (const [name, { element }] of made) if (element.hidden === visible.has(name)) element.hidden = !visible.has(name);
  };
}
