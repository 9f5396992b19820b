// Pictures stand in the page as text. Each is put in its place after the first paint: as it comes near, before the page
// is printed, and all of them while nothing else is to be done, so that a search in the page finds their words.

const waiting = new Set(document.querySelectorAll("figure.picture noscript"));

function place(text) {
  if (!waiting.delete(text)) return;
  near.unobserve(text.parentElement);
  text.insertAdjacentHTML("beforebegin", text.textContent);
  text.remove();
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) place(target.querySelector("noscript"));
  },
  { rootMargin: "600px" },
);

firstPaint.painted.then(() => {
  for (const text of waiting) near.observe(text.parentElement);
});
firstPaint.whileIdle(waiting, place);
addEventListener("beforeprint", () => [...waiting].forEach(place));
