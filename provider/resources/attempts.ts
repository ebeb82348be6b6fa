import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { z } from "zod";
import type { Attempt } from "./declaration";

const Entry = z.object({
  type: z.string(),
  key: z.string(),
  nonce: z.string(),
  startedAt: z.number(),
  id: z.string().optional(),
  noted: z.unknown().optional(),
});
type Entry = z.infer<typeof Entry>;

/** An attempt older than this is forgotten: whoever runs `up` a day later looks at the error and decides. */
const KEPT = 86_400_000;

/**
 * Remembers creates that were begun and not yet seen in the state, so that an engine which was killed between the server's effect and the
 * state's checkpoint finds its own object at the next `up` instead of failing on it (or making it twice).
 *
 * Pulumi gives a dynamic provider nothing to remember by: a create that was cut off is simply called again with the same inputs. One small
 * file for each running create lies below `PULUMI_HOME`; it names the stack's resource, the object, a nonce, and what the resource notes of the state before it; it holds no secret. Where the
 * folder cannot be written nothing is remembered, and the existing object is reported as one (which names `adopt`).
 */
export class Attempts {
  private known: Map<string, string> | undefined;

  constructor(
    private readonly folder: string,
    private readonly now: () => number,
  ) {}

  /** Below `PULUMI_HOME`, where Pulumi keeps what belongs to the machine. */
  static folder(env: Readonly<Record<string, string | undefined>>): string {
    return path.join(env.PULUMI_HOME ?? path.join(env.HOME ?? os.homedir(), ".pulumi"), "registry-as-code", "attempts");
  }

  /** The attempt that this resource of this stack began earlier on the same object, or undefined. */
  unfinished(identity: string, type: string, key: string): Attempt | undefined {
    const file = this.file(identity, type);
    const entry = this.load(file);
    if (!entry || entry.key !== key || entry.type !== type) return undefined;
    return this.attempt(file, entry);
  }

  /** Begins a new attempt; called only after the server said that nothing is there. */
  begin(identity: string, type: string, key: string, noted?: unknown): Attempt {
    const file = this.file(identity, type);
    const entry: Entry = { type, key, nonce: randomUUID(), startedAt: this.now(), ...(noted === undefined ? {} : { noted }) };
    this.save(file, entry);
    return this.attempt(file, entry);
  }

  /** The server refused: nothing was made. */
  forget(identity: string, type: string): void {
    fs.rmSync(this.file(identity, type), { force: true });
  }

  /** The engine showed that its state holds this object: the attempt came to its end. */
  settled(type: string, id: string): void {
    const file = this.made().get(madeKey(type, id));
    if (file === undefined) return;
    this.made().delete(madeKey(type, id));
    fs.rmSync(file, { force: true });
  }

  /** Files of attempts whose id is known. Read once: a stack of a thousand resources asks a thousand times. */
  private made(): Map<string, string> {
    this.known ??= new Map(this.entries().flatMap(([file, { type, id }]) => (id === undefined ? [] : [[madeKey(type, id), file]])));
    return this.known;
  }

  private attempt(file: string, entry: Entry): Attempt {
    let current = entry;
    return {
      nonce: entry.nonce,
      startedAt: entry.startedAt,
      ...(entry.id === undefined ? {} : { id: entry.id }),
      ...(entry.noted === undefined ? {} : { noted: entry.noted }),
      note: (noted) => {
        current = { ...current, noted };
        this.save(file, current);
      },
      created: (id) => {
        current = { ...current, id };
        this.save(file, current);
        this.made().set(madeKey(entry.type, id), file);
      },
    };
  }

  private file(identity: string, type: string): string {
    return path.join(
      this.folder,
      `${createHash("sha256")
        .update(JSON.stringify([identity, type]))
        .digest("hex")
        .slice(0, 32)}.json`,
    );
  }

  private load(file: string): Entry | undefined {
    try {
      const parsed = Entry.safeParse(JSON.parse(fs.readFileSync(file, "utf8")));
      if (parsed.success && this.now() - parsed.data.startedAt < KEPT) return parsed.data;
      fs.rmSync(file, { force: true });
      return undefined;
    } catch {
      return undefined; // absent, unreadable or half-written: as if nothing had been begun
    }
  }

  private save(file: string, entry: Entry): void {
    try {
      fs.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}`;
      fs.writeFileSync(draft, JSON.stringify(entry), { mode: 0o600 });
      fs.renameSync(draft, file);
    } catch {
      // A read-only home must not stop a deployment; see the class comment for what is lost.
    }
  }

  private entries(): [string, Entry][] {
    let names: string[];
    try {
      names = fs.readdirSync(this.folder);
    } catch {
      return [];
    }
    return names
      .filter((name) => name.endsWith(".json"))
      .map((name) => path.join(this.folder, name))
      .flatMap((file) => {
        const entry = this.load(file);
        return entry ? [[file, entry] as [string, Entry]] : [];
      });
  }
}

const madeKey = (type: string, id: string): string => JSON.stringify([type, id]);
