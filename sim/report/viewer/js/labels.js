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

export function makeLabels(parent) {
  const made = new Map();
  return (items, project, width) => {
    for (const element of made.values()) element.hidden = true;
    const taken = [];
    for (const item of items) {
      const at = project(item.position);
      if (!at) continue;
      let down = 0; // a name that would cover another goes below it
      while (taken.some(([x, y]) => Math.abs(x - at[0]) < 120 && Math.abs(y - at[1] - down) < 14)) down += 15;
      taken.push([at[0], at[1] + down]);
      let element = made.get(item.name);
      if (!element) {
        element = document.createElement("div");
        element.append(document.createElement("span"));
        parent.append(element);
        made.set(item.name, element);
      }
      element.hidden = false;
      element.className = `label ${item.kind} ${at[0] > width - 130 ? "left" : ""}`;
      element.style.color = item.color;
      element.firstChild.textContent = item.text;
      element.firstChild.style.top = `${down - 10}px`;
      element.style.transform = `translate(${at[0].toFixed(1)}px, ${at[1].toFixed(1)}px)`;
    }
  };
}
