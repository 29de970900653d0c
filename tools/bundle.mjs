// Bundles the JavaScript and the style sheets of the figures, for `npm run bundle`, into
// cnnmath/explorer/bundle, or the folder that is given:
//
//   page.js    the script of the built page: classic, since a page opened from disk runs no modules
//   widget.js  the module of the widget in JupyterLab
//   figure.css the style sheet of both
//   translator.js, translator-widget.js, translator.css  the same of the translator of conventions

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const explorer = fileURLToPath(new URL("../cnnmath/explorer", import.meta.url));
const folder = process.argv[2] ?? `${explorer}/bundle`;

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: explorer,
  bundle: true,
  charset: "utf8",
  // The script is smaller by a third so, and a notebook gets it once a figure. Who looks for a
  // mistake can bundle the modules as they are, as the tests do.
  minify: true,
  target: "es2023",
  // As strict as the modules are, in a classic script too.
  tsconfigRaw: { compilerOptions: { alwaysStrict: true } },
  logLevel: "warning",
};

await build({
  ...common,
  entryPoints: ["js/page.js", "js/translator.js"],
  format: "iife",
  outdir: folder,
});
await build({
  ...common,
  entryPoints: ["js/widget.js", "js/translator-widget.js"],
  format: "esm",
  outdir: folder,
});
await build({ ...common, entryPoints: ["css/translator.css"], outdir: folder });
await build({
  ...common,
  stdin: {
    contents: [
      '@import "./css/figure.css";',
      '@import "./css/curves.css";',
      '@import "./css/predictions.css";',
      '@import "./css/desk.css";',
    ].join("\n"),
    loader: "css",
    resolveDir: explorer,
  },
  outfile: `${folder}/figure.css`,
});
