import { planRepository } from "../../../provider/cleanup/plan/plan-repository";
import { reconcile } from "../../../provider/cleanup/plan/reconcile";
import { noAnswers } from "../../../provider/cleanup/plan/source-control";
import { compilePolicy } from "../../../provider/cleanup/policy/compile";
import type { Inventory } from "../../../provider/registries/image-registry";
import { emptyPolicy, globs, ruleOf } from "../arbitraries";
import { digestOf, image, index, inventoryOf, modelNow, referrer, repository } from "../model";

const policy = compilePolicy({
  ...emptyPolicy,
  rules: [ruleOf({ tags: globs("*") })],
  untagged: {},
  deleteGhostImages: true,
  deleteOrphanedReferrers: true,
});
const plan = (inventory: Inventory) => planRepository({ inventory, policy, now: modelNow, answers: noAnswers });
const multi = index("multi", [image("a").digest, digestOf("unread")]);
const whole = inventoryOf(repository([image("a"), multi, image("b")], { v1: multi, b: image("b") }));

describe("rule 5: an inventory that is not complete deletes nothing", () => {
  it.each<[string, Inventory, string]>([
    ["a child that is neither there nor proven missing", { ...whole, missing: new Set() }, digestOf("unread")],
    ["a tag whose manifest is not there", { ...whole, tags: new Map([...whole.tags, ["v2", digestOf("unread")]]) }, "v2"],
  ])("%s", (_, inventory, named) => {
    expect(plan(whole).deletions.length).toBeGreaterThan(0);
    const { problem, deletions, counts } = plan(inventory);
    expect(problem).toContain(named);
    expect(deletions).toEqual([]);
    expect(counts.kept).toBe(2);
    const reconciled = reconcile(plan(whole), inventory);
    expect(reconciled.deletions).toEqual([]);
    expect(reconciled.changed).toHaveLength(plan(whole).deletions.length);
  });

  it("takes no referrer for an orphan as long as its subject is not proven to be gone", () => {
    const orphan = inventoryOf(repository([referrer("orphan", digestOf("gone"))], { sbom: referrer("orphan", digestOf("gone")) }));
    expect(plan(orphan).deletions).toHaveLength(1);
    expect(plan({ ...orphan, missing: new Set() }).deletions).toEqual([]);
  });
});
