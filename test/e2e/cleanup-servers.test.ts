import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import * as path from "node:path";
import { type Done, Runner } from "../action/process";
import { type FilledImage, type FillRepository, fill, type RunningServer, roomyFolder, startServer } from "../servers";
import { describeServers } from "../servers/describe";
import { findTool } from "../setup/tools";

jest.setTimeout(600_000);

const DAY = 86_400_000;
/** 5,000 tags over 2,500 images and 20 multi-arch indexes, in one large repository and five small ones; a tenth of the images where it has to be quick. */
const SIZE = process.env.CI ? 250 : 25;
const REPOSITORIES: readonly FillRepository[] = [
  { name: "team/app", images: 5 * SIZE, indexes: 10 },
  ...Array.from({ length: 5 }, (_, n) => ({ name: `team/service-${n}`, images: SIZE, indexes: 2 })),
];
const KEEP = SIZE / 5;
/** The small repositories reach back 250 days, the large one five times as far. */
const APART = (250 * DAY) / SIZE;
const OLDER_THAN = 175;
const RULE = {
  "delete-tags": "build-*\nsha-*\nmulti-*",
  "exclude-tags": "v*",
  "keep-n-tagged": String(KEEP),
  "older-than": `${OLDER_THAN}d`,
  "max-deletions": "5000",
  "max-deletions-percent": "90",
};

describeServers("the built cleanup action plans and cleans a real registry", ({ name }) => {
  let data: string;
  let server: RunningServer;
  let filled: readonly FilledImage[];
  let expected: Expected;
  const runner = new Runner();
  const clean = (inputs: Readonly<Record<string, string>>) => runner.run({ inputs: { registry: server.url, ...inputs } });

  beforeAll(async () => {
    data = roomyFolder("cleanup-servers-");
    server = await startServer(name, { directory: data });
    const now = Date.now();
    filled = await fill({ url: server.url, repositories: REPOSITORIES, now, apart: APART });
    expected = whatTheRuleSays(filled, now, name === "distribution");
  });
  afterAll(async () => {
    await server?.stop();
    runner.remove();
    rmSync(data, { recursive: true, force: true });
  });

  it("so that every kept tag can be pulled by others, and what was to go is gone", async () => {
    // The rule has work to do and leaves something, in each repository.
    for (const repository of REPOSITORIES) {
      expect(expected.gone[repository.name]?.length).toBeGreaterThan(SIZE / 10);
      expect(expected.kept.filter((image) => image.repository === repository.name).length).toBeGreaterThan(SIZE / 2);
    }
    const planFile = runner.file("plan.jsonl");
    const dry = succeeded(await clean({ ...RULE, "plan-file": planFile }));
    const digests = String(Object.values(expected.gone).flat().length);
    expect(dry.outputs).toMatchObject({ "would-delete-count": digests, "deleted-count": "0", changed: "false", "plan-path": planFile });
    const before = await pullEverything(server.url, {});
    expect(before.problems).toEqual([]);
    expect(before.tags).toEqual(tagsOf(filled));

    const applied = succeeded(await clean({ "apply-plan": planFile, "dry-run": "false" }));
    const untagged = String(expected.untagged);
    expect(applied.outputs).toMatchObject({ "deleted-count": digests, "untagged-count": untagged, "failed-count": "0", changed: "true" });
    const after = await pullEverything(server.url, expected.gone);
    expect(after.problems).toEqual([]);
    expect(after.tags).toEqual(tagsOf(expected.kept));

    const again = succeeded(await clean({ ...RULE, "dry-run": "false" }));
    expect(again.outputs).toMatchObject({ "would-delete-count": "0", "deleted-count": "0", "untagged-count": "0", changed: "false" });
    await copySome(server.url, expected.kept);
  });

  it("and the pull would have noticed a missing platform", async () => {
    const whole = expected.kept.find(({ what }) => what === "nested index");
    const [platform] = whole?.followers ?? [];
    await fetch(`${server.url}/v2/${whole?.repository}/manifests/${platform}`, { method: "DELETE" });
    const { problems } = await pullEverything(server.url, {});
    expect(problems).toEqual([`${whole?.repository}:${whole?.tags[0]}: manifest ${platform} was answered 404`]);
  });
});

interface Expected {
  /** With the tags that stay. */
  readonly kept: readonly FilledImage[];
  /** By repository: digests that go. */
  readonly gone: Readonly<Record<string, string[]>>;
  readonly untagged: number;
}

/** By repository: tags with their digests. */
function tagsOf(images: readonly FilledImage[]): Pulled["tags"] {
  const found = new Map<string, Map<string, string>>();
  for (const { repository, digest, tags } of images) {
    const here = found.get(repository) ?? new Map<string, string>();
    found.set(repository, here);
    for (const tag of tags) here.set(tag, digest);
  }
  return Object.fromEntries([...found].map(([repository, tags]) => [repository, Object.fromEntries(tags)]));
}

/** The rule once more, in the plainest words that this set of images allows. */
function whatTheRuleSays(filled: readonly FilledImage[], now: number, canUntag: boolean): Expected {
  const gone: Record<string, string[]> = {};
  const kept: FilledImage[] = [];
  let untagged = 0;
  for (const { name } of REPOSITORIES) {
    const images = filled.filter(({ repository }) => repository === name);
    const doomed = images
      .filter((image) => image.tags.some((tag) => /^(build|sha|multi)-/.test(tag)) && !image.tags.some((tag) => tag.startsWith("v")))
      .sort((a, b) => b.created - a.created)
      .slice(KEEP)
      .filter(({ created }) => created < now - OLDER_THAN * DAY);
    const customers = new Set(doomed.filter((image) => image.tags.some((tag) => tag.startsWith("customer-"))));
    const going = new Set(doomed.filter((image) => !customers.has(image)).flatMap(({ digest, followers }) => [digest, ...followers]));
    // Signatures and lists of referrers go with what they belong to.
    for (const { subject, digest, followers } of images) {
      if (subject !== undefined && going.has(subject)) for (const each of [digest, ...followers]) going.add(each);
    }
    gone[name] = [...going];
    for (const image of images.filter(({ digest }) => !going.has(digest))) {
      const tags = image.tags.filter((tag) => !(canUntag && customers.has(image) && tag.startsWith("build-")));
      untagged += image.tags.length - tags.length;
      kept.push({ ...image, tags });
    }
  }
  return { kept, gone, untagged };
}

function succeeded(run: Done): Done {
  if (run.code !== 0) throw new Error(`the action ended with ${run.code}:\n${(run.stdout + run.stderr).slice(-4_000)}`);
  return run;
}

interface Pulled {
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly problems: readonly string[];
}

/** A process that shares no code with what is tested. */
async function pullEverything(url: string, gone: Expected["gone"]): Promise<Pulled> {
  return JSON.parse(await output(process.execPath, [path.join(__dirname, "pull-everything.mjs")], JSON.stringify({ url, gone })));
}

/** skopeo copies each multi-arch image with all platforms, and a sample of the others. */
async function copySome(url: string, kept: readonly FilledImage[]): Promise<void> {
  const skopeo = findTool("skopeo");
  if (!skopeo) {
    if (process.env.CI) throw new Error("skopeo is not installed: run `npm run setup`");
    return;
  }
  const folder = roomyFolder("skopeo-");
  try {
    const whole = kept.filter(({ what }) => what === "index" || what === "nested index");
    const single = kept.filter(({ what }) => what === "image").filter((_, n, all) => n % Math.ceil(all.length / 10) === 0);
    expect(whole.length).toBeGreaterThan(0);
    for (const { repository, tags, what } of [...whole, ...single]) {
      // skopeo refuses an index inside an index; the pull by hand has followed it.
      if (what === "nested index") continue;
      const from = `docker://${new URL(url).host}/${repository}:${tags[0]}`;
      await output(skopeo.path, ["copy", "--all", "--quiet", "--src-tls-verify=false", from, `dir:${path.join(folder, "copy")}`], "");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function output(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}
