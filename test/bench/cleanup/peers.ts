import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { peers as peerSteps } from "../../setup/main";
import { setUpLine } from "../../setup/step";
import { type FoundTool, findTool, type PeerName } from "../../setup/tools";

/** Where the images are that all of them are to read. */
export interface Place {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly repository: string;
}

/** What people use in place of this action: prints a line with the creation time for each tag, the first half of every cleanup. */
export interface Peer {
  readonly name: string;
  readonly how?: string;
  /** What it needs; undefined: curl, which every machine has. */
  readonly tool: PeerName | undefined;
  /** Starts a process or two for each tag: minutes rather than seconds. */
  readonly slow: boolean;
  /** May write files into `scratch`. */
  command(place: Place, tool: string, scratch: string): readonly [string, ...string[]];
}

export const PEERS: readonly Peer[] = [
  {
    name: "regbot",
    tool: "regbot",
    slow: false,
    command: (place, tool, scratch) => regbot(place, tool, scratch, ["print(image.config(repository .. ':' .. tag).created, tag)"]),
  },
  {
    name: "regbot",
    how: "each digest once",
    tool: "regbot",
    slow: false,
    command: (place, tool, scratch) =>
      regbot(place, tool, scratch, [
        "local digest = manifest.descriptor(manifest.head(repository .. ':' .. tag)).digest",
        "if not known[digest] then known[digest] = image.config(repository .. '@' .. digest).created end",
        "print(known[digest], tag)",
      ]),
  },
  {
    name: "crane config",
    how: "8 at a time",
    tool: "crane",
    slow: true,
    command: ({ url, repository }, tool) => {
      const name = `${new URL(url).host}/${repository}`;
      return loop(`'${tool}' ls ${name}`, `echo "$('${tool}' config ${name}:"$1" | sed ${CREATED}) $1"`);
    },
  },
  {
    name: "curl and sed",
    how: "8 at a time",
    tool: undefined,
    slow: true,
    command: ({ url, repository }) => {
      const get = `curl -sf -H 'Accept: application/vnd.oci.image.manifest.v1+json' ${url}/v2/${repository}`;
      // 2.8 lists all tags at once to those who do not ask for pages.
      const list = `${get}/tags/list | sed 's/.*"tags":\\[//; s/].*//' | tr -d '"' | tr , '\\n'`;
      const config = `$(${get}/manifests/"$1" | sed 's/.*"config":{[^}]*"digest":"\\([^"]*\\)".*/\\1/')`;
      return loop(list, `echo "$(${get}/blobs/"${config}" | sed ${CREATED}) $1"`);
    },
  },
  {
    name: "regctl",
    how: "8 at a time",
    tool: "regctl",
    slow: true,
    command: ({ url, repository }, tool) => {
      const { host } = new URL(url);
      const regctl = `'${tool}' --host reg=${host},tls=disabled`;
      const name = `${host}/${repository}`;
      return loop(`${regctl} tag ls ${name}`, `echo "$(${regctl} image config ${name}:"$1" --format '{{.Created}}') $1"`);
    },
  },
];

/** Undefined where it is not there. */
export function findPeer({ tool }: Peer, env: NodeJS.ProcessEnv): FoundTool | undefined {
  return tool === undefined ? findCurl(env) : findTool(tool, env);
}

function findCurl(env: NodeJS.ProcessEnv): FoundTool | undefined {
  const { stdout } = spawnSync("curl", ["--version"], { env, encoding: "utf8" });
  const version = /^curl (\S+)/.exec(stdout ?? "")?.[1];
  return version === undefined ? undefined : { path: "curl", version };
}

/** What is missing of all that the benchmark would like to have, with the line that brings it. */
export function missingTools(env: NodeJS.ProcessEnv): string[] {
  return peerSteps
    .filter(({ tool }) => !findTool(tool, env))
    .map((step) => `${step.tool} is missing: ${setUpLine(step)}, or by hand: ${step.byHand}`);
}

const CREATED = `'s/.*"created":"\\([^"]*\\)".*/\\1/'`;

/** Eight processes at a time: what a patient author of such a script does on a small machine. */
function loop(list: string, each: string): readonly [string, ...string[]] {
  return ["sh", "-c", `{ ${list}; } | xargs -n 1 -P 8 sh -c '${each.replaceAll("'", `'\\''`)}' sh`];
}

function regbot({ url, repository }: Place, tool: string, scratch: string, lines: readonly string[]): readonly [string, ...string[]] {
  const { host } = new URL(url);
  const script = [
    `local repository = '${host}/${repository}'`,
    "local known = {}",
    "for _, tag in pairs(tag.ls(repository)) do",
    ...lines,
    "end",
  ];
  const config = {
    version: 1,
    creds: [{ registry: host, tls: "disabled" }],
    scripts: [{ name: "dates", timeout: "1h", script: script.join("\n") }],
  };
  const file = path.join(scratch, "regbot.yml");
  writeFileSync(file, JSON.stringify(config)); // JSON is YAML
  return [tool, "once", "--dry-run", "-c", file];
}
