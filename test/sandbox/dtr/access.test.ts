import { image, push } from "../images";
import { routes } from "./api";
import { operations } from "./operations-list";
import { outcome, people, type Rig, rig } from "./rig";
import { type Rule, routing } from "./route";

/** What a rule means to the people of the rig, for `team/app` and the organization `team`; the levels are those of the published texts. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  user: ["owner", "member", "dev", "ops", "reader", "stranger"],
  admin: [],
  "repository read-only": ["owner", "dev", "ops", "reader"],
  "repository read-write": ["owner", "dev", "ops"],
  "repository admin": ["owner", "ops"],
  "namespace member": ["owner", "member", "dev", "ops", "reader"],
  "namespace admin": ["owner", "ops"],
  "organization member": ["owner", "member", "dev", "ops", "reader"],
  // Grants of the namespace are none in the account API.
  "organization owner": ["owner"],
};

function nameOf(who: Rule): string {
  return typeof who === "string" ? who : Object.entries(who).flat().join(" ");
}

const seeing = allowed["repository read-only"] ?? [];

function filled(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig(options);
  push(world.store, "team/app", "v1", image());
  return world;
}

const parts: Readonly<Record<string, string>> = { namespace: "team", repository: "app", organization: "team", team: "readers", tag: "v1" };
const target = (path: string) => path.replace(/\{(\w+)\}/g, (_whole, name: string) => parts[name] ?? "x");

describe("every route", () => {
  const guarded = routes.filter(({ who }) => who !== "anybody").map(({ method, path, who }) => ({ method, path, who, rule: nameOf(who) }));

  it.each(guarded)("$method $path is for: $rule", async ({ method, path, who, rule }) => {
    for (const user of people) {
      const { send } = filled();
      // A body that no operation takes: whoever may go on hears of that, or of what is not there.
      const answer = outcome(await send(method, target(path), { user, body: "{", headers: { "content-type": "application/json" } }));
      if (!(allowed[rule] ?? []).includes(user)) {
        const hidden = typeof who === "object" && "repository" in who && !seeing.includes(user);
        expect([user, answer]).toEqual([user, hidden ? "404 NO_SUCH_REPOSITORY" : "403 NOT_AUTHORIZED"]);
      } else if (who !== "user") expect([user, answer.slice(0, 3)]).not.toEqual([user, "403"]);
    }
    expect(outcome(await filled().send(method, target(path), { user: null }))).toBe("401 NOT_AUTHENTICATED");
    expect(outcome(await filled().send(method, target(path), { user: "nobody" }))).toBe("401 NOT_AUTHENTICATED");
  });

  it("is found, and the 109 of the description are there", () => {
    const find = routing(routes);
    const found = operations.map(([method, path]) => find({ method, rawPath: path.replace(/\{(\w+)\}/g, "$1") }).route);
    expect(new Set(found).size).toBe(109);
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).toBe(routes.length);
  });
});

describe("what one may not see", () => {
  it.each(["team/app", "team/none"])("is 404 (%s), or 403 by the switch unseen, but not for administrators", async (path) => {
    const ask = async (options: Parameters<typeof rig>[0], user: string) =>
      outcome(await rig(options).call("GET", `repositories/${path}`, { user }));
    expect(await ask({}, "stranger")).toBe("404 NO_SUCH_REPOSITORY");
    expect(await ask({ unseen: "403" }, "stranger")).toBe("403 NOT_AUTHORIZED");
    expect(await ask({ unseen: "403" }, "admin")).toBe(path === "team/none" ? "404 NO_SUCH_REPOSITORY" : "200");
  });
});

describe("clients without credentials", () => {
  it("read what is public, and nothing else", async () => {
    const { call, store } = rig();
    push(store, "team/open", "v1", image());
    const open = async (path: string) => outcome(await call("GET", path, { user: null }));
    for (const path of ["", "/tags", "/tags/v1", "/manifests"]) expect(await open(`repositories/team/open${path}`)).toBe("200");
    for (const path of ["team/app", "team/none", "team/open/teamAccess", "team/open/pruningPolicies"]) {
      expect(await open(`repositories/${path}`)).toBe("401 NOT_AUTHENTICATED");
    }
    expect(outcome(await call("DELETE", "repositories/team/open/tags/v1", { user: null }))).toBe("401 NOT_AUTHENTICATED");
  });

  it("read nothing by the switch anonymous", async () => {
    const { call, send } = rig({ anonymous: "refused" });
    for (const path of ["repositories", "repositories/team", "repositories/team/open", "repositories/team/open/tags"]) {
      expect(outcome(await call("GET", path, { user: null }))).toBe("401 NOT_AUTHENTICATED");
    }
    expect((await send("GET", "/health", { user: null })).status).toBe(200);
  });
});

describe("a user's own namespace", () => {
  it("is his", async () => {
    const { call } = rig();
    const ask = async (user: string) =>
      outcome(await call("PATCH", "repositories/stranger/own", { user, body: { shortDescription: "s" } }));
    expect([await ask("stranger"), await ask("owner"), await ask("admin")]).toEqual(["200", "404 NO_SUCH_REPOSITORY", "200"]);
  });
});
