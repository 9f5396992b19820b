// The switch between the full report and the flight in plain words, in the language chosen.

const bar = document.querySelector(".plain-switch");
const articles = [...document.querySelectorAll(".plain-words")];
const title = document.title;

/** Marks all that is no part of the plain view, however deep the page puts the switch. */
function markTheRest() {
  for (let node = bar; node !== document.body; node = node.parentElement) {
    for (const other of node.parentElement.children) {
      if (other !== node && !other.matches(".plain-words, script, style")) other.classList.add("not-plain");
    }
  }
}

/** Shows one view: "full", or the code of a language. */
function show(view) {
  const article = articles.find((one) => one.dataset.language === view);
  const code = article ? view : "en";
  const root = document.documentElement;
  root.dataset.view = article ? "plain" : "full";
  root.lang = article ? article.lang : "en";
  root.dir = article ? article.dir : "ltr";
  document.title = article ? article.querySelector("h1").textContent : title;
  for (const one of articles) one.hidden = one !== article;
  for (const button of bar.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === (article ? view : "full")));
  }
  bar.setAttribute("aria-label", bar.getAttribute(`data-label-${code}`));
  bar.querySelector('[data-view="full"]').textContent = bar.getAttribute(`data-full-${code}`);
  bar.querySelector("span").textContent = bar.getAttribute(`data-plain-${code}`);
}

/** An address that ends in #plain-ur, or in a section of that article, opens in its language. */
function openAsked() {
  const asked = /^#plain-([a-z]+)(-|$)/.exec(location.hash);
  if (!asked || !articles.some((one) => one.dataset.language === asked[1])) return;
  show(asked[1]);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

if (bar && articles.length) {
  markTheRest();
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    show(button.dataset.view);
    scrollTo(0, 0);
  });
  addEventListener("hashchange", openAsked);
  openAsked();
}
