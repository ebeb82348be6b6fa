import { z } from "zod";
import { operation } from "../../operation";
import { Alert, ClusterStatus, Features, Settings, settings } from "../schemas/meta";
import { array } from "../schemas/values";

/** Every key may be absent: only what is given is set. */
const form = z.object(settings).partial().shape;

/** The registry itself. For administrators, but for `features`. */
export const meta = {
  /** What administrators should know. */
  alerts: operation("GET /api/v0/meta/alerts", { answer: array(Alert), errors: [403] }),
  /** Health of replicas and database. */
  clusterStatus: operation("GET /api/v0/meta/cluster_status", { answer: ClusterStatus, errors: [403] }),
  /** What is on and licensed. Any user may ask. */
  features: operation("GET /api/v0/meta/features", { answer: Features, errors: [401] }),
  /** All settings, those that are not known here too; never `webTLSKey`. */
  getSettings: operation("GET /api/v0/meta/settings", { answer: Settings, errors: [403] }),
  /** Sets what is given and leaves the rest. A change of `webTLS…` may make the server unreachable for a moment. */
  updateSettings: operation("POST /api/v0/meta/settings", {
    body: form,
    rule: (given) => (Object.values(given).every((value) => value === undefined) ? "nothing to set: give one setting at least" : undefined),
    // Whether a body comes back differs: nobody needs it.
    repeatable: true,
    secret: ["webTLSKey"],
    errors: [400, 403],
  }),
};
