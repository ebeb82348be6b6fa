/** `npm run docs`: writes provider/README.md and the published JSON schemas. */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { root } from "./program";
import { reference } from "./reference";
import { schemaFiles } from "./schemas";

for (const { file, text } of [{ file: "provider/README.md", text: reference() }, ...schemaFiles()]) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
