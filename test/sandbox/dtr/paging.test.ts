import type { SandboxResponse } from "../contract";
import { items, outcome, type Rig, rig } from "./rig";

const names = (answer: SandboxResponse) => items(answer, "repositories").map(({ name }) => name);
const next = (answer: SandboxResponse) => answer.headers?.["x-next-page-start"];

function twelve(options: Parameters<typeof rig>[0] = {}): Rig {
  const world = rig({ repositories: {}, ...options });
  for (let at = 1; at <= 12; at++) world.state.addRepository(`team/r${String(at).padStart(2, "0")}`);
  return world;
}

async function walk(call: Rig["call"], target: string): Promise<unknown[]> {
  const found: unknown[] = [];
  let start = "";
  for (let turn = 0; turn < 20; turn++) {
    const answer = await call("GET", `${target}${start && `&pageStart=${encodeURIComponent(start)}`}`);
    found.push(...names(answer));
    start = String(next(answer) ?? "");
    if (start === "") return found;
  }
  throw new Error("it does not end");
}

describe("pages of /api/v0", () => {
  it("have ten records by default, and say where the next begins", async () => {
    const { call } = twelve();
    const first = await call("GET", "repositories");
    expect([names(first).length, next(first)]).toEqual([10, "team/r11"]);
    const second = await call("GET", "repositories?pageStart=team%2Fr11");
    expect([names(second), next(second)]).toEqual([["r11", "r12"], undefined]);
  });

  it.each([1, 5, 6, 12, 100])("of %i give every record once", async (size) => {
    expect(await walk(twelve().call, `repositories?pageSize=${size}`)).toEqual(
      names(await twelve().call("GET", "repositories?pageSize=100000")),
    );
  });

  it("have an empty header on the last page by the switch lastPage", async () => {
    expect(next(await twelve({ lastPage: "empty" }).call("GET", "repositories?pageSize=12"))).toBe("");
  });

  it("are never larger than the switch maxPageSize", async () => {
    expect(names(await twelve({ maxPageSize: 3 }).call("GET", "repositories?pageSize=100"))).toHaveLength(3);
  });

  it("count everything with count=true only", async () => {
    const { call } = twelve();
    expect((await call("GET", "repositories?pageSize=1&count=true")).headers).toMatchObject({ "x-resource-count": "12" });
    expect((await call("GET", "repositories?pageSize=1&count=false")).headers).not.toHaveProperty("x-resource-count");
  });

  it("go on after a record that was deleted meanwhile", async () => {
    const { call } = twelve();
    await call("DELETE", "repositories/team/r11");
    expect(names(await call("GET", "repositories?pageStart=team/r11"))).toEqual(["r12"]);
  });

  it.each(["pageSize=many", "pageSize=-1", "count=maybe"])("refuse %s", async (query) => {
    expect(outcome(await twelve().call("GET", `repositories?${query}`))).toBe("400 INVALID_PARAMETERS");
  });

  it("with nothing in them are null by the switch emptyLists", async () => {
    expect((await rig({ repositories: {}, emptyLists: "null" }).call("GET", "repositories")).json).toEqual({ repositories: null });
    expect((await rig({ repositories: {} }).call("GET", "repositories")).json).toEqual({ repositories: [] });
  });
});

describe("faults of lists", () => {
  it("short-page: half of the page, and the rest follows", async () => {
    const { call } = twelve();
    const answer = await call("GET", "repositories?pageSize=4", { fault: "short-page" });
    expect([names(answer), next(answer)]).toEqual([["r01", "r02"], "team/r03"]);
  });

  it("looped-link: the page is its own next page", async () => {
    const { call } = twelve();
    const answer = await call("GET", "repositories?pageSize=4&pageStart=team/r05", { fault: "looped-link" });
    expect([names(answer)[0], next(answer)]).toEqual(["r05", "team/r05"]);
  });

  it("stale-list: what the same request was answered before, or nothing", async () => {
    const { call, state } = twelve();
    expect(names(await call("GET", "repositories", { fault: "stale-list" }))).toEqual([]);
    const before = names(await call("GET", "repositories?pageSize=50"));
    state.addRepository("team/new");
    expect(names(await call("GET", "repositories?pageSize=50", { fault: "stale-list" }))).toEqual(before);
    expect(names(await call("GET", "repositories?pageSize=50"))).toEqual(["new", ...before]);
    expect((await call("GET", "repositories/team/new/tags", { fault: "stale-list" })).json).toEqual([]);
  });

  it("expired-session: 401 for good credentials", async () => {
    expect(outcome(await twelve().call("GET", "repositories", { fault: "expired-session" }))).toBe("401 NOT_AUTHENTICATED");
  });
});
