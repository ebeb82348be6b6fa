/** What an event is about. */
export interface EventObject {
  readonly id: string;
  /** `TAG`, `REPOSITORY`, `MANIFEST`, `POLICY`, … */
  readonly type: string;
  readonly name?: string;
  readonly content?: string;
}

export interface NewEvent {
  /** User id; empty for the system and for anonymous clients. */
  readonly actor: string;
  /** Default: `USER`, or `SYSTEM` without an actor. */
  readonly actorType?: string;
  readonly type: "CREATE" | "GET" | "UPDATE" | "DELETE" | "SEND" | "FAIL" | "SCAN";
  readonly object: EventObject;
  /** `namespace/name`; empty for what is of no repository. */
  readonly repository: string;
  readonly target?: EventObject;
}

export interface DtrEvent extends NewEvent {
  readonly id: string;
  readonly publishedAt: Date;
  readonly actorType: string;
}
