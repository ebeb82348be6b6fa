import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { roomyFolder } from "../../servers";
import { findTool } from "../../setup/tools";
import { costOf } from "./cost";

/** What the server gives to a client that does nothing but ask. */
export interface Ceiling {
  /** Requests a second. */
  readonly manifests: number;
  readonly configs: number;
  /** Seconds for one plan: each tag's manifest and each image's config once. */
  readonly seconds: number;
}

export interface CeilingOptions {
  readonly url: string;
  readonly repository: string;
  readonly tags: readonly string[];
  readonly configs: readonly string[];
  /** Whole seconds for each of the two. */
  readonly duration: number;
  readonly connections: number;
  /** Of the load generator. */
  readonly processors?: string;
}

const ACCEPT = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

/** Asks for the same manifests and configs with wrk. Undefined without it. */
export async function measureCeiling(options: CeilingOptions): Promise<Ceiling | undefined> {
  const wrk = findTool("wrk");
  if (!wrk) return undefined;
  const { url, repository, tags, configs, duration, connections, processors } = options;
  const folder = roomyFolder("ceiling-");
  const rate = async (paths: readonly string[]) => {
    const file = path.join(folder, "paths");
    writeFileSync(file, [ACCEPT, ...paths].map((line) => `${line}\n`).join(""));
    const load = ["-t2", `-c${connections}`, `-d${duration}s`, "-s", path.join(__dirname, "ceiling.lua"), url, "--", file];
    const { stdout } = await costOf([wrk.path, ...load], process.env, processors);
    const perSecond = Number(/Requests\/sec: +([\d.]+)/.exec(stdout)?.[1]);
    if (!perSecond || stdout.includes("Non-2xx")) throw new Error(`wrk did not get what it asked for:\n${stdout}`);
    return perSecond;
  };
  try {
    const found = {
      manifests: await rate(tags.map((tag) => `/v2/${repository}/manifests/${tag}`)),
      configs: await rate(configs.map((digest) => `/v2/${repository}/blobs/${digest}`)),
    };
    return { ...found, seconds: tags.length / found.manifests + configs.length / found.configs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
