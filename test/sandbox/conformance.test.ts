import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from ".";
import { findTool } from "./tool";

jest.setTimeout(120_000);

/** The suite counted 848 to 862 tests on other servers; fewer mean that a part of it did not run. */
const LEAST_TESTS = 800;

/** Everything that the suite can ask for, by its environment variables; `1.1+dev` adds what the specification's main branch demands. */
const EVERYTHING = { OCI_VERSION: "1.1+dev", OCI_DATA_SPARSE: "true", OCI_LOG: "error" };

const TITLE = "the OCI distribution conformance suite";
const HINT = "conformance is missing: put it on PATH or into .cache/bin, or name it by REGISTRY_AS_CODE_CONFORMANCE";

// Optional, also with CI set: the suite cannot be obtained everywhere. Its assertions have counterparts in `oci/distribution*.test.ts`.
const suite = findTool("conformance", "REGISTRY_AS_CODE_CONFORMANCE");
if (suite === undefined) {
  process.stderr.write(`skipped: ${TITLE}: ${HINT}\n`);
  describe.skip(`${TITLE} [${HINT}]`, () => {
    it.todo("finds nothing to complain about");
  });
} else {
  describe(TITLE, () => checkWith(suite));
}

function checkWith(suite: string): void {
  it("finds nothing to complain about", async () => {
    const results = mkdtempSync(join(tmpdir(), "conformance-"));
    const sandbox = await startSandbox({ apis: ["oci"], oci: { auth: "none", sparse: "all" } });
    try {
      const registry = {
        OCI_REGISTRY: new URL(sandbox.info.oci?.url ?? "").host,
        OCI_TLS: "disabled",
        OCI_REPO1: "conformance/repo1",
        OCI_REPO2: "conformance/repo2",
        OCI_RESULTS_DIR: results,
      };
      const output = await run(suite, { ...registry, ...EVERYTHING }, results);
      const counts = countsOf(readFileSync(join(results, "junit.xml"), "utf8"));
      const complaints = output.split("\n").filter((line) => /: (FAIL|Error|Skip)$|^\s+- /.test(line));
      expect({ complaints, ...counts }).toEqual({ complaints: [], tests: counts.tests, failures: 0, errors: 0, skipped: 0, disabled: 0 });
      expect(counts.tests).toBeGreaterThanOrEqual(LEAST_TESTS);
    } finally {
      await sandbox.close();
      rmSync(results, { recursive: true, force: true });
    }
  });
}

/** The report that the suite prints; its exit code says only whether everything passed. */
function run(suite: string, variables: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: cwd, ...variables };
  return new Promise((resolve) => {
    execFile(suite, [], { cwd, env, maxBuffer: 256 * 1024 * 1024 }, (_, stdout) => resolve(stdout));
  });
}

/** The counts of a JUnit report's root; a count of zero is left out there. */
function countsOf(junit: string) {
  const root = /<testsuites\b[^>]*>/.exec(junit)?.[0];
  if (root === undefined) throw new Error("the suite wrote no JUnit report");
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(root)?.[1] ?? 0);
  return {
    tests: count("tests"),
    failures: count("failures"),
    errors: count("errors"),
    skipped: count("skipped"),
    disabled: count("disabled"),
  };
}
