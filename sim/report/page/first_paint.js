// What can wait until the reader sees the page: a name of the page, since scripts inlined in it cannot import one another.

const later = window.requestIdleCallback ?? ((act) => setTimeout(act, 50));

/** Settled when the page was painted for the first time; at once where the browser does not say when. */
const painted = new Promise((settle) => {
  if (!PerformanceObserver.supportedEntryTypes?.includes("paint")) return settle();
  new PerformanceObserver((entries) => {
    if (entries.getEntriesByName("first-contentful-paint").length) settle();
  }).observe({ type: "paint", buffered: true });
});

/** Calls `act` with each of `all` after the first paint, one at a time while nothing else is to be done. */
function whileIdle(all, act) {
  const left = [...all];
  const next = () => {
    if (left.length) act(left.shift());
    if (left.length) later(next);
  };
  painted.then(() => later(next));
}

globalThis.firstPaint = { painted, whileIdle };
