/** PATH for the real engine: the plugins that an ordinary installation has beside `pulumi`, where they are missing. */
import { chmodSync, existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { EngineError } from "./operation";

const HOST = path.join(__dirname, "language-host.mts");

/** `bin`: a scratch folder. `node`: new enough to run TypeScript as it is (22.18). */
export function enginePath(pulumi: string, dir: string, bin: string, node: string, before: string): string {
  const suffix = process.platform === "win32" ? ".exe" : "";
  if (existsSync(path.join(path.dirname(realpathSync(pulumi)), `pulumi-language-nodejs${suffix}`))) return before;
  mkdirSync(bin, { recursive: true });
  if (process.platform === "win32") {
    writeFileSync(path.join(bin, "pulumi-language-nodejs.cmd"), `@"${node}" "${HOST}" %*\r\n`);
  } else {
    const script = path.join(bin, "pulumi-language-nodejs");
    writeFileSync(script, `#!/bin/sh\nexec "${node}" "${HOST}" "$@"\n`);
    chmodSync(script, 0o755);
  }
  // In the SDK's folder lies `pulumi-resource-pulumi-nodejs`, which starts the dynamic provider.
  return [bin, sdkFolder(dir), before].join(path.delimiter);
}

function sdkFolder(dir: string): string {
  try {
    return path.dirname(createRequire(path.join(dir, "package.json")).resolve("@pulumi/pulumi/package.json"));
  } catch {
    throw new EngineError(`@pulumi/pulumi is not installed for the program in ${dir}: run "npm install" there`);
  }
}
