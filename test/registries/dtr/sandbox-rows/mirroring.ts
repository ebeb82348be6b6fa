import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, now, scannedImage, type World } from "../sandbox-world";
import { remote } from "./answers";

const rules = [{ field: "tag", operator: "eq", values: ["v1"] }];
const id = expect.any(String) as string;

/** Nothing was mirrored yet. */
const mirror = (world: World, policy: string) => ({
  id: policy,
  username: "admin",
  localRepository: "team/app",
  remoteHost: world.url,
  remoteRepository: "team/target",
  remoteCA: "",
  skipTLSVerification: false,
  enabled: false,
  lastStatus: { code: "", detail: "" },
});
const pushed = (world: World, policy: string) => ({ ...mirror(world, policy), rules, tagTemplate: "%n" });

const poller = (world: World) => world.client.pollMirroringPolicies.create({ ...app, ...remote(world), enabled: false });
const pusher = (world: World) => world.client.pushMirroringPolicies.create({ ...app, ...remote(world), rules, enabled: false });

export const mirroringRows: readonly SandboxRow[] = [
  row("mirroringPolicies.list", {
    arrange: async (world) => ({ push: await pusher(world), poll: await poller(world), third: await poller(world) }),
    call: ({ client }) => all(client.mirroringPolicies.list(app)),
    gives: (world, { push, poll, third }) => [
      { mirroringType: "push", ...pushed(world, push.id) },
      { mirroringType: "poll", ...mirror(world, poll.id) },
      { mirroringType: "poll", ...mirror(world, third.id) },
    ],
  }),
  row("mirroringPolicies.deleteMany", {
    status: 204,
    arrange: async (world) => [await pusher(world), await poller(world)],
    call: ({ client }, policies) => client.mirroringPolicies.deleteMany({ ...app, ids: policies.map((policy) => policy.id) }),
    effect: ({ state }) => {
      const { pushMirroringPolicies, pollMirroringPolicies } = state.repository("team/app");
      expect(pushMirroringPolicies.size + pollMirroringPolicies.size).toBe(0);
    },
  }),
  row("pollMirroringPolicies.list", {
    arrange: poller,
    call: ({ client }) => client.pollMirroringPolicies.list(app),
    gives: (world, policy) => [mirror(world, policy.id)],
  }),
  row("pollMirroringPolicies.create", {
    status: 201,
    call: poller,
    gives: (world) => mirror(world, id),
    effect: ({ state, dtr }) =>
      expect([...state.repository("team/app").pollMirroringPolicies.values()]).toEqual([
        expect.objectContaining({ password: dtr.credentials.password }),
      ]),
  }),
  row("pollMirroringPolicies.get", {
    arrange: poller,
    call: ({ client }, policy) => client.pollMirroringPolicies.get({ ...app, id: policy.id }),
    gives: (world, policy) => mirror(world, policy.id),
  }),
  row("pollMirroringPolicies.update", {
    arrange: poller,
    call: ({ client }, policy) => client.pollMirroringPolicies.update({ ...app, id: policy.id, enabled: true }),
    gives: (world, policy) => ({ ...mirror(world, policy.id), enabled: true }),
    effect: ({ state, dtr }, policy) =>
      expect(state.repository("team/app").pollMirroringPolicies.get(policy.id)?.password).toBe(dtr.credentials.password),
  }),
  row("pollMirroringPolicies.delete", {
    status: 204,
    arrange: poller,
    call: ({ client }, policy) => client.pollMirroringPolicies.delete({ ...app, id: policy.id }),
    effect: ({ state }) => expect(state.repository("team/app").pollMirroringPolicies.size).toBe(0),
  }),
  row("pushMirroringPolicies.list", {
    arrange: pusher,
    call: ({ client }) => client.pushMirroringPolicies.list(app),
    gives: (world, policy) => [pushed(world, policy.id)],
  }),
  row("pushMirroringPolicies.create", {
    status: 201,
    call: pusher,
    gives: (world) => pushed(world, id),
    effect: ({ dtr }) => expect(dtr.store.repository("team/target")?.tags.size ?? 0).toBe(0),
  }),
  row("pushMirroringPolicies.create evaluated", {
    status: 201,
    call: (world) => world.client.pushMirroringPolicies.create({ ...app, ...remote(world), rules, enabled: true, initialEvaluation: true }),
    gives: (world) => ({ ...pushed(world, id), enabled: true }),
    effect: async ({ state, dtr, client }) => {
      await state.settled();
      expect(dtr.store.repository("team/target")?.tags.get("v1")).toBe(scannedImage.digest);
      expect(await client.pushMirroringPolicies.list(app)).toEqual([
        expect.objectContaining({ lastMirroredAt: now, lastStatus: { code: "SUCCESS", detail: "", timestamp: now } }),
      ]);
    },
  }),
  row("pushMirroringPolicies.get", {
    arrange: pusher,
    call: ({ client }, policy) => client.pushMirroringPolicies.get({ ...app, id: policy.id }),
    gives: (world, policy) => pushed(world, policy.id),
  }),
  row("pushMirroringPolicies.update", {
    arrange: pusher,
    call: ({ client }, policy) => client.pushMirroringPolicies.update({ ...app, id: policy.id, tagTemplate: "%n-%Y" }),
    gives: (world, policy) => ({ ...pushed(world, policy.id), tagTemplate: "%n-%Y" }),
  }),
  row("pushMirroringPolicies.delete", {
    status: 204,
    arrange: pusher,
    call: ({ client }, policy) => client.pushMirroringPolicies.delete({ ...app, id: policy.id }),
    effect: ({ state }) => expect(state.repository("team/app").pushMirroringPolicies.size).toBe(0),
  }),
];
