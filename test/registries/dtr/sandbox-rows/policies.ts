import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, now, second, target, type World } from "../sandbox-world";

const rules = [{ field: "tag", operator: "eq", values: ["v2"] }];
const other = [{ field: "tag", operator: "sw", values: ["never-"] }];
const promotion = { ...app, targetRepository: "team/target", tagTemplate: "%n-stable", rules, enabled: true };
const promoted = (id: string) => ({
  id,
  rules,
  sourceRepository: "team/app",
  targetRepository: "team/target",
  tagTemplate: "%n-stable",
  enabled: true,
});
const pruned = (id: string) => ({ id, rules, repository: "team/app", enabled: true });
const id = expect.any(String) as string;

const promoter = ({ client }: World) => client.promotionPolicies.create(promotion);
const pruner = ({ client }: World) => client.pruningPolicies.create({ ...app, rules, enabled: true });
const tagsIn = ({ dtr }: World, path: string) => [...(dtr.store.repository(path)?.tags.keys() ?? [])].sort();

export const policyRows: readonly SandboxRow[] = [
  row("promotionPolicies.list", {
    arrange: promoter,
    call: ({ client }) => client.promotionPolicies.list(app),
    gives: (_, policy) => [promoted(policy.id)],
  }),
  row("promotionPolicies.list of the target", {
    arrange: promoter,
    call: ({ client }) => client.promotionPolicies.list({ ...target, source: false }),
    gives: (_, policy) => [promoted(policy.id)],
  }),
  row("promotionPolicies.create", {
    status: 201,
    call: promoter,
    gives: () => promoted(id),
    effect: (world) => expect(tagsIn(world, "team/target")).toEqual([]),
  }),
  row("promotionPolicies.create evaluated", {
    status: 201,
    call: ({ client }) => client.promotionPolicies.create({ ...promotion, initialEvaluation: true }),
    gives: () => ({ ...promoted(id), lastPromotedAt: now }),
    effect: (world) => expect(world.dtr.store.repository("team/target")?.tags.get("v2-stable")).toBe(second.digest),
  }),
  row("promotionPolicies.get", {
    arrange: promoter,
    call: ({ client }, policy) => client.promotionPolicies.get({ ...app, id: policy.id }),
    gives: (_, policy) => promoted(policy.id),
  }),
  row("promotionPolicies.update", {
    arrange: promoter,
    call: ({ client }, policy) => client.promotionPolicies.update({ ...app, id: policy.id, enabled: false, rules: other }),
    gives: (_, policy) => ({ ...promoted(policy.id), enabled: false, rules: other }),
  }),
  row("promotionPolicies.delete", {
    status: 204,
    arrange: promoter,
    call: ({ client }, policy) => client.promotionPolicies.delete({ ...app, id: policy.id }),
    effect: ({ state }) => expect(state.repository("team/app").promotionPolicies.size).toBe(0),
  }),
  row("pruningPolicies.list", {
    arrange: async (world) => [await pruner(world), await pruner(world), await pruner(world)],
    call: ({ client }) => all(client.pruningPolicies.list(app)),
    gives: (_, policies) => policies.map((policy) => pruned(policy.id)),
  }),
  row("pruningPolicies.create", {
    status: 201,
    call: pruner,
    gives: () => pruned(id),
    effect: (world) => expect(tagsIn(world, "team/app")).toEqual(["multi", "v1", "v2"]),
  }),
  row("pruningPolicies.create evaluated", {
    status: 201,
    call: ({ client }) => client.pruningPolicies.create({ ...app, rules, enabled: true, initialEvaluation: true }),
    gives: () => ({ ...pruned(id), lastPrunedAt: now }),
    effect: (world) => expect(tagsIn(world, "team/app")).toEqual(["multi", "v1"]),
  }),
  row("pruningPolicies.test", {
    call: ({ client }) =>
      all(client.pruningPolicies.test({ ...app, rules: [{ field: "updated_at", operator: "bf", values: ["2027-01-01T00:00:00Z"] }] })),
    gives: ({ dtr }) => ["multi", "v1", "v2"].map((name) => ({ name, digest: dtr.store.repository("team/app")?.tags.get(name) })),
    effect: (world) => expect(tagsIn(world, "team/app")).toEqual(["multi", "v1", "v2"]),
  }),
  row("pruningPolicies.get", {
    arrange: pruner,
    call: ({ client }, policy) => client.pruningPolicies.get({ ...app, id: policy.id }),
    gives: (_, policy) => pruned(policy.id),
  }),
  row("pruningPolicies.update", {
    arrange: pruner,
    call: ({ client }, policy) => client.pruningPolicies.update({ ...app, id: policy.id, enabled: false }),
    gives: (_, policy) => ({ ...pruned(policy.id), enabled: false }),
    effect: (world) => expect(tagsIn(world, "team/app")).toEqual(["multi", "v1", "v2"]),
  }),
  row("pruningPolicies.delete", {
    status: 204,
    arrange: pruner,
    call: ({ client }, policy) => client.pruningPolicies.delete({ ...app, id: policy.id }),
    effect: ({ state }) => expect(state.repository("team/app").pruningPolicies.size).toBe(0),
  }),
];
