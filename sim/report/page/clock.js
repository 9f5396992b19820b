// The clock switch: writes every time of the page anew, and says so by the event "clock" of the document.

const OFFSETS_S = { utc: 0, beijing: 28800, islamabad: 18000, met: 0 };
const NAMES = { utc: "UTC", beijing: "Beijing", islamabad: "Islamabad", met: "MET" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const KEPT = "tiangong-clock";
const SECOND = "%Y-%m-%d %H:%M:%S";

const root = document.documentElement;
const leaps = document.body.dataset.leaps.split(" ").filter(Boolean).map((day) => Date.parse(day));
const zero = Date.parse(document.body.dataset.zero);
const two = (n) => String(n).padStart(2, "0");

/** A clock text in a form of strftime, rounded to what the form shows last, as Epoch.text rounds it. */
function clockText(utc, form, offsetS) {
  const leap = utc.includes(":60"); // a second that Date does not know: counted from the one before
  const unit = form.includes("%S") ? 1000 : form.includes("%M") ? 60000 : 0;
  const moment = Date.parse(leap ? utc.replace(":60", ":59") : utc);
  const at = new Date(moment + unit / 2 + offsetS * 1000);
  const parts = {
    "%Y": at.getUTCFullYear(),
    "%m": two(at.getUTCMonth() + 1),
    "%d": two(at.getUTCDate()),
    "%b": MONTHS[at.getUTCMonth()],
    "%H": two(at.getUTCHours()),
    "%M": two(at.getUTCMinutes()),
    "%S": leap ? "60" : two(at.getUTCSeconds()),
  };
  return form.replace(/%[YmdbHMS]/g, (part) => parts[part]);
}

/** SI seconds from lift-off, or the start; a leap second between them counts too. */
function missionSeconds(utc) {
  const leap = utc.includes(":60");
  const moment = Date.parse(leap ? utc.replace(":60", ":59") : utc);
  const since = (when) => leaps.filter((day) => day <= when).length;
  return (moment - zero) / 1000 + since(moment) - since(zero) + (leap ? 1 : 0);
}

/** T+35:10, T+3:38:16, T+7 d 19:31:39; a form without seconds always names the days, so that hours stay hours. */
function missionText(seconds, form) {
  const sign = seconds < 0 ? "-" : "+";
  const unit = form.includes("%S") ? 1 : 60;
  const total = Math.round(Math.abs(seconds) / unit) * unit;
  const days = Math.floor(total / 86400);
  const h = Math.floor((total % 86400) / 3600);
  const m = Math.floor((total % 3600) / 60);
  const s = unit === 1 ? ":" + two(total % 60) : "";
  if (days || unit === 60) return `T${sign}${days} d ${two(h)}:${two(m)}${s}`;
  return h ? `T${sign}${h}:${two(m)}${s}` : `T${sign}${two(m)}${s}`;
}

/** Times of other flights have no mission time: they stay UTC. */
function written(element, name) {
  const { form = SECOND } = element.dataset;
  const of = name === "met" && "other" in element.dataset ? "utc" : name;
  const zone = "zone" in element.dataset;
  const utc = element.getAttribute("datetime");
  if (of === "met") return missionText(missionSeconds(utc), form);
  return clockText(utc, form, OFFSETS_S[of]) + (zone ? ` ${NAMES[of]}${of === "utc" ? "" : " time"}` : "");
}

function choose(name) {
  if (name === (root.dataset.clock ?? "utc")) return announce(name); // the page is written in UTC
  root.dataset.clock = name;
  for (const element of document.querySelectorAll("time[datetime]")) element.textContent = written(element, name);
  for (const element of document.querySelectorAll(".zone")) {
    element.textContent = NAMES[name === "met" && "other" in element.dataset ? "utc" : name];
  }
  announce(name);
}

/** zero: milliseconds of UTC since 1970 at lift-off, from which MET counts; offset_s: what the clock adds to UTC. */
function announce(name) {
  root.dataset.clock = name;
  const detail = { name, offset_s: OFFSETS_S[name], zero };
  document.dispatchEvent(new CustomEvent("clock", { detail }));
}

/** The choice of an earlier visit; a browser may forbid a page of the disk to keep one. */
function kept() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

const field = document.querySelector(".clock");
field.hidden = false;
field.addEventListener("change", (event) => {
  choose(event.target.value);
  try {
    localStorage.setItem(KEPT, event.target.value);
  } catch {
    // it holds for this visit
  }
});
// Every script of the page listens by then, this one being among the first.
document.addEventListener("DOMContentLoaded", () => {
  const name = kept() in OFFSETS_S ? kept() : "utc";
  field.querySelector(`[value="${name}"]`).checked = true;
  choose(name);
});
