/* How sharp the picture is while it moves: where pictures come slowly, it has fewer pixels; at rest it has all. */

const SLOW_MS = 34; // fewer than 30 pictures a second
const IN_A_ROW = 5; // one slow picture, as when a shader is compiled, says nothing
const LEAST = 0.5;
const REST_MS = 250; // after the last touch of hand or keyboard

/** `sharpness(now, runs)`, ms of a picture and whether the clock runs: 1, or less while the picture moves. `touched()`:
 * hand or keyboard moved it. `again()` is called when a picture that came to rest is to be drawn sharply. */
export function makePace(again) {
  let moving = 1;
  let slow = 0;
  let before = 0;
  let until = 0;
  let timer = 0;

  function touched() {
    until = performance.now() + REST_MS;
    clearTimeout(timer);
    if (moving < 1) timer = setTimeout(again, REST_MS + 20);
  }

  function sharpness(now, runs) {
    if (!runs && now >= until) {
      before = 0;
      return 1;
    }
    const passed = before ? now - before : 0;
    before = now;
    slow = passed > SLOW_MS ? slow + 1 : 0;
    if (slow >= IN_A_ROW && moving > LEAST) {
      moving = Math.max(LEAST, 0.75 * moving);
      slow = 0;
    }
    return moving;
  }
  return { sharpness, touched };
}
