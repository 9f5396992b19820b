// The contents: open beside the page where there is room, folded above it where there is none; marks where one reads.

const details = document.querySelector("#contents details");
const wide = matchMedia("(min-width: 64rem)");
const links = new Map([...details.querySelectorAll("a")].map((a) => [a.hash.slice(1), a]));

wide.addEventListener("change", () => (details.open = wide.matches));

details.addEventListener("click", (event) => {
  if (event.target.closest("a") && !wide.matches) details.open = false;
});

// Sections out of sight are not laid out at first (base.css), and have a guessed height. A jump past them would end up to
// 18,000 pixels off in the report of a rotation, once they get their own. So all are laid out before it.
const layOut = (section) => (section.style.contentVisibility = "visible");
const sections = document.querySelectorAll("main section");

document.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='#']")) sections.forEach(layOut);
});
if (location.hash) {
  sections.forEach(layOut);
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

/** The last section whose head has come above the upper third of the window. */
function mark() {
  let at = null;
  for (const id of links.keys()) {
    if (document.getElementById(id).getBoundingClientRect().top > innerHeight / 3) break;
    at = id;
  }
  for (const [id, a] of links) {
    if (id === at) a.setAttribute("aria-current", "true");
    else a.removeAttribute("aria-current");
  }
  if (wide.matches && at) keepInView(links.get(at));
}

/** Scrolls the list, never the page. */
function keepInView(a) {
  const list = details.closest(".bar");
  const top = a.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top > list.scrollTop + list.clientHeight - 40) list.scrollTop = top - 120;
}

let waiting = false;
addEventListener(
  "scroll",
  () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
    });
  },
  { passive: true },
);

// On paper everything stands unfolded; afterwards as it was.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("main details:not([open])")];
  for (const one of unfolded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});
