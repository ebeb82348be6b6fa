import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

const never = "0001-01-01T00:00:00Z";
const inRepository = { namespace: "admin", repository: "flask_build" };
const path = "/api/v0/repositories/admin/flask_build";
const denied = [403, "NOT_AUTHORIZED"] as const;
const none = [404, "NO_SUCH_REPOSITORY"] as const;
const badLogin = [400, "REMOTE_REGISTRY_INVALID_PERMISSIONS"] as const;

const critical = { field: "vulnerability_critical", operator: "lte", values: ["10"] };
const named = { field: "tag", operator: "eq", values: ["test"] };

const promotionForm = { rules: [critical], targetRepository: "admin/flask", tagTemplate: "%n", enabled: true };
const promotion = { id: "p1", sourceRepository: "admin/flask_build", ...promotionForm };
const pruning = { id: "q1", rules: [named], repository: "admin/flask_build", enabled: true };
const status = { code: "SUCCESS", detail: "", timestamp: "2019-01-01T00:00:00Z" };
const far = { remoteHost: "https://old", remoteRepository: "a/b" };
const polled = { ...far, enabled: false, remoteCA: "", skipTLSVerification: true, username: "u" };
const pollForm = { ...polled, password: "p4ssw0rd-there" };
const pushForm = { ...far, enabled: true, authToken: "t0ken-there", rules: [named], tagTemplate: "%n" };
const poll = { ...polled, id: "m1", localRepository: "admin/flask_build" };
const push = { ...poll, id: "m2", rules: [named], tagTemplate: "%n" };

describe("mirroring policies on the wire", () => {
  describeRows(
    ["mirroringPolicies", "pollMirroringPolicies", "pushMirroringPolicies"],
    [
      {
        name: "mirroringPolicies.list",
        line: `GET ${path}/mirroringPolicies?pageSize=100`,
        reply: {
          json: [
            { ...poll, mirroringType: "poll", lastMirroredAt: never, lastStatus: { code: "", detail: "", timestamp: never }, rules: null },
            { ...push, mirroringType: "push", lastMirroredAt: "2019-01-01T00:00:00Z", lastStatus: status },
          ],
        },
        run: (client) => all(client.mirroringPolicies.list(inRepository)),
        gives: [
          { ...poll, mirroringType: "poll", lastStatus: { code: "", detail: "" } },
          { ...push, mirroringType: "push", lastMirroredAt: "2019-01-01T00:00:00Z", lastStatus: status },
        ],
        errors: [denied, none],
      },
      {
        name: "mirroringPolicies.deleteMany",
        line: `DELETE ${path}/mirroringPolicies`,
        body: [{ id: "p1" }, { id: "p2" }],
        reply: { status: 204 },
        run: (client) => client.mirroringPolicies.deleteMany({ ...inRepository, ids: ["p1", "p2"] }),
        gives: undefined,
        errors: [denied, none],
      },
      {
        name: "pollMirroringPolicies.list",
        line: `GET ${path}/pollMirroringPolicies`,
        reply: { json: [] },
        run: (client) => client.pollMirroringPolicies.list(inRepository),
        gives: [],
        errors: [denied, none],
      },
      {
        name: "pollMirroringPolicies.create",
        line: `POST ${path}/pollMirroringPolicies?initialEvaluation=true`,
        body: pollForm,
        reply: { status: 201, json: { ...poll, lastMirroredAt: never } },
        run: (client) => client.pollMirroringPolicies.create({ ...inRepository, initialEvaluation: true, ...pollForm }),
        gives: poll,
        errors: [badLogin, denied, [404, "INVALID_POLL_MIRRORING_POLICY"]],
      },
      {
        name: "pollMirroringPolicies.get",
        line: `GET ${path}/pollMirroringPolicies/m1`,
        reply: { json: { ...poll, lastMirroredAt: "2019-01-01T00:00:00Z", lastStatus: status } },
        run: (client) => client.pollMirroringPolicies.get({ ...inRepository, id: "m1" }),
        gives: { ...poll, lastMirroredAt: "2019-01-01T00:00:00Z", lastStatus: status },
        errors: [denied, [404, "NO_SUCH_POLL_MIRRORING_POLICY"]],
      },
      {
        name: "pollMirroringPolicies.update",
        // No `initialEvaluation` here, says the description.
        line: `PUT ${path}/pollMirroringPolicies/m1`,
        body: { enabled: false },
        reply: { json: poll },
        run: (client) => client.pollMirroringPolicies.update({ ...inRepository, id: "m1", enabled: false }),
        gives: poll,
        errors: [badLogin, denied, [404, "NO_SUCH_POLL_MIRRORING_POLICY"], [404, "INVALID_POLL_MIRRORING_POLICY"]],
      },
      {
        name: "pollMirroringPolicies.delete",
        line: `DELETE ${path}/pollMirroringPolicies/m%2F1`,
        reply: { status: 204 },
        run: (client) => client.pollMirroringPolicies.delete({ ...inRepository, id: "m/1" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_POLL_MIRRORING_POLICY"]],
      },
      {
        name: "pushMirroringPolicies.list",
        line: `GET ${path}/pushMirroringPolicies`,
        reply: { json: [{ ...push, rules: null }] },
        run: (client) => client.pushMirroringPolicies.list(inRepository),
        gives: [{ ...push, rules: [] }],
        errors: [denied, none],
      },
      {
        name: "pushMirroringPolicies.create",
        line: `POST ${path}/pushMirroringPolicies?initialEvaluation=false`,
        body: pushForm,
        reply: { status: 201, json: push },
        run: (client) => client.pushMirroringPolicies.create({ ...inRepository, ...pushForm }),
        gives: push,
        errors: [badLogin, denied, [404, "INVALID_PUSH_MIRRORING_POLICY"]],
      },
      {
        name: "pushMirroringPolicies.get",
        line: `GET ${path}/pushMirroringPolicies/m2`,
        reply: { json: push },
        run: (client) => client.pushMirroringPolicies.get({ ...inRepository, id: "m2" }),
        gives: push,
        errors: [denied, [404, "NO_SUCH_PUSH_MIRRORING_POLICY"]],
      },
      {
        name: "pushMirroringPolicies.update",
        line: `PUT ${path}/pushMirroringPolicies/m2?initialEvaluation=false`,
        body: { username: "u2", password: "p2-of-the-other-registry" },
        reply: { json: push },
        run: (client) =>
          client.pushMirroringPolicies.update({ ...inRepository, id: "m2", username: "u2", password: "p2-of-the-other-registry" }),
        gives: push,
        errors: [badLogin, denied, [404, "NO_SUCH_PUSH_MIRRORING_POLICY"]],
      },
      {
        name: "pushMirroringPolicies.delete",
        line: `DELETE ${path}/pushMirroringPolicies/m2`,
        reply: { status: 204 },
        run: (client) => client.pushMirroringPolicies.delete({ ...inRepository, id: "m2" }),
        gives: undefined,
        errors: [denied, none],
      },
    ],
  );
});

describe("promotion policies on the wire", () => {
  describeRows(
    ["promotionPolicies"],
    [
      {
        name: "promotionPolicies.list",
        line: `GET ${path}/promotionPolicies`,
        reply: { json: [{ ...promotion, lastPromotedAt: "2019-01-01T00:00:00Z" }] },
        run: (client) => client.promotionPolicies.list(inRepository),
        gives: [{ ...promotion, lastPromotedAt: "2019-01-01T00:00:00Z" }],
        errors: [denied, none],
      },
      {
        name: "promotionPolicies.list",
        line: `GET ${path}/promotionPolicies?source=false`,
        reply: { json: null },
        run: (client) => client.promotionPolicies.list({ ...inRepository, source: false }),
        gives: [],
        errors: [],
      },
      {
        name: "promotionPolicies.create",
        line: `POST ${path}/promotionPolicies?initialEvaluation=true`,
        body: promotionForm,
        reply: { status: 201, json: { ...promotion, lastPromotedAt: never } },
        run: (client) => client.promotionPolicies.create({ ...inRepository, initialEvaluation: true, ...promotionForm }),
        gives: promotion,
        errors: [[400, "INVALID_PROMOTION_POLICY"], denied, none],
      },
      {
        name: "promotionPolicies.get",
        line: `GET ${path}/promotionPolicies/p1`,
        reply: { json: promotion },
        run: (client) => client.promotionPolicies.get({ ...inRepository, id: "p1" }),
        gives: promotion,
        errors: [denied, [404, "NO_SUCH_PROMOTION_POLICY"]],
      },
      {
        name: "promotionPolicies.update",
        line: `PUT ${path}/promotionPolicies/p1?initialEvaluation=false`,
        body: { enabled: false },
        reply: { json: { ...promotion, enabled: false } },
        run: (client) => client.promotionPolicies.update({ ...inRepository, id: "p1", enabled: false }),
        gives: { ...promotion, enabled: false },
        errors: [[400, "INVALID_PROMOTION_POLICY"], denied, [404, "NO_SUCH_PROMOTION_POLICY"]],
      },
      {
        name: "promotionPolicies.delete",
        line: `DELETE ${path}/promotionPolicies/p1`,
        reply: { status: 204 },
        run: (client) => client.promotionPolicies.delete({ ...inRepository, id: "p1" }),
        gives: undefined,
        errors: [denied, none],
      },
    ],
  );
});

describe("pruning policies on the wire", () => {
  const builds = { field: "tag", operator: "sw", values: ["build-"] };
  const doomed = ["a", "b", "c"].map((letter) => ({ name: `build-${letter.repeat(12)}`, digest: `sha256:${letter}` }));
  describeRows(
    ["pruningPolicies"],
    [
      {
        name: "pruningPolicies.list",
        line: `GET ${path}/pruningPolicies?pageSize=100`,
        reply: {
          json: [
            { ...pruning, lastPrunedAt: never },
            { ...pruning, id: "q2", lastPrunedAt: "" },
          ],
        },
        run: (client) => all(client.pruningPolicies.list(inRepository)),
        gives: [pruning, { ...pruning, id: "q2" }],
        errors: [denied, none],
      },
      {
        name: "pruningPolicies.create",
        line: `POST ${path}/pruningPolicies?initialEvaluation=false`,
        body: { enabled: true, rules: [named] },
        reply: { status: 201, json: pruning },
        run: (client) => client.pruningPolicies.create({ ...inRepository, enabled: true, rules: [named] }),
        gives: pruning,
        errors: [[400, "INVALID_PARAMETERS"], denied, [404, "INVALID_PRUNING_POLICY"]],
      },
      {
        name: "pruningPolicies.test",
        line: `POST ${path}/pruningPolicies/test?pageSize=100`,
        body: { enabled: true, rules: [builds] },
        reply: { json: doomed },
        run: (client) => all(client.pruningPolicies.test({ ...inRepository, rules: [builds] })),
        gives: doomed,
        errors: [[400, "INVALID_JSON"], [404, "INVALID_PRUNING_POLICY"], denied],
      },
      {
        name: "pruningPolicies.get",
        line: `GET ${path}/pruningPolicies/q1`,
        reply: { json: { ...pruning, lastPrunedAt: "2019-01-01T00:00:00Z" } },
        run: (client) => client.pruningPolicies.get({ ...inRepository, id: "q1" }),
        gives: { ...pruning, lastPrunedAt: "2019-01-01T00:00:00Z" },
        errors: [denied, [404, "NO_SUCH_PRUNING_POLICY"]],
      },
      {
        name: "pruningPolicies.update",
        line: `PUT ${path}/pruningPolicies/q1?initialEvaluation=true`,
        body: { rules: [named], enabled: false },
        reply: { json: pruning },
        run: (client) =>
          client.pruningPolicies.update({ ...inRepository, id: "q1", rules: [named], enabled: false, initialEvaluation: true }),
        gives: pruning,
        errors: [[400, "INVALID_JSON"], denied, [404, "INVALID_PRUNING_POLICY"]],
      },
      {
        name: "pruningPolicies.delete",
        line: `DELETE ${path}/pruningPolicies/q1`,
        reply: { status: 204 },
        run: (client) => client.pruningPolicies.delete({ ...inRepository, id: "q1" }),
        gives: undefined,
        errors: [denied, [404, "NO_SUCH_PRUNING_POLICY"]],
      },
    ],
  );
});

describe("a policy whose answer is lost", () => {
  const policy = { ...inRepository, id: "q1", enabled: true };

  it("is not saved again where saving evaluates it", async () => {
    await connected(
      () => ({ status: 504, text: "<html><title>504 Gateway Timeout</title></html>" }),
      async ({ client, server }) => {
        const error = await failure(client.pruningPolicies.update({ ...policy, initialEvaluation: true }));
        expect(error).toMatchObject({ status: 504, fate: "unknown", hint: expect.stringContaining("initialEvaluation: false") });
        expect(server.seen).toHaveLength(1);
      },
    );
  });

  it("is saved again where it only sets values", async () => {
    await connected(
      (_, index) => (index === 0 ? { status: 504 } : { json: pruning }),
      async ({ client, server }) => {
        await expect(client.pruningPolicies.update(policy)).resolves.toEqual(pruning);
        expect(server.seen).toHaveLength(2);
      },
    );
  });

  it("is not created twice, and found if `find` finds it", async () => {
    await connected(
      () => ({ reset: true }),
      async ({ client, server }) => {
        const created = { ...inRepository, enabled: true, rules: [named] };
        expect(await failure(client.pruningPolicies.create(created))).toMatchObject({ fate: "unknown" });
        await expect(client.pruningPolicies.create(created, { find: async () => pruning })).resolves.toEqual(pruning);
        expect(server.seen).toHaveLength(2);
      },
    );
  });
});

describe("policies that cannot be right are not sent", () => {
  it("an empty set of ids is not taken for all", async () => {
    await connected(
      () => ({ status: 204 }),
      async ({ client, server }) => {
        expect(await failure(client.mirroringPolicies.deleteMany({ ...inRepository, ids: [] }))).toMatchObject({ kind: "request" });
        expect(await failure(client.promotionPolicies.update({ ...inRepository, id: "1", initialEvaluation: true }))).toMatchObject({
          message: expect.stringContaining("nothing to change"),
        });
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("the other registry's secrets", () => {
  it("are in no message, even if the server repeats them", async () => {
    const [password, authToken] = ["p4ssw0rd-there", "t0ken-there"];
    await connected(
      ({ body }) => ({ status: 400, json: { errors: [{ code: "INVALID_JSON", message: `cannot use ${body}`, detail: body }] } }),
      async ({ client }) => {
        const secret = { ...inRepository, remoteHost: "https://old", remoteRepository: "a/b", enabled: true, password, authToken };
        const { enabled: _, ...once } = secret;
        for (const call of [
          client.pollMirroringPolicies.create(secret),
          client.pollMirroringPolicies.update({ ...secret, id: "1" }),
          client.pushMirroringPolicies.create(secret),
          client.pushMirroringPolicies.update({ ...secret, id: "1" }),
          client.tags.mirror({ ...once, tag: "1", remoteTag: "1" }),
        ]) {
          const error = await failure(call);
          expect(error.message).toContain("cannot use");
          for (const text of [error.message, String(error.stack), JSON.stringify(error)]) {
            expect(text).not.toContain(password);
            expect(text).not.toContain(authToken);
          }
        }
      },
    );
  });
});
