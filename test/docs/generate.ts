/** `npm run docs`: writes provider/README.md. */
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { root } from "./program";
import { reference } from "./reference";

writeFileSync(path.join(root, "provider", "README.md"), reference());
process.stdout.write("wrote provider/README.md\n");
