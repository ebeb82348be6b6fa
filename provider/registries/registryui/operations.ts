import { z } from "zod";
import { operation } from "../operation";
import { outcome } from "./outcome";
import * as parameters from "./parameters";
import * as schemas from "./schemas";

/**
 * The ten calls of RegistryUI's Extended API, in the order of the vendor's overview page. Arguments always go in the query, also of POST and
 * DELETE; POST has an empty body, sent as curl's `-d ""` of the vendor's samples does. No page of the vendor shows an answer of `isoffline`,
 * `setoffline` and `setonline`: theirs are taken to be like the others'.
 */

const wire = { tag: "tagName" } as const;
const form = { "content-type": "application/x-www-form-urlencoded" };
const inRepository = { repository: parameters.path };
/** Times the caller out, not the collection: the server answers when it is over. */
const untilDone = { headers: 0, body: 0, total: 6 * 3_600_000 };

export const operations = {
  registry: {
    isOffline: operation("GET /isoffline", { answer: outcome(schemas.offline) }),
    setOffline: operation("POST /setoffline", { headers: form, answer: outcome(schemas.done) }),
    setOnline: operation("POST /setonline", { headers: form, answer: outcome(schemas.done) }),
  },
  garbageCollection: {
    run: operation("POST /garbagecollection", { headers: form, answer: outcome(schemas.done), timeouts: untilDone }),
  },
  projects: {
    create: operation("POST /project/create", {
      query: { ...inRepository, title: z.string().optional(), isPublic: z.boolean().optional() },
      headers: form,
      answer: outcome(schemas.data(schemas.RepositoryEntry)),
    }),
  },
  repositories: {
    list: operation("GET /repositories", {
      query: { folder: parameters.path.optional(), ...parameters.page },
      answer: outcome(schemas.page(schemas.RepositoryEntry)),
    }),
  },
  folders: {
    // Never repeated: what is below the path may be something else by then.
    delete: operation("DELETE /folder", { query: { path: parameters.path }, answer: outcome(schemas.done), repeatable: false }),
  },
  tags: {
    list: operation("GET /tags", { query: { ...inRepository, ...parameters.page }, answer: outcome(schemas.page(schemas.TagEntry)) }),
    get: operation("GET /taginfo", {
      query: { ...inRepository, tag: parameters.tag },
      wire,
      // null: there is none.
      answer: outcome(schemas.data(schemas.TagEntry.nullable())),
    }),
    // Never repeated: the tag may have been pushed again meanwhile.
    delete: operation("DELETE /taginfo", {
      query: { ...inRepository, tag: parameters.tag },
      wire,
      answer: outcome(schemas.done),
      repeatable: false,
    }),
  },
};
