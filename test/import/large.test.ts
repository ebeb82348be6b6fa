import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type ImportProgress, type ImportResult, importRegistry } from "../../provider/import";
import { type SandboxOptions, startSandbox } from "../sandbox";
import { image, push } from "../sandbox/images";

jest.setTimeout(180_000);

interface Run {
  readonly result: ImportResult;
  readonly requests: number;
  readonly seconds: number;
  /** Requests in flight at a time, at the most. */
  readonly most: number;
  readonly progress: readonly ImportProgress[];
}

/** Requests that have begun and not ended, as the HTTP library itself tells it. */
async function counting<T>(run: () => Promise<T>): Promise<{ value: T; most: number }> {
  const open = new Set<unknown>();
  let most = 0;
  const request = (message: unknown) => (message as { request: unknown }).request; // what undici documents of its channels
  const begun = (message: unknown) => {
    open.add(request(message));
    most = Math.max(most, open.size);
  };
  const ended = (message: unknown) => void open.delete(request(message));
  subscribe("undici:client:sendHeaders", begun);
  for (const name of ["undici:request:trailers", "undici:request:error"]) subscribe(name, ended);
  try {
    return { value: await run(), most };
  } finally {
    unsubscribe("undici:client:sendHeaders", begun);
    for (const name of ["undici:request:trailers", "undici:request:error"]) unsubscribe(name, ended);
  }
}

async function run(type: "dtr" | "oci", count: number): Promise<Run> {
  const options: SandboxOptions =
    type === "dtr"
      ? {
          apis: ["dtr"],
          dtr: {
            organizations: { org: { teams: { devs: {} } } },
            repositories: Object.fromEntries(Array.from({ length: count }, (_, at) => [`org/repository-${at}`, {}])),
          },
        }
      : { apis: ["oci"] };
  const sandbox = await startSandbox(options);
  try {
    const manifest = image({ labels: { of: "all" } });
    if (type === "oci") for (let at = 0; at < count; at++) push(sandbox.store, `org/repository-${at}`, "v1", manifest);
    const found = sandbox.info[type];
    if (!found) throw new Error(`the sandbox has no ${type}`);
    const { url, username, password } = found;
    const progress: ImportProgress[] = [];
    const start = performance.now();
    const { value: result, most } = await counting(() =>
      importRegistry({
        type,
        connection: { type, registry: url, username, password },
        onProgress: (line) => progress.push(line),
      }),
    );
    const seconds = (performance.now() - start) / 1000;
    return { result, requests: sandbox.control.requests().length, seconds, most, progress };
  } finally {
    await sandbox.close();
  }
}

/** Requests for each repository more: a list of grants, four of policies, and the repository; of a plain registry its tags. */
const rows = [
  { type: "dtr", each: 6 },
  { type: "oci", each: 1 },
] as const;

describe.each(rows)("the import of 2,000 repositories of $type", ({ type, each }) => {
  it("takes a number of requests that grows with them and no faster, 8 at a time, says how far it is, and ends soon", async () => {
    const few = await run(type, 200);
    const many = await run(type, 2000);
    const repositories = many.result.resources.filter((resource) => resource.type.endsWith(":Repository"));
    expect(repositories).toHaveLength(2000);
    // One page more for some hundreds of repositories is what may come on top.
    expect(many.requests - few.requests).toBeGreaterThanOrEqual(1800 * each);
    expect(many.requests - few.requests).toBeLessThan(1800 * each + 60);
    expect(many.most).toBeGreaterThan(2);
    expect(many.most).toBeLessThanOrEqual(8);
    const told = many.progress.filter(({ kind }) => kind === "Repository");
    expect(told.at(-1)).toEqual({ kind: "Repository", done: 2000, total: 2000 });
    expect(told.length).toBeGreaterThan(2000);
    expect(many.result.program.split("\n").length).toBeLessThan(2000 * 8);
    expect(many.seconds).toBeLessThan(60);
    process.stderr.write(`${type}: 2000 repositories, ${many.requests} requests, ${many.seconds.toFixed(1)} s\n`);
  });
});
