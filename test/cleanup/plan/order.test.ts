import { globs, ruleOf } from "../arbitraries";
import { image, index, referrer, repository } from "../model";
import { planOf } from "./run";

const order = (...args: Parameters<typeof planOf>) =>
  planOf(...args).deletions.map((deletion) => (deletion.kind === "manifest" ? deletion.digest : deletion.tag));
const deleting = { rules: [ruleOf({ tags: globs("*", "!latest") })] };

it("tags of what stays first, then manifests", () => {
  const both = image("both");
  const state = repository([both, image("old")], { "pr-9": both, "pr-1": both, latest: both, aaa: image("old") });
  expect(new Set(order(state, deleting).slice(0, 2))).toEqual(new Set(["pr-1", "pr-9"]));
});

it("one family after the other, the oldest first, so that an interruption leaves little behind", () => {
  const families = [5, 30, 10, 20].map((age) => {
    const child = image(`child ${age}`, { age });
    const multi = index(`multi ${age}`, [child.digest], { age });
    const signature = referrer(`signature ${age}`, multi.digest, { age });
    const ofChild = referrer(`signature of the child ${age}`, child.digest, { age });
    return { age, tag: multi, members: [signature, ofChild, multi, child] };
  });
  const state = repository(
    families.flatMap(({ members }) => members),
    Object.fromEntries(families.map(({ age, tag }) => [`v${age}`, tag])),
  );
  const sorted = families.toSorted((a, b) => b.age - a.age);
  const result = order(state, deleting);
  sorted.forEach(({ members }, at) => {
    expect(new Set(result.slice(at * 4, at * 4 + 4))).toEqual(new Set(members.map(({ digest }) => digest)));
  });
});

it("a shared child goes after the last index that holds it", () => {
  const child = image("child");
  const indexes = [10, 20, 30].map((age) => index(`index ${age}`, [child.digest], { age }));
  const state = repository([child, ...indexes], Object.fromEntries(indexes.map((one, n) => [`v${n}`, one])));
  expect(order(state, deleting).at(-1)).toBe(child.digest);
  expect(order(state, deleting)).toHaveLength(4);
});

it("circles that names of tags make are broken so that indexes go before their children", () => {
  const leaf = image("leaf");
  const inner = index("inner", [leaf.digest]);
  const outer = index("outer", [inner.digest]);
  const name = (digest: string) => `${digest.replace(":", "-")}.sig`;
  const state = repository([leaf, inner, outer], { v1: outer, [name(outer.digest)]: leaf, [name(inner.digest)]: leaf });
  expect(order(state, deleting)).toEqual([outer.digest, inner.digest, leaf.digest]);
});
