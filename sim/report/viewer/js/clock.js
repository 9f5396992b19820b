/* Time of the page: seconds since the flight's zero, whether it runs and how fast, and how it is read. */

export const SPEEDS = [1, 10, 60, 300, 1000, 3000, 10000];
const FASTEST = 3000;
const SLOWEST = 2;
const ZONES = { UTC: 0, Beijing: 8, Islamabad: 5 };

/** A clock over [start, end] s; `events` in the order of time. */
export function makeClock(start, end, events) {
  const clock = { t: start, start, end, running: false, speed: "auto" };
  const times = events.map((e) => e.t);

  /** Slow near an event, faster the further away it is. */
  function auto(t) {
    let near = Infinity;
    for (const at of times) near = Math.min(near, at > t ? (at - t) / 4 : (t - at) / 2);
    return Math.min(FASTEST, Math.max(SLOWEST, near));
  }

  clock.rate = () => (clock.speed === "auto" ? auto(clock.t) : clock.speed);
  clock.seek = (t) => {
    clock.t = Math.min(end, Math.max(start, t));
  };
  /** Goes on by `passed` s of the viewer's time; stops at the end. */
  clock.step = (passed) => {
    clock.seek(clock.t + passed * clock.rate());
    if (clock.t >= end) clock.running = false;
  };
  return clock;
}

const two = (n) => String(n).padStart(2, "0");

/** Date and time of day at an offset in hours, from milliseconds since 1970. */
export function dayAndTime(ms, hours = 0) {
  const text = new Date(Math.floor(ms / 1000) * 1000 + hours * 3600000).toISOString();
  return [text.slice(0, 10), text.slice(11, 19)];
}

/** Time since lift-off as T+ days hh:mm:ss. */
export function sinceLiftoff(seconds) {
  const s = Math.floor(Math.abs(seconds));
  const days = Math.floor(s / 86400);
  const rest = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  return `T${seconds < 0 ? "−" : "+"}${days ? `${days} d ` : ""}${rest}`;
}

/** What the clocks show: pairs of name and text; `day` is that of UTC. */
export function readings(flight, t) {
  const ms = flight.zero + 1000 * t;
  const day = dayAndTime(ms)[0];
  const rows = Object.entries(ZONES).map(([name, hours]) => {
    const [date, time] = dayAndTime(ms, hours);
    return [name, name === "UTC" ? `${date} ${time}` : date === day ? time : `${time} (${date.slice(8)}.)`];
  });
  if (flight.liftoff !== null) rows.push(["MET", sinceLiftoff(t - flight.liftoff)]);
  return rows;
}
