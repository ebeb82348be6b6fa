import { z } from "zod";
import { invalidAnswer, readJson, statusError } from "../../../http";
import { operation } from "../../operation";
import { AccessToken, Docs, Health, ServerVersion } from "../schemas/service";

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/;

/** What the server answers about itself, beside its API. */
export const service = {
  /** Whether the replica that answers is well. One that says that it is not is an answer, too. */
  health: operation("GET /health", {
    headers: { accept: "application/json" },
    expect: [500, 503],
    read: (answer, json): Health => {
      if (answer.status < 400) return readJson(answer, Health);
      const said = Health.safeParse(readable(json));
      if (said.success && said.data.error !== "") return said.data;
      throw statusError(answer);
    },
  }),
  /** The certificate of the registry's own authority, in PEM. */
  ca: operation("GET /ca", {
    read: (answer) => {
      const text = answer.body.toString("utf8");
      if (!certificate.test(text)) throw invalidAnswer(answer, "it holds no certificate");
      return text;
    },
    errors: [404],
  }),
  /** The version, from the server's description of its API. Needs no login: the best way to ask. */
  docs: operation("GET /api/v0/docs.json", { answer: Docs, errors: [404] }),
  /** The version, as administrators get it. */
  adminVersion: operation("GET /api/v0/admin/version", { answer: ServerVersion, errors: [403, 404] }),
  /** A token of the registry's token server. `scope`: `repository:namespace/name:pull,push`; without any, it tells only who one is. */
  token: operation("GET /auth/token", {
    query: { service: z.string().optional(), scope: z.array(z.string()).readonly().optional() },
    answer: AccessToken,
    errors: [401],
  }),
};

function readable(json: () => unknown): unknown {
  try {
    return json();
  } catch {
    return undefined;
  }
}
