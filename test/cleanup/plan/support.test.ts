import type { DeletionSupport } from "../../../provider/registries/image-registry";
import { globs, ruleOf } from "../arbitraries";
import { image, index, repository } from "../model";
import { doomedTags, imageOf, planOf, tagOf } from "./run";

const shared = image("shared");
const child = image("child");
const multi = index("multi", [child.digest]);
const state = repository([shared, child, multi, image("old")], {
  "pr-1": shared,
  v1: shared,
  "pr-2": image("old"),
  v2: multi,
  "pr-3": child,
});
const policy = { rules: [ruleOf({ tags: globs("pr-*") })] };
const plan = (deletion: DeletionSupport, allowPlaceholderUntag = false) =>
  planOf(state, { ...policy, allowPlaceholderUntag }, { deletion });

describe("what a registry cannot do is not planned", () => {
  it.each<[string, DeletionSupport, boolean, string[]]>([
    ["everything is supported", { manifest: "supported", tag: "supported" }, false, ["pr-1", "pr-2", "pr-3"]],
    ["these credentials may not: others may", { manifest: "denied", tag: "denied" }, false, ["pr-1", "pr-2", "pr-3"]],
    ["no tag alone", { manifest: "supported", tag: "unsupported" }, true, ["pr-2"]],
    ["by way of a placeholder, which is not allowed", { manifest: "supported", tag: "placeholder" }, false, ["pr-2"]],
    ["by way of a placeholder", { manifest: "supported", tag: "placeholder" }, true, ["pr-1", "pr-2", "pr-3"]],
    ["tags only (distribution 3.0.0 without deletion)", { manifest: "disabled", tag: "supported" }, false, ["pr-1", "pr-3"]],
    ["nothing by digest, and so no placeholder", { manifest: "disabled", tag: "placeholder" }, true, []],
    ["nothing", { manifest: "readonly", tag: "unsupported" }, true, []],
  ])("%s", (_, support, allowed, expected) => {
    expect(doomedTags(plan(support, allowed))).toEqual(expected);
  });

  it("says why a tag stays", () => {
    const kept = plan({ manifest: "supported", tag: "unsupported" });
    expect(tagOf(kept, "pr-1")?.reason).toEqual({
      code: "shared-with",
      text: "shares its digest with v1, and this registry cannot remove a tag alone",
      blocked: true,
    });
    expect(tagOf(kept, "pr-3")?.reason).toMatchObject({ code: "cannot-untag", blocked: true });
    expect(tagOf(plan({ manifest: "supported", tag: "placeholder" }), "pr-1")?.reason.text).toContain("allow-placeholder-untag");
    expect(kept.counts.blocked).toBe(2);
  });

  it.each<[DeletionSupport["manifest"], string]>([
    ["disabled", "1 image that is to go stays, because deletion is switched off in the registry."],
    ["readonly", "1 image that is to go stays, because the registry is read-only."],
    ["denied", "These credentials may not delete here: this is what would go with others."],
  ])("warns if deletion is %s", (manifest, warning) => {
    const warned = plan({ manifest, tag: manifest === "denied" ? "denied" : "unsupported" });
    expect(warned.warnings).toEqual([warning]);
    if (manifest === "denied") return;
    expect(imageOf(warned, image("old"))?.reason).toMatchObject({ code: "cannot-delete", blocked: true });
    expect(tagOf(warned, "pr-2")?.reason.code).toBe("cannot-delete");
  });

  it("warns of nothing where nothing was to go", () => {
    expect(planOf(state, {}, { deletion: { manifest: "denied", tag: "denied" } }).warnings).toEqual([]);
    expect(planOf(state, {}, { deletion: { manifest: "disabled", tag: "unsupported" } }).warnings).toEqual([]);
  });
});
