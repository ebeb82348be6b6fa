import { z } from "zod";
import { optional, text, time } from "./shape";
import { filled } from "./values";

/** What an event is about. */
export interface EventObject {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  /** As the server tells it. */
  readonly content?: unknown;
}

/** Something that happened to a repository, a tag, an account. */
export interface Event {
  readonly id: string;
  /** RFC 3339. */
  readonly publishedAt?: string;
  /** Id of the user, or name of the part of the server, that did it. */
  readonly actor?: string;
  readonly actorType?: string;
  /** `CREATE`, `GET`, `UPDATE`, `DELETE`, `SEND`, `FAIL`, `SCAN`. */
  readonly type: string;
  readonly object?: EventObject;
  readonly target?: EventObject;
  /** Absent where it is about none. */
  readonly repository?: string;
}

const EventObject: z.ZodType<EventObject> = z.object({ id: filled, type: filled, name: filled, content: z.unknown().optional() });

export const Event: z.ZodType<Event> = z.object({
  id: text,
  publishedAt: time,
  actor: filled,
  actorType: filled,
  type: text,
  object: optional(EventObject),
  target: optional(EventObject),
  repository: filled,
});
