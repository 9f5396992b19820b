/** The library of the plots. It stands in the page as text and is run when the first plot is made, so that no reader
 * waits for it; once for each number of dots a pixel, since it reads that once and paper has more of them. */
const libraries = new Map();

/** The class that draws, with `ratio` dots of the canvas for a pixel of the page. */
function library(ratio) {
  if (!libraries.size) document.head.append(document.getElementById("plot-style").content.cloneNode(true));
  if (!libraries.has(ratio)) {
    const text = document.getElementById("plot-library").textContent;
    libraries.set(ratio, new Function("devicePixelRatio", `${text}\nreturn uPlot;`)(ratio));
  }
  return libraries.get(ratio);
}

globalThis.plotLibrary = library;
