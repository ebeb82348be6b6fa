/**
 * Builds the actions: one file each, with everything in it, and the licences of what is in it.
 * The same sources and the same versions of packages give the same bytes. `node action/bundle.mjs` writes them, with `--check` it holds those
 * that are there against them.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What is built of each action: a file of its `dist` for each entry. */
export const entries = {
  cleanup: { "index.cjs": "main.ts" },
  token: { "main.cjs": "main.ts", "post.cjs": "post.ts" },
};

/** The files of an action's `dist`, by name, and the sources that went into each. */
export async function bundle(action = "cleanup") {
  const files = {};
  const inputs = {};
  for (const [file, entry] of Object.entries(entries[action])) {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: [`action/${action}/${entry}`],
      outfile: path.join(root, "action", action, "dist", file),
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      target: "node24",
      format: "cjs",
      minify: true,
      plugins: [leftOut, namespaces],
      legalComments: "none",
      sourcemap: false,
      // Both forms of a package in one bundle would be two copies.
      mainFields: ["module", "main"],
      logLevel: "warning",
    });
    files[file] = Buffer.from(outputFiles[0].contents);
    inputs[file] = Object.keys(metafile.inputs);
  }
  files["licenses.txt"] = Buffer.from(licenses(Object.values(inputs).flat()));
  return { files, inputs };
}

/**
 * Parts of packages that nothing here uses and no bundler can tell: they hang on an object of exports. What would use one fails at once, and
 * the tests run the bundle. undici: its mocks, web sockets, event sources, cookies and SQLite store; octokit: a method for each of GitHub's
 * 1,000 endpoints, of which we ask four by their route.
 */
const leftOut = {
  name: "left out",
  setup({ onLoad }) {
    const empty = { contents: "module.exports = {}", loader: "js" };
    onLoad(
      { filter: /[\\/]undici[\\/]lib[\\/](mock|web[\\/](websocket|eventsource|cookies)|cache[\\/]sqlite-cache-store\.js)/ },
      () => empty,
    );
    // Only its version is asked for; the rest would make a new bundle of each change of a script.
    onLoad({ filter: /[\\/]package\.json$/ }, ({ path: file }) => {
      const { name, version } = JSON.parse(readFileSync(file, "utf8"));
      return { contents: JSON.stringify({ name, version }), loader: "json" };
    });
    onLoad({ filter: /[\\/]plugin-rest-endpoint-methods[\\/]dist-src[\\/]generated[\\/]endpoints\.js$/ }, () => ({
      contents: "export default {}",
      loader: "js",
    }));
  },
};

/** `import { z }` takes all of zod, with 60 languages: esbuild sees what is used only of a namespace that is imported as one. */
const namespaces = {
  name: "namespaces",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](action|provider)[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replace(/^import (type )?\{ (?:type )?z \} from "zod";$/m, 'import $1* as z from "zod";'),
      loader: "ts",
    }));
  },
};

/** The licences of the packages whose files are in the bundle. */
function licenses(files) {
  const folders = new Set(files.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
    const file = readdirSync(path.join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined
        ? ""
        : readFileSync(path.join(root, folder, file), "utf8")
            .replaceAll("\r\n", "\n")
            .trim();
    return `${name}\n${license}\n${text}\n`;
  });
  return texts.join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes("--check");
  for (const action of Object.keys(entries)) {
    const { files, inputs } = await bundle(action);
    const dist = path.join(root, "action", action, "dist");
    if (!check) mkdirSync(dist, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      const file = path.join(dist, name);
      if (!check) writeFileSync(file, bytes);
      else if (!existsSync(file) || !bytes.equals(readFileSync(file))) {
        console.error(`${path.relative(root, file)} is not what the source gives: npm run bundle`);
        process.exitCode = 1;
      }
      if (inputs[name]) console.log(`${path.relative(root, file)}: ${bytes.length} bytes of ${inputs[name].length} files`);
    }
  }
}
