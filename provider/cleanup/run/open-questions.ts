import type { Detail, Inventory } from "../../registries/image-registry";
import type { Questions } from "../plan/questions";
import type { CompiledPolicy } from "../policy/compile";

/** What was asked for already. */
export interface Known {
  readonly dated: Set<string>;
  readonly named: Set<string>;
  referrers: boolean;
}

/** Whether `questions` can have nothing more to ask: it costs a good part of a plan. */
export function isAnswered({ repository, manifests }: Inventory, policy: CompiledPolicy, { dated, named, referrers }: Known): boolean {
  let isOpen = !referrers;
  manifests.forEach(({ digest, created }) => {
    isOpen ||= !created && !dated.has(digest);
  });
  if (isOpen) return false;
  for (const digest of policy.of(repository).keptDigests) if (!manifests.has(digest) && !named.has(digest)) return false;
  return true;
}

const without = (some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> =>
  others.size === 0 ? some : new Set([...some].filter((one) => !others.has(one)));

/** What is to be asked next; undefined: nothing that was not asked already. */
export function openQuestions(asked: Questions, known: Known): Detail | undefined {
  const created = without(asked.created, known.dated);
  const digests = without(asked.digests, known.named);
  const referrers = asked.referrers && !known.referrers;
  if (created.size === 0 && digests.size === 0 && !referrers) return undefined;
  return { created, referrers, ...(digests.size > 0 && { digests }) };
}
