/** `npm run docs`: writes the reference, the table of operations and the published JSON schemas. */
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { dtrOperationsPage, FILE } from "./dtr-table";
import { POLICIES_FILE, policiesPage } from "./policies";
import { root } from "./program";
import { reference } from "./reference";
import { schemaFiles } from "./schemas";

const pages = [
  { file: "provider/README.md", text: reference() },
  { file: FILE, text: dtrOperationsPage() },
  { file: POLICIES_FILE, text: policiesPage() },
];
for (const { file, text } of [...pages, ...schemaFiles()]) {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
