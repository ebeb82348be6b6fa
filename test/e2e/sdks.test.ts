import { changes, MODULE, onEachEngine, PROGRAM, succeeded, writes } from "./world";

jest.setTimeout(300_000);

const TYPESCRIPT = {
  "index.ts": `
import * as pulumi from "@pulumi/pulumi";
import { oci, selectel } from "registry-as-code";

const digest = new pulumi.Config().require("digest");
const registry = new selectel.Registry("registry", { name: "main" });
new selectel.Token("ci", { name: "ci", registries: [registry.id], expiresIn: "90d" });
new oci.Tag("production", { repository: "team/app", tag: "production", digest });

export const endpoint: pulumi.Output<string> = registry.endpoint;
`,
};

describe.each([
  ["a CommonJS program, oldest SDK", { files: PROGRAM, sdk: "oldest" }],
  ["an ES module, newest SDK", { files: MODULE, module: "esm", sdk: "newest" }],
  ["an ES module, oldest SDK", { files: MODULE, module: "esm", sdk: "oldest" }],
  ["a TypeScript program, newest SDK", { files: TYPESCRIPT, module: "typescript", sdk: "newest" }],
] as const)("%s", (_name, program) => {
  it("comes up, stays, and goes", async () => {
    const recorded = await onEachEngine(
      async ({ stack, sandbox }) => {
        const up = succeeded(await stack.up());
        sandbox.control.clearRequests();
        const again = succeeded(await stack.up());
        expect(writes(sandbox)).toEqual([]);
        const destroy = succeeded(await stack.destroy());
        return { endpoint: typeof up.outputs.endpoint, up: changes(up).length, again: changes(again), destroy: changes(destroy).length };
      },
      { program },
    );
    expect(recorded).toMatchObject({ endpoint: "string", again: [], destroy: recorded.up });
    expect(recorded.up).toBeGreaterThanOrEqual(3);
  });
});
