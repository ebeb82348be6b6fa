import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, now, type World } from "../sandbox-world";

const id = expect.any(String) as string;

const hook = { type: "TAG_PUSH", key: "team/app" };
const hookAnswer = (world: World, changed: Readonly<Record<string, unknown>> = {}) => ({
  id: expect.stringMatching(/^[0-9a-f]{64}$/),
  ...hook,
  endpoint: world.receiver,
  authorID: world.accountId("admin"),
  createdAt: now,
  inactive: false,
  tlsCert: "",
  skipTLSVerification: false,
  ...changed,
});
const hooker = ({ client, receiver }: World) => client.webhooks.create({ ...hook, endpoint: receiver });

const webhookRows: readonly SandboxRow[] = [
  row("webhooks.list", {
    arrange: async (world) => {
      await hooker(world);
      await world.client.webhooks.create({ ...hook, type: "TAG_PULL", endpoint: world.receiver });
    },
    call: ({ client }) => client.webhooks.list({ webhookType: "TAG_PUSH" }),
    gives: (world) => [hookAnswer(world)],
  }),
  row("webhooks.create", {
    status: [200, 201],
    call: hooker,
    gives: (world) => hookAnswer(world),
    effect: async ({ client, state, accountId }) => {
      await client.tags.promote({ ...app, tag: "v1", targetRepository: "team/target", targetTag: "x" });
      await client.webhooks.create({ ...hook, key: "team/target", endpoint: "http://127.0.0.1:1/" });
      await client.tags.promote({ ...app, tag: "v1", targetRepository: "team/target", targetTag: "y" });
      await state.settled();
      expect(state.deliveries.map(({ body }) => body)).toEqual([
        expect.objectContaining({ type: "TAG_PUSH", location: "/repositories/team/target/tags/y" }),
      ]);
      expect(state.webhooks.size).toBe(2);
      expect(accountId("admin")).toBe([...state.webhooks.values()][0]?.authorID);
    },
  }),
  row("webhooks.test", {
    call: ({ client, receiver }) => client.webhooks.test({ type: "TAG_PUSH", endpoint: receiver }),
    effect: ({ state, receiver }) =>
      expect(state.deliveries).toEqual([
        expect.objectContaining({ webhook: "", endpoint: receiver, status: 200, body: expect.objectContaining({ type: "TAG_PUSH" }) }),
      ]),
  }),
  row("webhooks.update", {
    arrange: hooker,
    call: ({ client }, webhook) => client.webhooks.update({ id: webhook.id, inactive: true, tlsCert: "", skipTLSVerification: true }),
    gives: (world) => [hookAnswer(world, { inactive: true, skipTLSVerification: true })],
    effect: ({ state }, webhook) => expect(state.webhooks.get(webhook.id)).toMatchObject({ inactive: true, skipTLSVerification: true }),
  }),
  row("webhooks.delete", {
    status: [200, 204],
    arrange: hooker,
    call: ({ client }, webhook) => client.webhooks.delete({ id: webhook.id }),
    effect: ({ state }) => expect(state.webhooks.size).toBe(0),
  }),
];

const cron = { action: "gc", schedule: "0 0 1 * * 0", retries: 0, deadline: "", stopTimeout: "30s" };
const cronAnswer = { ...cron, id, capacityMap: {}, parameters: {}, nextRun: "2026-01-04T01:00:00.000123456Z" };
const scheduler = ({ client }: World) => client.crons.set(cron);
const config = { action: "gc", parameters: { k: "v" } };
const configurer = ({ client }: World) => client.actionConfigs.set(config);

const scheduleRows: readonly SandboxRow[] = [
  row("crons.list", { arrange: scheduler, call: ({ client }) => client.crons.list(), gives: () => [cronAnswer] }),
  row("crons.list of none", { call: ({ client }) => client.crons.list(), gives: () => [] }),
  row("crons.set", { status: 202, call: scheduler, gives: () => cronAnswer }),
  row("crons.set again", {
    status: 202,
    arrange: scheduler,
    call: ({ client }) => client.crons.set({ ...cron, schedule: "@hourly", retries: 2, parameters: { a: "b" }, capacityMap: { gc: 1 } }),
    gives: (_, before) => ({
      ...cronAnswer,
      id: before.id,
      schedule: "@hourly",
      retries: 2,
      parameters: { a: "b" },
      capacityMap: { gc: 1 },
      nextRun: "2026-01-01T01:00:00.000123456Z",
    }),
    effect: ({ state }) => expect(state.services.crons.size).toBe(1),
  }),
  row("crons.get", { arrange: scheduler, call: ({ client }) => client.crons.get({ action: "gc" }), gives: () => cronAnswer }),
  row("crons.delete", {
    status: 204,
    arrange: scheduler,
    call: ({ client }) => client.crons.delete({ action: "gc" }),
    effect: ({ state }) => expect(state.services.crons.size).toBe(0),
  }),
  row("actionConfigs.list", { arrange: configurer, call: ({ client }) => client.actionConfigs.list(), gives: () => [{ id, ...config }] }),
  row("actionConfigs.set", { status: 202, call: configurer, gives: () => ({ id, ...config }) }),
  row("actionConfigs.get", {
    arrange: configurer,
    call: ({ client }) => client.actionConfigs.get({ action: "gc" }),
    gives: (_, set) => ({ ...config, id: set.id }),
  }),
  row("actionConfigs.delete", {
    status: 204,
    arrange: configurer,
    call: ({ client }) => client.actionConfigs.delete({ action: "gc" }),
    effect: ({ state }) => expect(state.services.actionConfigs.size).toBe(0),
  }),
];

const submitter = ({ client }: World) => client.jobs.submit({ action: "gc" });
const jobAnswer = (changed: Readonly<Record<string, unknown>> = {}) => ({
  id,
  retryFromID: id,
  status: "waiting",
  scheduledAt: now,
  lastUpdated: now,
  action: "gc",
  retriesLeft: 0,
  retriesTotal: 0,
  capacityMap: {},
  parameters: {},
  deadline: "",
  stopTimeout: "",
  ...changed,
});
const running = { status: "running", workerID: "000000000000" };

const jobRows: readonly SandboxRow[] = [
  row("jobs.list", {
    arrange: async (world) => [await submitter(world), await submitter(world), await submitter(world)],
    call: ({ client }) => all(client.jobs.list({ action: "gc", worker: "any", running: "any" })),
    gives: (_, submitted) => submitted.toReversed().map((job) => jobAnswer({ id: job.id, ...running })),
  }),
  row("jobs.list of another action", {
    arrange: submitter,
    call: ({ client }) => all(client.jobs.list({ action: "poll_mirror" })),
    gives: () => [],
  }),
  row("jobs.submit", {
    status: 202,
    call: ({ client }) => client.jobs.submit({ action: "gc", retries: 1, parameters: { a: "b" }, deadline: "2h", stopTimeout: "30s" }),
    gives: () => jobAnswer({ retriesLeft: 1, retriesTotal: 1, parameters: { a: "b" }, deadline: "2h", stopTimeout: "30s" }),
    effect: ({ state }) => expect(state.jobs).toEqual([expect.objectContaining({ action: "gc" })]),
  }),
  row("jobs.get", {
    arrange: submitter,
    call: ({ client }, job) => client.jobs.get({ id: job.id }),
    gives: (_, job) => jobAnswer({ id: job.id, ...running }),
  }),
  row("jobs.delete", {
    status: 204,
    arrange: submitter,
    call: ({ client }, job) => client.jobs.delete({ id: job.id }),
    effect: ({ state }) => expect(state.jobs).toEqual([]),
  }),
  row("jobs.cancel", {
    status: 204,
    arrange: submitter,
    call: ({ client }, job) => client.jobs.cancel({ id: job.id }),
    effect: ({ state }) => expect(state.jobs).toEqual([expect.objectContaining({ phase: "canceled" })]),
  }),
  row("jobs.logs", {
    arrange: async (world) => {
      const job = await submitter(world);
      await world.state.runJobs();
      return job;
    },
    call: ({ client }, job) => client.jobs.logs({ id: job.id, offset: 1, limit: 1 }),
    gives: () => [{ data: expect.stringMatching(/^\d+ bytes were freed$/), lineNum: 2 }],
  }),
  row("jobs.logs of none yet", {
    arrange: ({ client }) => client.jobs.submit({ action: "gc", scheduledAt: "2026-06-01T00:00:00Z" }),
    call: ({ client }, job) => client.jobs.logs({ id: job.id }),
    gives: () => [],
  }),
  row("workers.list", {
    call: ({ client }) => client.workers.list(),
    gives: () => [
      {
        id: "000000000000",
        status: "running",
        capacityMap: { scan: 1, scanCheck: 1 },
        heartbeatExpiration: "2026-01-01T00:01:00.000123456Z",
      },
    ],
  }),
  row("workers.setCapacity", {
    status: 202,
    call: ({ client }) => client.workers.setCapacity({ id: "000000000000", capacityMap: { scan: 2, scanCheck: 2 } }),
    effect: ({ state }) => expect(state.services.workers.get("000000000000")?.capacityMap).toEqual({ scan: 2, scanCheck: 2 }),
  }),
];

export const serviceRows: readonly SandboxRow[] = [...webhookRows, ...scheduleRows, ...jobRows];
