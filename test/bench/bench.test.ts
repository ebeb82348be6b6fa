import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { packOnce } from "../engine";
import type { Bench } from "./bench";
import { table } from "./table";

jest.setTimeout(180_000);

const ROOT = path.join(__dirname, "..", "..");

it("a table has its first column to the left and numbers to the right", () => {
  const rows = [
    ["oci.Tag", "5"],
    ["selectel.Token", "1234"],
  ];
  expect(table(["type", "bytes"], rows)).toBe(
    "type            bytes\n--------------  -----\noci.Tag             5\nselectel.Token   1234\n",
  );
});

describe("npm run bench -- --quick", () => {
  let scratch: string;
  let result: Bench;
  let run: ReturnType<typeof spawnSync>;

  beforeAll(async () => {
    scratch = mkdtempSync(path.join(tmpdir(), "bench-test-"));
    const json = path.join(scratch, "bench.json");
    const args = ["--import", "tsx", "test/bench/main.ts", "--quick", "--check", "--json", json, "--package", await packOnce()];
    // Equality of the engines is shown elsewhere; the embedded one is quicker.
    const env = { ...process.env, REGISTRY_AS_CODE_PULUMI: path.join(scratch, "no-pulumi-here") };
    run = spawnSync(process.execPath, args, { cwd: ROOT, env, encoding: "utf8" });
    result = JSON.parse(readFileSync(json, "utf8"));
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  it("measures each part and says what it ran on", () => {
    const seconds = { ours: expect.any(Number), ratio: expect.any(Number), met: expect.any(Boolean) };
    expect(result).toMatchObject({ quick: true, engine: expect.stringContaining("embedded"), node: process.versions.node });
    expect(result.noop).toEqual([{ ...seconds, resources: 10, rounds: 1, nothing: expect.any(Number), goal: 1.3 }]);
    expect(result.http).toMatchObject([
      { ...seconds, read: "bytes", requests: 500, undici: expect.any(Number), cpuRatio: expect.any(Number), goal: 0.9 },
      { ...seconds, read: "JSON, checked by a schema", goal: 0.9 },
    ]);
    for (const { ratio, ours } of [...result.noop, ...result.http]) expect(Math.min(ratio, ours)).toBeGreaterThan(0);
  });

  it("holds every resource type's state to its constant text and the declared properties", () => {
    expect(result.state.map(({ type }) => type)).toEqual(
      "oci.Repository oci.Tag selectel.BasicToken selectel.GarbageCollection selectel.Registry selectel.Repository selectel.Token".split(
        " ",
      ),
    );
    for (const { providerText, bytes, met } of result.state) {
      expect(providerText).toBeLessThan(120);
      expect(met).toBe(true);
      // A serialized provider would take tens of thousands.
      expect(bytes).toBeLessThan(4_000);
    }
  });

  it("prints the tables, and fails with --check exactly when a goal was missed", () => {
    expect(run.stdout).toContain(result.engine);
    for (const line of [
      /^oci\.Tag +\d+ +\d+ +< 120 +met$/m,
      /^bytes +\d+ +\d+ +[\d.]+x +>= 0\.9/m,
      /^10 +[\d.]+ +[\d.]+ +[\d.]+x +<= 1\.3/m,
    ]) {
      expect(run.stdout).toMatch(line);
    }
    const parts = [...result.state, ...result.http, ...result.noop];
    expect(result.met).toBe(parts.every(({ met }) => met));
    expect(run.status).toBe(result.met ? 0 : 1);
  });
});
