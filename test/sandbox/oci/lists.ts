import type { SandboxRequest, SandboxResponse } from "../contract";
import { digestOf } from "../digest";
import { failure, notFound } from "./errors";
import { numberOf, pageOf, sorted } from "./page";
import type { OciContext } from "./switches";

const MAX_ENTRIES = 1_000;
/** distribution 2.8 without `n`. */
const CATALOG_DEFAULT = 100;

/** `GET /v2/<name>/tags/list`. */
export function tags({ store, switches }: OciContext, name: string, request: SandboxRequest): SandboxResponse {
  const repository = store.repository(name);
  if (!repository) return failure(404, { code: "NAME_UNKNOWN", detail: { name } });
  if (switches.paging === "distribution-2.8") {
    const unsorted = sorted([...repository.tags.keys()].map((tag) => `${digestOf(Buffer.from(tag))} ${tag}`)).map((entry) =>
      entry.slice(entry.indexOf(" ") + 1),
    );
    return { status: 200, json: { name, tags: unsorted.length > 0 ? unsorted : null } };
  }
  const invalid = badNumber(request);
  if (invalid) return invalid;
  const { items, headers } = pageOf(sorted(repository.tags.keys()), request, { max: MAX_ENTRIES });
  return { status: 200, headers, json: { name, tags: items } };
}

/** `GET /v2/_catalog`: Docker's, not OCI's. */
export function catalog({ store, switches }: OciContext, request: SandboxRequest): SandboxResponse {
  if (!switches.catalog) return notFound();
  const old = switches.paging === "distribution-2.8";
  const number = numberOf(request);
  if (number !== undefined && number > MAX_ENTRIES) return failure(400, { code: "PAGINATION_NUMBER_INVALID", detail: { n: number } });
  const invalid = old ? undefined : badNumber(request);
  if (invalid) return invalid;
  const names = sorted(store.repositories().map(({ name }) => name));
  const rules = { max: old && number === undefined ? CATALOG_DEFAULT : MAX_ENTRIES, linkAfterFullPage: old };
  const { items, headers } = pageOf(names, request, rules);
  return { status: 200, headers, json: { repositories: items } };
}

function badNumber(request: SandboxRequest): SandboxResponse | undefined {
  const given = request.query.get("n");
  const wrong = given !== null && given !== "" && numberOf(request) === undefined;
  return wrong ? failure(400, { code: "PAGINATION_NUMBER_INVALID", detail: { n: given } }) : undefined;
}
