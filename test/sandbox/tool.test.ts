import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findTool } from "./tool";

describe("a program that tests may use", () => {
  const directory = mkdtempSync(join(tmpdir(), "tool-"));
  const tool = join(directory, "a-tool-of-nobody");
  beforeAll(() => {
    writeFileSync(tool, "");
    chmodSync(tool, 0o755);
    writeFileSync(join(directory, "no-program"), "", { mode: 0o644 });
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const PATH = ["/nowhere", directory].join(delimiter);

  it("is found on PATH", () => {
    expect(findTool("a-tool-of-nobody", undefined, { PATH })).toBe(tool);
  });

  it("is rather the one that the environment names", () => {
    expect(findTool("a-tool-of-nobody", "TOOL", { PATH, TOOL: "/opt/tool" })).toBe("/opt/tool");
  });

  it.each(["no-program", "none"])("is not there: %s", (name) => {
    expect(findTool(name, "TOOL", { PATH })).toBeUndefined();
  });
});
