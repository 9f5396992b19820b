// Writes the libraries as the pages carry them: three.js with only what three.entry.js names, uPlot as it comes.
import { build } from "esbuild";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;

await build({
  entryPoints: ["three.entry.js"], outfile: "three.min.js", bundle: true, minify: true, format: "esm",
  legalComments: "none", banner: { js: `/* three.js ${version("three")}, MIT licence, see three.LICENSE */` },
});
copyFileSync("node_modules/three/LICENSE", "three.LICENSE");
const plot = readFileSync("node_modules/uplot/dist/uPlot.iife.min.js", "utf8");
writeFileSync("uPlot.min.js", `/* uPlot ${version("uplot")}, MIT licence, see uPlot.LICENSE */\n${plot}`);
copyFileSync("node_modules/uplot/dist/uPlot.min.css", "uPlot.min.css");
copyFileSync("node_modules/uplot/LICENSE", "uPlot.LICENSE");
