// Tables: heads that sort, a filter for the timeline, and scrolling by keyboard where a table is wider than the page.

/** What a row is sorted by: the value that the cell names, its time, or the first number or the words of its text. */
function keyOf(cell, numeric) {
  if (!cell) return null;
  if (cell.dataset.v !== undefined) return numeric || !isNaN(cell.dataset.v) ? Number(cell.dataset.v) : cell.dataset.v;
  const time = cell.querySelector("time");
  if (time) return Date.parse(time.getAttribute("datetime"));
  const text = cell.textContent.trim();
  if (text === "" || text === "–") return null;
  if (!numeric) return text;
  const found = /[-+−]?\d+(\.\d+)?(e[-+]?\d+)?/i.exec(text);
  return found ? Number(found[0].replace("−", "-")) : null;
}

/** Rows without a value stand last in either order; equal ones keep the order they had. */
function compare(a, b, sign) {
  if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
  const order = typeof a.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), "en", { numeric: true });
  return sign * order;
}

function sort(table, column, head) {
  const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const body = table.tBodies[0];
  const numeric = head.classList.contains("n");
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column], numeric) }));
  rows.sort((a, b) => compare(a, b, sign));
  body.append(...rows.map(({ row }) => row));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
}

const buttons = [];
for (const table of document.querySelectorAll("table.sorts")) {
  if (table.tBodies[0].rows.length < 2) continue;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (!head.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, column, head));
    head.append(button);
    buttons.push({ head, button });
  });
}

// Chromium repeats the heads of a table on each sheet of paper, but not what stands in a button there.
addEventListener("beforeprint", () => {
  for (const { head, button } of buttons) head.replaceChildren(...button.childNodes);
});
addEventListener("afterprint", () => {
  for (const { head, button } of buttons) {
    button.append(...head.childNodes);
    head.append(button);
  }
});

// ---- the filter of the timeline

const box = document.getElementById("timeline-filter");
if (box) {
  const rows = [...document.querySelectorAll("table.timeline > tbody > tr")];
  const count = document.getElementById("timeline-count");
  box.closest("p").hidden = false;
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      const text = `${row.textContent} ${row.dataset.words ?? ""}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      left += row.hidden ? 0 : 1;
    }
    count.textContent = words.length ? `${left} of ${rows.length} events` : "";
  });
}

// ---- a table that is wider than its place can be scrolled by the arrow keys

function reachable(target) {
  if (target.scrollWidth > target.clientWidth + 1) {
    target.tabIndex = 0;
    target.setAttribute("role", "region");
    target.setAttribute("aria-label", target.closest("section")?.querySelector("h2, h3")?.textContent ?? "table");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
  }
}

const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => reachable(target)));
const wide = [...document.querySelectorAll("main .wide:not([tabindex])")];
for (const one of wide) watch.observe(one);

// Those in sections that are not drawn yet.
firstPaint.whileIdle(wide, reachable);
