import { operations } from "./operations-list";
import { outcome, rig } from "./rig";

/** What stands for the parts in braces of the description. */
const values: Readonly<Record<string, string>> = {
  namespace: "team",
  reponame: "app",
  orgname: "team",
  teamname: "developers",
  username: "dev",
  tag: "v1",
  reference: "v1",
  os: "linux",
  arch: "amd64",
  action: "gc",
};

const pathOf = (template: string) => template.replace(/\{(\w+)\}/g, (_whole, name: string) => values[name] ?? "none");

/** What the frame says of what it does not know. */
const unknown = ["404 NOT_FOUND", "405 NOT_ALLOWED", "404", "405", "500"];

describe("the operations of the API description", () => {
  it("are 109, each named once", () => {
    expect(new Set(operations.map((operation) => operation.join(" "))).size).toBe(109);
    expect(operations).toHaveLength(109);
  });

  it.each(operations)("%s %s is known", async (method, template) => {
    for (const version of ["2.6", "2.7"] as const) {
      const answer = outcome(await rig({ version }).send(method, pathOf(template), { body: {} }));
      expect(unknown).not.toContain(answer);
      expect(answer).not.toMatch(/^401|NOT_AUTHORIZED/);
    }
  });

  it("are told from paths and methods that there are not", async () => {
    const { send } = rig();
    expect(outcome(await send("GET", "/api/v0/none"))).toBe("404 NOT_FOUND");
    expect(outcome(await send("GET", "/api/v0/jobs/none/none"))).toBe("404 NOT_FOUND");
    expect(outcome(await send("PUT", "/api/v0/crons"))).toBe("405 NOT_ALLOWED");
  });
});
