/** Numbers of the plots: unpacked from the page, on an axis of powers of ten, and as text. */

/** Numbers from base64 of their bytes in single precision; what is no number is null, where a curve breaks. */
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => {
    const value = view.getFloat32(4 * i, true);
    return Number.isFinite(value) ? value : null;
  });
}

/** The powers of ten within an axis, some of them where there are many. */
function powers(low, high) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const count = Math.floor(Math.log10(high) + 1e-9) - first + 1;
  const every = Math.max(1, Math.ceil(count / 5));
  return Array.from({ length: Math.max(0, count) }, (_, i) => 10 ** (first + i)).filter((_, i) => i % every === 0);
}

/** A number beside an axis, with the digits that tell it from its neighbour a step away. */
function tick(value, step) {
  if (value === null || value === undefined) return "";
  if (step < 1e-5 && value !== 0) return value.toExponential(1);
  const digits = Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(step) + 1e-9))); // a step of 2.5 has one more
  return value.toLocaleString("en", { maximumFractionDigits: digits });
}

function text(value, panel) {
  if (value === null || value === undefined) return "–";
  if (panel.unit === "m" && Math.abs(value) >= 10000) return `${(value / 1000).toFixed(3)} km`;
  return `${value.toFixed(panel.decimals)} ${panel.unit}`;
}

globalThis.plotValues = { unpacked, powers, tick, text };
