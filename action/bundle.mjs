/**
 * Builds the actions: one file each, with everything in it, and the licences of what is in it.
 * The same sources and the same versions of packages give the same bytes. `node action/bundle.mjs` writes them, with `--check` it holds those
 * that are there against them. `--command-line` builds the package's program instead, into `dist`.
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
    const built = await bundled(`action/${action}/${entry}`, path.join(root, "action", action, "dist", file));
    files[file] = built.bytes;
    inputs[file] = built.inputs;
  }
  files["licenses.txt"] = Buffer.from(licenses(Object.values(inputs).flat()));
  return { files, inputs };
}

/**
 * The command line of the package, by the name of each file of `dist`: one program that needs nothing but Node and, for `sandbox`, what
 * lies beside it. It is part of the package's build and not committed.
 */
export async function bundleCommandLine() {
  const { bytes, inputs } = await bundled("action/command-line/main.ts", path.join(root, "dist", "command-line.cjs"), {
    banner: { js: "#!/usr/bin/env node" },
    plugins: [leftOut, namespaces, besides],
    // What the package itself runs on.
    target: "node22",
    // What the stand-in for Pulumi's SDK lacks is only used where something is declared.
    logOverride: { "import-is-undefined": "silent" },
  });
  return { "command-line.cjs": bytes, "command-line.licenses.txt": Buffer.from(licenses(inputs)) };
}

/** What lies beside the program in `dist`, the simulators, is not taken in; nor is Pulumi's SDK, of which an import, which only reads, needs next to nothing. */
const besides = {
  name: "besides",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/sandbox$/ }, () => ({ path: "./sandbox", external: true }));
    onResolve({ filter: /^@pulumi\/pulumi$/ }, () => ({ path: path.join(root, "action", "command-line", "sdk-stand-in.ts") }));
  },
};

/** One file with everything in it, and the sources that went into it. */
async function bundled(entry, outfile, more = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    minify: true,
    plugins: [leftOut, namespaces],
    ...more,
    legalComments: "none",
    sourcemap: false,
    // Both forms of a package in one bundle would be two copies.
    mainFields: ["module", "main"],
    logLevel: "warning",
  });
  return { bytes: Buffer.from(outputFiles[0].contents), inputs: Object.keys(metafile.inputs) };
}

/**
 * Parts of packages that nothing here uses and no bundler can tell: they hang on an object of exports. What would use one fails at once, and
 * the tests run the bundle. undici: all but what ours, octokit and the client of @actions ask for, each loaded when it is asked for, and HTTP/2, which nobody allows; @actions/core:
 * tokens of GitHub's identity provider and the names of operating systems, for which it loads an HTTP client and a runner of programs at
 * each start; octokit: a method for each of GitHub's 1,000 endpoints, of which we ask four by their route.
 */
const leftOut = {
  name: "left out",
  setup({ onLoad }) {
    const empty = { contents: "module.exports = {}", loader: "js" };
    onLoad({ filter: /[\\/]undici[\\/]index\.js$/ }, () => ({ contents: undici, loader: "js" }));
    onLoad({ filter: /[\\/]undici[\\/]lib[\\/](dispatcher[\\/]client-h2\.js|web[\\/](websocket|eventsource|cookies))/ }, () => empty);
    onLoad({ filter: /[\\/]@actions[\\/]core[\\/]lib[\\/]platform\.js$/ }, () => ({ contents: "export {}", loader: "js" }));
    onLoad({ filter: /[\\/]@actions[\\/]core[\\/]lib[\\/]oidc-utils\.js$/ }, () => ({
      contents: 'export const OidcClient = { getIDToken: async () => { throw new Error("This is no part of the bundle."); } };',
      loader: "js",
    }));
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

/** In place of undici's own index, which loads all that there is. */
const undici = `
const Dispatcher = require("./lib/dispatcher/dispatcher");
// The only one of its methods that is asked for beside dispatch.
Dispatcher.prototype.connect = function (...given) { return require("./lib/api/api-connect").apply(this, given); };
module.exports = {
  get Pool() { return require("./lib/dispatcher/pool"); },
  get ProxyAgent() { return require("./lib/dispatcher/proxy-agent"); },
  get buildConnector() { return require("./lib/core/connect"); },
  get errors() { return require("./lib/core/errors"); },
  get fetch() { return require("./lib/web/fetch").fetch; },
};
`;

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
  if (process.argv.includes("--command-line")) await writeCommandLine();
  else await writeActions();
}

async function writeCommandLine() {
  mkdirSync(path.join(root, "dist"), { recursive: true });
  for (const [name, bytes] of Object.entries(await bundleCommandLine())) {
    writeFileSync(path.join(root, "dist", name), bytes, { mode: name.endsWith(".cjs") ? 0o755 : 0o644 });
  }
}

async function writeActions() {
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
