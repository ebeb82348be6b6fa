import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { packOnce } from "../engine";
import { findServers } from "../servers";
import { findTool } from "../setup/tools";
import type { Bench } from "./bench";
import { findPeer, missingTools, PEERS } from "./cleanup/peers";
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

it("what is missing for the comparison is named with the line that brings it", () => {
  const env = { PATH: "", REGISTRY_AS_CODE_CACHE: path.join(ROOT, "no-such-folder") };
  const lines = missingTools(env);
  for (const tool of ["regctl", "regbot", "crane", "wrk", "time"]) {
    expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^${tool} is missing: npm run setup -- --bench, or by hand: \\S`)));
  }
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
    if (!existsSync(json)) throw new Error(`the benchmark ended early:\n${run.stdout}\n${run.stderr}`);
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

  it("runs the built action beside what people use instead, on each real server that is there, with what it finds of them", () => {
    const { cleanup } = result;
    expect(cleanup?.planning.map(({ server }) => server)).toEqual(findServers().map(({ name, version }) => `${name} ${version}`));
    for (const { server, tags, images, ours, peers, ceiling } of cleanup?.planning ?? []) {
      expect([tags, images]).toEqual([40, 20]);
      // Each manifest once for each tag, each config once, and a few that find out what there is.
      expect(ours.requests).toBeGreaterThanOrEqual(60);
      expect(ours.requests).toBeLessThan(70);
      const there = PEERS.filter((peer) => findPeer(peer, process.env) && (!peer.slow || server.startsWith("docker-registry")));
      expect(peers).toHaveLength(there.length);
      // They ask for each manifest or its head, and for the configs.
      for (const peer of peers) expect(peer.requests).toBeGreaterThanOrEqual(60);
      for (const { share } of [ours, ...peers]) expect(share === undefined).toBe(ceiling === undefined);
      expect(ceiling === undefined).toBe(!findTool("wrk"));
    }
    expect(cleanup?.missing.filter((line) => line.startsWith("wrk"))).toHaveLength(findTool("wrk") ? 0 : 1);
    for (const { planned, deleted = planned } of cleanup?.planner ?? []) {
      expect(planned).toBeGreaterThan(0);
      expect(deleted).toBe(planned);
    }
  });

  it("prints the tables, and fails with --check exactly when a goal was missed", () => {
    expect(run.stdout).toContain(result.engine);
    for (const line of [
      /^start +\d+ +\d+ +-?\d+ +<= 50/m,
      /^bundle +\d+ +\d+ +< 1300000 +1 +met$/m,
      /^this action +[\d.]+ +\d+ /m,
      /^oci\.Tag +\d+ +\d+ +< 120 +met$/m,
      /^bytes +\d+ +\d+ +[\d.]+x +>= 0\.9/m,
      /^10 +[\d.]+ +[\d.]+ +[\d.]+x +<= 1\.3/m,
    ]) {
      expect(run.stdout).toMatch(line);
    }
    const { cleanup } = result;
    const ofCleanup = cleanup ? [cleanup.startUp, cleanup.bundle, ...cleanup.planner, ...cleanup.planning] : [];
    const parts = [...result.state, ...result.http, ...result.noop, ...ofCleanup];
    expect(result.met).toBe(parts.every(({ met }) => met));
    expect(run.status).toBe(result.met ? 0 : 1);
  });
});
