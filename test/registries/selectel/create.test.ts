import { createRegistry, createToken, isFateUnknown } from "../../../provider/registries/selectel";
import { type Connected, connected } from "./connected";
import type { Reply, Seen } from "./scripted-server";

/** What happens to the n-th POST: done and answered, done and the answer lost, lost before it was done, done only after the next request came in. */
type Course = "answered" | "answer lost" | "request lost" | "late";

interface Thing {
  readonly id: string;
  readonly name: string;
}

interface World {
  readonly things: Thing[];
  readonly regenerated: string[];
  readonly posts: () => number;
}

/** A service in which a registry's name is unique and a token's is not. */
async function world(
  kind: "registries" | "tokens",
  before: readonly Thing[],
  courses: readonly Course[],
  run: (world: World, connected: Connected) => Promise<void>,
) {
  const things = [...before];
  const regenerated: string[] = [];
  const late: (() => void)[] = [];
  let posts = 0;
  const token = (thing: Thing, secret?: string) => ({
    ...thing,
    status: "active",
    expiration: { isSet: false },
    scope: { modeRW: true },
    token: secret,
  });
  const create = (name: string): Thing | undefined => {
    if (kind === "registries" && things.some((thing) => thing.name === name)) return undefined;
    const thing = { id: `new-${things.length}`, name };
    things.push(thing);
    return thing;
  };
  const answer = ({ method, url, body }: Seen): Reply => {
    const path = url.replace(/^.*\/v[12]\/|\?.*$/g, "");
    const regenerate = /^tokens\/([^/]+)\/regenerate$/.exec(path)?.[1];
    if (regenerate !== undefined) {
      regenerated.push(regenerate);
      return { json: token(things.find(({ id }) => id === regenerate) ?? { id: "?", name: "?" }, `secret of ${regenerate}`) };
    }
    if (method === "GET") {
      const search = new URL(url, "http://x").searchParams.get("search") ?? "";
      const found = url.includes("offset=") ? [] : things.filter(({ name }) => name.includes(search));
      return { json: kind === "tokens" ? { tokens: found.map((thing) => token(thing)), totalCount: found.length } : found };
    }
    for (const effect of late.splice(0)) effect();
    const course = courses[posts++] ?? "answered";
    const { name } = JSON.parse(body) as { name: string };
    if (course === "request lost") return { reset: true };
    if (course === "late") {
      late.push(() => create(name));
      return { reset: true };
    }
    const thing = create(name);
    if (course === "answer lost") return { reset: true };
    if (thing === undefined) return { status: 409, json: { error: "Registry already exists." } };
    return { status: 201, json: kind === "tokens" ? token(thing, `secret of ${thing.id}`) : thing };
  };
  await connected(answer, (both) => run({ things, regenerated, posts: () => posts }, both));
}

describe("createRegistry", () => {
  const courses: [Course[], number][] = [
    [["answered"], 1],
    [["answer lost"], 1],
    [["request lost", "answered"], 2],
    [["request lost", "answer lost"], 2],
    // The first takes effect when the second arrives, which then meets a 409.
    [["late", "answered"], 2],
  ];
  it.each(courses)("leaves one registry and gives it: %j", async (course, posts) => {
    await world("registries", [{ id: "old", name: "mine-too" }], course, async (service, { client }) => {
      const made = await createRegistry(client, "mine");
      expect(service.things.filter(({ name }) => name === "mine")).toEqual([expect.objectContaining({ id: made.id })]);
      expect(service.posts()).toBe(posts);
    });
  });

  it.each<[Course[]]>([[["answered"]], [["request lost", "answered"]], [["answer lost", "answered"]]])(
    "never takes a registry for its own that was there before: %j",
    async (course) => {
      await world("registries", [{ id: "old", name: "mine" }], course, async (service, { client }) => {
        await expect(createRegistry(client, "mine")).rejects.toMatchObject({
          status: 409,
          message: expect.stringContaining("The name is taken"),
        });
        expect(service.things).toHaveLength(1);
      });
    },
  );
});

describe("createToken", () => {
  const wish = { name: "ci", expiration: { isSet: false }, scope: { modeRW: true, allRegistries: true } } as const;

  it.each<[Course[]]>([[["answered"]], [["answer lost"]], [["request lost", "answered"]], [["request lost", "answer lost"]]])(
    "leaves one token, whose secret it knows: %j",
    async (course) => {
      await world("tokens", [{ id: "old", name: "ci" }], course, async (service, { client }) => {
        const made = await createToken(client, wish);
        expect(service.things).toEqual([
          { id: "old", name: "ci" },
          { id: made.id, name: "ci" },
        ]);
        expect(made.token).toBe(`secret of ${made.id}`);
        expect(service.regenerated).toEqual(course.at(-1) === "answer lost" ? [made.id] : []);
      });
    },
  );

  it("touches none of several candidates", async () => {
    await world("tokens", [], ["answer lost"], async (service, { client }) => {
      const find = client.v2.tokens.list;
      let lists = 0;
      const crowded = {
        ...client,
        v2: {
          ...client.v2,
          tokens: {
            ...client.v2.tokens,
            list: (...parameters: Parameters<typeof find>) => {
              if (++lists === 2) service.things.push({ id: "twin", name: "ci" });
              return find(...parameters);
            },
          },
        },
      };
      const error = await createToken(crowded, wish).catch((reason: unknown) => reason);
      expect(isFateUnknown(error)).toBe(true);
      expect(error).toMatchObject({ message: expect.stringMatching(/several new tokens named "ci" \(new-0, twin\)/) });
      expect(service.regenerated).toEqual([]);
    });
  });

  it("without a name is not looked for", async () => {
    await world("tokens", [], ["answer lost"], async (service, { client }) => {
      const { name: _, ...nameless } = wish;
      await expect(createToken(client, nameless)).rejects.toMatchObject({ fate: "unknown" });
      expect(service.posts()).toBe(1);
    });
  });
});
