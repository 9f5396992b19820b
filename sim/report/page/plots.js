/** Interactive plots: drag to zoom, values under the cursor or by the arrow keys, times on the reader's clock. */
const PANEL_HEIGHT = 130;
const TIMES_HEIGHT = 52; // of the axis of time, below the last panel
const TICK_WIDTH = 85;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200,
  86400, 172800, 432000, 864000, 1728000];
const NEAR = 8; // pixels from the cursor, within which an event is named

const PAPER = { ratio: 3, width: 690 }; // dots a pixel, and pixels across a sheet of A4 less its margins (print.css)

const made = new Map(); // figure -> its plot
let printing = false;

/** One figure with its panels, which share their time. */
class Plot {
  constructor(figure) {
    this.figure = figure;
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.style = getComputedStyle(figure);
    this.box = document.createElement("div");
    this.box.className = "panels";
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "group");
    const help = "arrow keys move the cursor, plus and minus zoom, Escape shows all";
    this.box.setAttribute("aria-label", `${figure.getAttribute("aria-label")}; ${help}`);
    this.figure.querySelector("details").before(this.tools(), this.box);
    this.draw();
    this.box.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.fit()).observe(this.box);
  }

  /** Makes the panels, for the screen or for paper, over the times that were seen. */
  draw() {
    const seen = this.panels?.[0].scales.x;
    for (const panel of this.panels ?? []) panel.destroy();
    this.box.replaceChildren();
    const { ratio, width } = printing ? PAPER : { ratio: devicePixelRatio, width: this.box.clientWidth };
    Object.assign(this, { ratio, width, library: plotLibrary(ratio), panels: null });
    this.panels = this.data.panels.map((panel) => this.panel(panel));
    if (seen) this.show(seen.min, seen.max);
    else this.reset();
  }

  /** Buttons for those without a mouse, and the event that is nearest to the cursor. */
  tools() {
    const bar = document.createElement("div");
    bar.className = "tools";
    const acts = [["Zoom in", () => this.zoom(0.5)], ["Zoom out", () => this.zoom(2)], ["Show all", () => this.reset()]];
    for (const [name, act] of acts) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", act);
      bar.append(button);
    }
    this.near = document.createElement("output");
    this.hint();
    bar.append(this.near);
    return bar;
  }

  hint() {
    this.near.textContent = "Drag to zoom, double click to see all.";
  }

  colour(name) {
    return this.style.getPropertyValue(name).trim();
  }

  /** Seconds by which the clock is ahead of the plot's own time, which begins with it. */
  get ahead() {
    return this.data.start + plotTimes.clock.shift;
  }

  panel(panel) {
    const [title, place] = [document.createElement("p"), document.createElement("div")];
    title.className = "panel-title";
    title.textContent = `${panel.title}, ${panel.unit}`;
    this.box.append(title, place);
    const [line, ink] = ["--plot-line", "--plot-ink"].map((name) => () => this.colour(name));
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "12px sans-serif" };
    const unit = (v) => (panel.unit === "m" && v >= 1000 ? `${v / 1000} km` : `${v}${panel.log ? ` ${panel.unit}` : ""}`);
    const y = { ...axis, size: 76 }; // "10000 km"; the same for all, so that their times stand in line
    y.values = (u, splits, i, space, step) => splits.map((v) => plotValues.tick(v, step));
    if (panel.log) {
      y.values = (u, splits) => splits.map((v) => (v === null ? "" : unit(v)));
      y.splits = (u, i, low, high) => plotValues.powers(low, high);
      y.filter = (u, splits) => splits;
    }
    const last = panel === this.data.panels.at(-1);
    const x = { ...axis, splits: (u, i, low, high) => this.splits(u, low, high), size: last ? TIMES_HEIGHT : 10 };
    x.values = (u, at) => (last ? this.ticks(u, at) : at.map(() => ""));
    const options = {
      width: Math.max(200, this.width),
      height: PANEL_HEIGHT + x.size,
      cursor: {
        sync: { key: this.figure.id, setSeries: false },
        drag: { x: true, y: false },
        focus: { prox: -1 },
        bind: { dblclick: () => () => this.reset() },
      },
      scales: { x: { time: false, range: (u, low, high) => [low, high] }, y: this.scale(panel) },
      axes: [x, y],
      series: [
        { label: "time", value: (u, t) => (t === null || t === undefined ? "–" : this.time(t)) },
        ...panel.names.map((name, i) => ({
          label: name,
          stroke: () => this.colour(`--plot-${i}`),
          width: 1.6,
          pxAlign: 0,
          dash: i === 1 ? [7, 4] : i === 2 ? [2, 3] : undefined,
          points: { show: false },
          value: (u, value) => plotValues.text(value, panel),
        })),
      ],
      hooks: {
        drawClear: [(u) => this.marks(u)],
        draw: [(u) => this.limit(u, panel)],
        setScale: [(u, key) => key === "x" && this.follow(u)],
        setCursor: [(u) => this.name(u)],
      },
    };
    const plot = new this.library(options, [panel.t, ...panel.y].map(plotValues.unpacked), place);
    plot.root.querySelector(".u-legend").setAttribute("role", "presentation");
    return plot;
  }

  /** A limit is seen with the curve, whatever its distance. */
  scale(panel) {
    if (panel.log) return { distr: 3 };
    return {
      range: (u, low, high) => {
        if (low === null || low === undefined) return [0, 1];
        const top = panel.limit === undefined ? high : Math.max(high, panel.limit);
        return this.library.rangeNum(low, top, 0.1, true);
      },
    };
  }

  time(t) {
    const step = this.data.length < 20000 ? 0.1 : 1;
    return `${plotTimes.text(t + this.ahead, step, true)} ${plotTimes.zone()}`;
  }

  step(u) {
    const wide = u.scales.x.max - u.scales.x.min;
    const most = Math.max(2, u.bbox.width / this.ratio / TICK_WIDTH);
    return STEPS.find((step) => wide / step <= most) ?? STEPS.at(-1);
  }

  /** Whole minutes, hours or days of the clock. */
  splits(u, low, high) {
    const step = this.step(u);
    const found = [];
    for (let n = Math.ceil((low + this.ahead) / step); n * step - this.ahead <= high; n++) found.push(n * step - this.ahead);
    return found;
  }

  /** The day stands below the first time, and below each midnight. */
  ticks(u, at) {
    const step = this.step(u);
    return at.map((t, i) => {
      const seconds = t + this.ahead;
      const text = plotTimes.text(seconds, step, false);
      const day = plotTimes.clock.name !== "met" && step < 86400 && (i === 0 || Math.round(seconds) % 86400 === 0);
      return day ? `${text}\n${plotTimes.text(seconds, 86400, false)}` : text;
    });
  }

  marks(u) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.strokeStyle = this.colour("--plot-mark");
    ctx.setLineDash([2 * this.ratio, 4 * this.ratio]);
    ctx.lineWidth = this.ratio;
    ctx.beginPath();
    for (const [t] of this.data.marks) {
      const x = u.valToPos(t, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    }
    ctx.stroke();
    ctx.restore();
  }

  limit(u, panel) {
    if (panel.limit === undefined) return;
    const { ctx, bbox } = u;
    const y = u.valToPos(panel.limit, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = this.colour("--plot-limit");
    ctx.lineWidth = 1.5 * this.ratio;
    ctx.setLineDash([8 * this.ratio, 3 * this.ratio, 2 * this.ratio, 3 * this.ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${12 * this.ratio}px sans-serif`;
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(`limit ${panel.limit} ${panel.unit}`, bbox.left + 6 * this.ratio, y - 2 * this.ratio);
    ctx.restore();
  }

  /** The other panels show the time that this one shows. */
  follow(u) {
    if (this.following || !this.panels) return;
    this.following = true;
    for (const other of this.panels) if (other !== u) other.setScale("x", { min: u.scales.x.min, max: u.scales.x.max });
    this.following = false;
  }

  show(min, max) {
    const low = Math.max(0, min);
    const high = Math.min(this.data.length, max);
    if (high - low > 1e-3) for (const panel of this.panels) panel.setScale("x", { min: low, max: high });
  }

  reset() {
    this.show(0, this.data.length);
  }

  /** About the cursor, or about the middle. */
  zoom(factor) {
    const [u] = this.panels;
    const { min, max } = u.scales.x;
    const about = u.cursor.left >= 0 ? u.posToVal(u.cursor.left, "x") : 0.5 * (min + max);
    this.show(about - factor * (about - min), about + factor * (max - about));
  }

  key(event) {
    const [u] = this.panels;
    const wide = u.over.clientWidth;
    const by = (event.shiftKey ? 0.1 : 0.01) * wide;
    const at = u.cursor.left >= 0 ? u.cursor.left : 0.5 * wide;
    const acts = {
      ArrowLeft: () => this.point(Math.max(0, at - by)),
      ArrowRight: () => this.point(Math.min(wide, at + by)),
      "+": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      Escape: () => this.reset(),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    acts[event.key]();
  }

  point(left) {
    for (const panel of this.panels) panel.setCursor({ left, top: 0.5 * panel.over.clientHeight });
  }

  /** The event that is nearest to the cursor, if one is near. */
  name(u) {
    if (u.cursor.left < 0) return this.hint();
    const far = ([t]) => Math.abs(u.valToPos(t, "x") - u.cursor.left);
    const close = this.data.marks.filter((mark) => far(mark) <= NEAR).sort((a, b) => far(a) - far(b))[0];
    this.near.textContent = close ? `${close[1]}, ${this.time(close[0])}` : "";
  }

  fit() {
    const width = this.box.clientWidth;
    if (printing || !width || width === this.width) return;
    this.width = width;
    for (const panel of this.panels) panel.setSize({ width: Math.max(200, width), height: panel.height });
  }

  redraw() {
    for (const panel of this.panels) {
      panel.redraw(false, true);
      if (panel.cursor.idx !== null && panel.cursor.idx !== undefined) panel.setLegend({ idx: panel.cursor.idx });
    }
  }
}

function make(figure) {
  if (!made.has(figure)) made.set(figure, new Plot(figure));
}

function redraw() {
  for (const plot of made.values()) plot.redraw();
}

const figures = document.querySelectorAll("figure.plot");
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watcher.unobserve(entry.target);
    make(entry.target);
  }
}, { rootMargin: "300px" });
for (const figure of figures) watcher.observe(figure);

document.addEventListener("clock", ({ detail }) => {
  const name = String(detail.name).toLowerCase();
  const shift = name === "met" ? -new Date(detail.zero).getTime() / 1000 : detail.offset_s;
  Object.assign(plotTimes.clock, { name, shift });
  redraw();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

/** Those that were made already are drawn anew at the other size. */
function print(on) {
  printing = on;
  document.documentElement.classList.toggle("printing", on);
  for (const plot of made.values()) plot.draw();
  if (on) figures.forEach(make);
}
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
