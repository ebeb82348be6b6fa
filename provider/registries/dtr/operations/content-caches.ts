import { operation } from "../../operation";
import { ContentCache } from "../schemas/content-caches";
import { array } from "../schemas/values";
import { name } from "./given";

/** Caches that users can choose to pull through (`accounts.updateSettings`). For administrators. There is no update. */
export const contentCaches = {
  /** All caches. In no pages. */
  list: operation("GET /api/v0/content_caches", { answer: array(ContentCache), errors: [403] }),
  /** Adds a cache: its name, and its address as `host`. */
  create: operation("POST /api/v0/content_caches", { body: { name, host: name }, answer: ContentCache, errors: [400, 403] }),
  /** One cache. NO_SUCH_CONTENT_CACHE: it is gone. */
  get: operation("GET /api/v0/content_caches/{id}", { answer: ContentCache, errors: [403, 404] }),
  /** Succeeds, too, if it is gone already. */
  delete: operation("DELETE /api/v0/content_caches/{id}", { errors: [403, 404] }),
};
