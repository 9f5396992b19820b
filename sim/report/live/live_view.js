// Shows the state that live.js beside this page holds, and loads that file again every second. A script tag is the one
// way to read a changing file from file:// in every browser.

const EVERY_MS = 1000;
const PATIENCE = 5; // misses in a row; then whoever wrote the file has gone
let misses = 0;
let over = false;
let since = Date.now();
let doing = "";

/** An element with a text, and a class where one is given. */
function made(tag, text, name) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

/** A length in a unit that suits it. */
function length(metres) {
  return metres >= 1e4 ? `${(metres / 1e3).toFixed(2)} km` : `${metres.toFixed(metres < 100 ? 2 : 0)} m`;
}

/** Pairs of a word and its value at the end of the last phase. */
function rows(state) {
  const found = [];
  if (state.utc) found.push(["UTC", state.utc]);
  if (state.met) found.push(["MET", state.met]);
  for (const craft of state.craft) {
    const left = craft.propellant_kg === null ? "" : `, ${craft.propellant_kg.toFixed(0)} kg of propellant`;
    const at = `${craft.altitude_km.toFixed(1)} km high, ${craft.speed_m_s.toFixed(1)} m/s`;
    found.push([craft.name, `${at}, ${craft.mass_kg.toFixed(0)} kg${left}`]);
  }
  if (state.range_m !== null) {
    const rate = `${state.range_rate_m_s >= 0 ? "+" : "−"}${Math.abs(state.range_rate_m_s).toFixed(3)} m/s`;
    found.push(["range to the station", `${length(state.range_m)}, ${rate} (${state.ship})`]);
  }
  if (state.docked.length) found.push(["docked", state.docked.join(", ")]);
  const broken = state.rules_broken.length ? `, broken: ${state.rules_broken.join("; ")}` : "";
  if (state.utc) found.push(["rules", `${state.rules_held} held${broken}`]);
  return found;
}

/** The words of one phase. */
function phase(row) {
  const wall = row.wall_s === null ? "" : `, computed in ${row.wall_s.toFixed(1)} s`;
  return row.end_utc ? `${row.name}: to ${row.end_utc} ${row.met}${wall}` : row.name;
}

/** How long the present work has gone on. */
function clock() {
  const seconds = Math.round((Date.now() - since) / 1000);
  document.getElementById("doing").textContent = over ? doing : `${doing}, for ${seconds} s`;
}

/** Called by live.js: the whole state, each time. */
globalThis.show = (state) => {
  misses = 0;
  if (state.doing !== doing) since = Date.now();
  doing = state.doing;
  over = state.over;
  document.title = `${Math.round(100 * state.fraction)} % ${state.mission}`;
  document.getElementById("mission").textContent = state.mission;
  document.getElementById("fraction").value = state.fraction;
  const pairs = rows(state).flatMap(([word, value]) => [made("dt", word), made("dd", value)]);
  document.getElementById("state").replaceChildren(...pairs);
  document.getElementById("phases").replaceChildren(...state.phases.map((row) => made("li", phase(row), row.status)));
  const events = state.events.map((event) => {
    const line = document.createElement("tr");
    line.append(...["utc", "met", "name", "vehicle", "values"].map((key) => made("td", event[key])));
    return line;
  });
  document.getElementById("events").replaceChildren(...events);
  const links = Object.entries(state.links).map(([word, where]) => {
    const link = made("a", word);
    link.href = where;
    return link;
  });
  document.getElementById("links").replaceChildren(...links);
  clock();
};

/** Load live.js once more, and again a second later as long as the flight goes on. */
function again() {
  if (over) return;
  const script = document.createElement("script");
  script.src = `live.js?${Date.now()}`;
  script.onload = () => script.remove();
  script.onerror = () => {
    script.remove();
    misses += 1;
    if (misses < PATIENCE) return;
    over = true;
    doing = "no news any more: the command has ended or was stopped";
    clock();
  };
  document.head.append(script);
  clock();
  setTimeout(again, EVERY_MS);
}

again();
