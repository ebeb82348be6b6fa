import { z } from "zod";
import { Attempts } from "../../provider/resources/attempts";
import type { CommonInputs, Declaration } from "../../provider/resources/declaration";
import { lifecycle } from "../../provider/resources/lifecycle";
import type { Surroundings } from "../../provider/resources/surroundings";

/** A resource for tests of the frame: a note on a server that is a map. */
export interface NoteInputs extends CommonInputs {
  name: string;
  text?: string;
  labels?: string[];
  secretText?: string;
  forceDelete?: boolean;
}
export interface NoteOutputs {
  key: string;
  version: number;
  status: string;
}

export interface Server {
  readonly notes: Map<string, { text: string; labels?: string[]; version: number; status: string }>;
  readonly calls: string[];
  address?: string;
  /** Called before a call takes effect, by its name. */
  before?: (call: string) => void | Promise<void>;
  /** Called after a call took effect. */
  after?: (call: string) => void | Promise<void>;
}

export const server = (): Server => ({ notes: new Map(), calls: [] });

async function call<T>(target: Server, name: string, effect: () => T): Promise<T> {
  target.calls.push(name);
  await target.before?.(name);
  const result = effect();
  await target.after?.(name);
  return result;
}

export const note = (
  target: Server,
  over: Partial<Declaration<NoteInputs, NoteOutputs, Server>> = {},
): Declaration<NoteInputs, NoteOutputs, Server> => ({
  type: "test:Note",
  module: { name: "test", connect: async () => target, server: ({ address = "https://notes.example.com" }) => address },
  inputs: {
    name: z.string().regex(/^[a-z]+$/, "must be lower case"),
    text: z.string().default("hello"),
    labels: z.array(z.string()).optional(),
    secretText: z.string().min(8, "must have at least 8 characters").optional(),
    forceDelete: z.boolean().default(false),
  },
  outputs: { key: z.string(), version: z.number(), status: z.string() },
  replaceOn: ["name"],
  handling: ["forceDelete"],
  secrets: ["key"],
  secretInputs: ["secretText"],
  key: ({ name }) => name,
  due: ({ status }) => (status === "ready" ? undefined : `the note is ${status}`),
  find: ({ client }, { name }) => call(client, "find", () => (client.notes.has(name) ? name : undefined)),
  create: ({ client }, { name, text = "", labels }) =>
    call(client, "create", () => {
      client.notes.set(name, { text, labels, version: 1, status: "ready" });
      return { id: name, outputs: { key: `key-of-${name}`, version: 1, status: "ready" } };
    }),
  read: ({ client }, id, last) =>
    call(client, "read", () => {
      const found = client.notes.get(id);
      return (
        found && {
          name: id,
          text: found.text,
          labels: found.labels,
          forceDelete: last.forceDelete ?? false,
          key: last.key ?? `key-of-${id}`,
          version: found.version,
          status: found.status,
        }
      );
    }),
  update: ({ client }, id, { text = "", labels }, last) =>
    call(client, "update", () => {
      const version = (client.notes.get(id)?.version ?? 0) + 1;
      client.notes.set(id, { text, labels, version, status: "ready" });
      return { key: last.key, version, status: "ready" };
    }),
  delete: ({ client }, id) => call(client, "delete", () => void client.notes.delete(id)),
  ...over,
});

/** What the engine does around the provider: a checked create, an update or nothing, from one process. */
export function process(
  target: Server,
  attemptsFolder: string,
  over: Partial<Declaration<NoteInputs, NoteOutputs, Server>> = {},
  now = () => Date.parse("2026-01-01T00:00:00Z"),
) {
  const lines: string[] = [];
  const around: Surroundings = {
    env: {},
    clock: { now, sleep: async () => undefined },
    attempts: new Attempts(attemptsFolder, now),
    log: (line) => lines.push(line),
  };
  const provider = lifecycle(note(target, over), around);
  const ready = provider.configure({ config: { get: () => undefined, require: () => "" } });
  return { provider, lines, ready };
}
