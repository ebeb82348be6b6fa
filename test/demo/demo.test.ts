import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { type Deployment, packOnce } from "../engine";

jest.setTimeout(120_000);

const ROOT = path.join(__dirname, "..", "..");
/** The sandbox's passwords, IAM tokens, registry tokens, and the latter as Docker's configuration holds them. */
const SECRETS = [/sandbox(-oci|-dtr)?-password/, /gAAAAA[\w-]{20}/, /CRgAAAAA[\w-]{10}/, /dG9rZW46Q1JnQUFBQU/];

interface Demo {
  readonly child: ChildProcess;
  /** Where scratch folders and the person's home are, and nobody else's. */
  readonly scratch: string;
  readonly out: string;
  output(): string;
  readonly ended: Promise<{ code: number | null; seconds: number }>;
}

let scratch: string;
let tarball: string;
beforeAll(async () => {
  tarball = await packOnce();
});
beforeEach(() => {
  scratch = mkdtempSync(path.join(tmpdir(), "demo-test-"));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** Starts the demo as `npm run demo` does, on the embedded engine, with a home and a folder for scratch of its own. */
function start(): Demo {
  const [home, temporary, out] = ["home", "tmp", "out"].map((name) => path.join(scratch, name)) as [string, string, string]; // three names
  mkdirSync(home);
  mkdirSync(temporary);
  const begun = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", "test/demo/main.ts", "--package", tarball, "--out", out], {
    cwd: ROOT,
    env: {
      ...process.env,
      HOME: home,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      REGISTRY_AS_CODE_PULUMI: path.join(scratch, "no-pulumi-here"),
      HTTP_PROXY: "http://127.0.0.1:9",
      HTTPS_PROXY: "http://127.0.0.1:9",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<{ code: number | null; seconds: number }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, seconds: (performance.now() - begun) / 1000 }));
  });
  return { child, scratch, out, output: () => output, ended };
}

/** What is left of it in the home, in the folder for scratch, and among the processes (Linux alone tells whose they are). */
function leftovers(): string[] {
  const files = ["home", "tmp"].flatMap((folder) => readdirSync(path.join(scratch, folder)));
  const marker = `TMPDIR=${path.join(scratch, "tmp")}`;
  const processes = (process.platform === "linux" ? readdirSync("/proc") : []).flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "utf8").includes(marker) ? [`process ${pid}`] : [];
    } catch {
      return []; // another person's, or gone meanwhile
    }
  });
  // tsx, which runs the demo's own TypeScript, keeps what it compiled.
  return [...files.filter((name) => !name.startsWith("tsx-")), ...processes];
}

describe("npm run demo", () => {
  it("tells the whole story in its time, keeps the state, and leaves nothing else behind", async () => {
    const demo = start();
    const { code, seconds } = await demo.ended;
    expect(`${demo.output()}\nexit code ${code}`).toMatch(/Each step was checked[\s\S]*exit code 0$/);
    // A minute on two cores of its own (36 s measured); here another worker has one of them.
    expect(seconds).toBeLessThan(100);

    const headings = demo.output().match(/^ ?\d+\. pulumi .*/gm) ?? [];
    expect(headings.map((heading) => /pulumi (\w+)/.exec(heading)?.[1])).toEqual(
      "preview up up config refresh up config up up up up destroy".split(" "),
    );
    for (const line of [
      "engine   embedded test engine of this project (not Pulumi itself",
      "Known only after up: pullSecret, pushTo, usage.",
      "pullSecret  [secret]",
      "= 10 unchanged",
      "status: active → revoked",
      "accessLevel: read-write → admin",
      "token: [secret] → [another secret]",
      "answered with 401, with the new one with 200",
      "Set adopt: true",
      "Set forceDelete: true",
      "Left in team/shop: pr-0, pr-5, pr-6, v1, v2, production.",
      "A pull in the next step is answered with 200; after the job, with 401.",
      "what was there before step 1",
    ]) {
      expect(demo.output()).toContain(line);
    }
    expect(demo.output()).not.toContain("\u001b[");
    expect(demo.output().split("\n").length).toBeLessThan(140);

    const kept = Object.fromEntries(readdirSync(demo.out).map((file) => [file, readFileSync(path.join(demo.out, file), "utf8")]));
    expect(Object.keys(kept).sort()).toEqual(["cleanup-plan.jsonl", "cleanup-summary.md", "output.log", "state.json"]);
    const { resources }: Deployment = JSON.parse(kept["state.json"] ?? "");
    expect(resources.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(
      [
        "access",
        "acme",
        "app",
        "backend",
        "default",
        "demo-dev",
        "developers",
        "garbage",
        "legacy",
        "previews",
        "production",
        "pull",
        "registry",
        "shop",
      ].sort(),
    );
    for (const text of [demo.output(), ...Object.values(kept)]) for (const secret of SECRETS) expect(text).not.toMatch(secret);
    expect(leftovers()).toEqual([]);
  });

  // On Windows a signal from another process is an end without warning.
  const interruptible = process.platform === "win32" ? it.skip : it;
  interruptible.each(["SIGINT", "SIGTERM"] as const)("%s in the middle of an up leaves nothing behind", async (signal) => {
    const demo = start();
    // While the engine, the program and the provider are at work.
    await new Promise<void>((resolve) => {
      demo.child.stdout?.on("data", () => demo.output().includes(" 2. pulumi up") && resolve());
      void demo.ended.then(() => resolve());
    });
    expect(leftovers()).not.toEqual([]);
    demo.child.kill(signal);
    demo.child.kill(signal);
    const { code } = await demo.ended;
    expect(demo.output()).toMatch(new RegExp(`\\n${signal}: stopped\\. .*\\n$`));
    expect(code).toBe(signal === "SIGINT" ? 130 : 143);
    expect(leftovers()).toEqual([]);
    expect(existsSync(demo.out)).toBe(false);
  });
});
