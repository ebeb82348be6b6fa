import { z } from "zod";
import { stackRule } from "../rule";
import { type Subject, text } from "../subject";

const messages = {
  several: "the stack has {count} resources that collect this registry's garbage: leave one of them, with the triggers of all",
};

export const oneGarbageCollection = stackRule<Record<never, never>>({
  name: "one-garbage-collection-per-registry",
  severity: "low",
  description: "One resource must collect the garbage of a registry.",
  types: ["dtr:Job", "registryui:GarbageCollection", "selectel:GarbageCollection"],
  messages,
  settings: z.strictObject({}),
  judge: () => (subjects) => {
    const collectors = new Map<string, Subject[]>();
    for (const subject of subjects) {
      const registry = registryOf(subject);
      if (registry !== undefined) collectors.set(registry, [...(collectors.get(registry) ?? []), subject]);
    }
    for (const [, several] of [...collectors].filter(([, { length }]) => length > 1))
      for (const subject of several) subject.violates(messages.several, { count: several.length });
  },
});

/** What stands for the registry whose garbage is collected; undefined: none, or not known yet. */
function registryOf(subject: Subject): string | undefined {
  if (subject.type === "registryui:GarbageCollection") return `registryui ${subject.server}`;
  if (subject.type === "dtr:Job") {
    const job = subject.read({ action: text });
    if (!job) subject.notKnown(["action"]);
    return job?.action === "gc" || job?.action === "onlinegc" ? `dtr ${subject.server}` : undefined;
  }
  const known = subject.read({ registryId: text });
  if (known) return `selectel ${known.registryId}`;
  // The id of a registry that is yet to be made is told by whose it is.
  const [origin, ...others] = subject.origins("registryId");
  if (origin !== undefined && others.length === 0) return `selectel ${origin}`;
  subject.notKnown(["registryId"]);
  return undefined;
}
