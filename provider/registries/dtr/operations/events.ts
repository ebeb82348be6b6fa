import { paged } from "../paging";
import { Event } from "../schemas/event";
import { within } from "../schemas/values";
import { name } from "./given";

export const events = {
  /**
   * What happened in the registry, as far as the caller may see it: between two times (RFC 3339), by one user (`actorId`, a UUID), of one type (`CREATE`, …).
   * `objectType` since 2.7.
   */
  list: paged("GET /api/v0/events", {
    query: {
      publishedBefore: name.optional(),
      publishedAfter: name.optional(),
      actorId: name.optional(),
      eventType: name.optional(),
      objectType: name.optional(),
    },
    items: within("events", Event),
    key: (event) => event.id || JSON.stringify(event),
    errors: [400, 403],
  }),
};
