/** Writes each `action.yml` and the tables of the actions' READMEs; a part of `npm run docs`. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { actions, manifests, root, withTables } from "./manifests";

const written = Object.entries(manifests());
for (const action of Object.values(actions))
  written.push([action.readme, withTables(readFileSync(path.join(root, action.readme), "utf8"), action)]);
for (const [file, text] of written) writeFileSync(path.join(root, file), text);
process.stdout.write(`wrote ${written.map(([file]) => file).join(", ")}\n`);
