/** Times of the plots on the reader's clock; a name of the page, since scripts inlined in it cannot import one another. */
const NAMES = { utc: "UTC", beijing: "Beijing", islamabad: "Islamabad", met: "MET" };
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** What the clock shows less UTC in seconds since 1970; mission time counts from `zero`. */
const clock = { name: "utc", shift: 0 };

const two = (value) => String(value).padStart(2, "0");

/** A time of the clock, seconds, as text: `step` says how fine; `dated`: with the day. */
function timeText(seconds, step, dated) {
  const digits = step < 1 ? 1 : 0;
  const rounded = Math.round(seconds * 10 ** digits) / 10 ** digits;
  const size = Math.abs(rounded);
  const fraction = digits ? (size % 1).toFixed(1).slice(1) : "";
  const [hours, minutes, s] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, Math.floor(size) % 60];
  if (clock.name === "met") {
    const days = Math.floor(hours / 24);
    const day = days ? `${days} d ` : "";
    if (step >= 86400) return `${rounded < 0 ? "-" : ""}${days} d`;
    return `${rounded < 0 ? "-" : ""}${day}${hours % 24}:${two(minutes)}${step < 60 ? `:${two(s)}${fraction}` : ""}`;
  }
  const date = new Date(Math.round(rounded * 1000));
  const day = `${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}`;
  if (step >= 86400) return day;
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  const whole = step < 60 ? `${time}:${two(date.getUTCSeconds())}${fraction}` : time;
  return dated ? `${day} ${whole}` : whole;
}

globalThis.plotTimes = { clock, text: timeText, zone: () => NAMES[clock.name] };
