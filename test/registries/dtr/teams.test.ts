import { withSignal } from "../../../provider/http";
import { findTeam, forgetTeam } from "../../../provider/registries/dtr";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure } from "./connected";

const team = (name: string) => ({ id: `id-of-${name}`, orgID: "o", name, description: "", membersCount: 0 });
const answer = ({ url }: { readonly url: string }): Reply => ({ json: team(decodeURIComponent(url.split("/").at(-1) ?? "")) });
const none: Reply = { status: 404, json: { errors: [{ code: "NO_SUCH_TEAM", message: "no" }] } };

describe("a team is looked up", () => {
  it("once, however many ask at a time and later", async () => {
    await connected(answer, async ({ client, server }) => {
      const found = await Promise.all(Array.from({ length: 20 }, () => findTeam(client, "org", "dev")));
      expect(new Set(found.map((one) => one?.id))).toEqual(new Set(["id-of-dev"]));
      await findTeam(client, "org", "dev");
      expect(server.lines()).toEqual(["GET /enzi/v0/accounts/org/teams/dev"]);
    });
  });

  it("once for each organization and name", async () => {
    await connected(answer, async ({ client, server }) => {
      for (let time = 0; time < 2; time++)
        for (const [organization, name] of [
          ["a", "b"],
          ["a", "c"],
          ["b", "b"],
        ] as const)
          await findTeam(client, organization, name);
      expect(server.seen).toHaveLength(3);
    });
  });

  it("by each client for itself", async () => {
    await connected(answer, async ({ client: one }) => {
      await findTeam(one, "org", "dev");
      await connected(answer, async ({ client, server }) => {
        await findTeam(client, "org", "dev");
        expect(server.seen).toHaveLength(1);
      });
    });
  });

  it("again after it was forgotten, even while it was asked for", async () => {
    await connected(
      (request, index) => (index === 0 ? { json: { ...team("dev"), id: "old" } } : answer(request)),
      async ({ client, server }) => {
        const before = findTeam(client, "org", "dev");
        forgetTeam(client, "org", "dev");
        expect((await findTeam(client, "org", "dev"))?.id).toBeDefined();
        await before;
        await findTeam(client, "org", "dev");
        expect(server.seen).toHaveLength(2);
        forgetTeam(client, "org", "dev");
        expect(await findTeam(client, "org", "dev")).toEqual(team("dev"));
        expect(server.seen).toHaveLength(3);
      },
    );
  });

  it("again if there was none", async () => {
    await connected(
      (request, index) => (index === 0 ? none : answer(request)),
      async ({ client }) => {
        expect(await findTeam(client, "org", "dev")).toBeUndefined();
        expect(await findTeam(client, "org", "dev")).toEqual(team("dev"));
      },
    );
  });

  it("again after a failure, which everybody gets who waited for it", async () => {
    await connected(
      (request, index) => (index === 0 ? { status: 403, json: { errors: [{ code: "NOT_AUTHORIZED", message: "no" }] } } : answer(request)),
      async ({ client }) => {
        const failures = await Promise.all([1, 2].map(() => failure(findTeam(client, "org", "dev"))));
        expect(failures.map((error) => "status" in error && error.status)).toEqual([403, 403]);
        expect(await findTeam(client, "org", "dev")).toEqual(team("dev"));
      },
    );
  });

  it("for all, whoever of them gives up", async () => {
    const controller = new AbortController();
    await connected(
      (request) => {
        controller.abort();
        return answer(request);
      },
      async ({ client }) => {
        await expect(withSignal(controller.signal, () => findTeam(client, "org", "dev"))).resolves.toEqual(team("dev"));
      },
    );
  });
});
