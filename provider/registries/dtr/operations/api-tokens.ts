import { z } from "zod";
import { operation } from "../../operation";
import { paged } from "../paging";
import { ApiToken, NewApiToken } from "../schemas/api-tokens";
import { array } from "../schemas/values";
import { name } from "./given";

const label = z.string("must be a text");
const moment = z.string("must be a text").refine((text) => !Number.isNaN(Date.parse(text)), "must be a time such as 2030-01-31T12:00:00Z");

/** Access tokens. The secret is in the answer to `create` and in no other; `hashedToken` is no secret. */
export const apiTokens = {
  /** The tokens of a user; without `username` the caller's own, for an administrator everybody's. */
  list: paged("GET /api/v0/api_tokens", {
    query: { username: name.optional() },
    items: array(ApiToken),
    key: ({ hashedToken }) => hashedToken,
    errors: [403, 404],
  }),
  /**
   * Creates a token, for another user if an administrator names one. It never ends by itself and may all that its user may. `createApiToken` leaves none
   * behind whose secret nobody knows.
   */
  create: operation("POST /api/v0/api_tokens", {
    query: { username: name.optional() },
    body: { tokenLabel: label },
    answer: NewApiToken,
    errors: [403],
  }),
  /**
   * Deletes many tokens: those of `username`, last used before `usedbefore` (RFC 3339), made by `generatedby` (server's default: `auto`). One of them must
   * be given: without any, an administrator would delete tokens of all users.
   */
  deleteMany: operation("DELETE /api/v0/api_tokens", {
    query: { username: name.optional(), usedbefore: moment.optional(), generatedby: name.optional() },
    rule: (given) => (Object.values(given).every((value) => value === undefined) ? "give username, usedbefore or generatedby" : undefined),
    // A token that is made meanwhile may be one of them, too.
    repeatable: false,
    errors: [400, 403, 404],
  }),
  /** One token. NO_SUCH_API_TOKEN: it is gone. */
  get: operation("GET /api/v0/api_tokens/{hashedToken}", { answer: ApiToken, errors: [403, 404] }),
  /** Changes what is given. A token that is not active is refused from then on. */
  update: operation("PATCH /api/v0/api_tokens/{hashedToken}", {
    body: { tokenLabel: label.optional(), isActive: z.boolean().optional() },
    answer: ApiToken,
    repeatable: true,
    errors: [403, 404],
  }),
  /** NO_SUCH_API_TOKEN: it is gone already. */
  delete: operation("DELETE /api/v0/api_tokens/{hashedToken}", { errors: [403, 404] }),
};
