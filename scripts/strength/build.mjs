// node build.mjs OUT: bundle entry.js with the lists beside it. Run by scripts/strength_bundle.py.

import { build } from "esbuild";
import { readFile } from "node:fs/promises";

// The server's scorer counts years from here; a year that moves on would make the two drift apart.
const SERVER = [
  ["const REFERENCE_YEAR = new Date().getFullYear();", "const REFERENCE_YEAR = 2017;"],
  ["const MIN_YEAR_SPACE = 21;", "const MIN_YEAR_SPACE = 20;"],
  ["recentYear: /19\\d\\d|200\\d|201\\d|202\\d/g", "recentYear: /19\\d\\d|200\\d|201\\d/g"],
];

const asOnTheServer = {
  name: "as on the server",
  setup(bundle) {
    bundle.onLoad({ filter: /core[\\/]dist[\\/]data[\\/]const\.mjs$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [theirs, ours] of SERVER) {
        if (!contents.includes(theirs)) throw new Error(`${path} no longer says: ${theirs}`);
        contents = contents.replace(theirs, ours);
      }
      return { contents };
    });
  },
};

await build({
  entryPoints: ["entry.js"],
  outfile: process.argv[2],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `/*! ${process.argv[3]} */` },
  plugins: [asOnTheServer],
});
