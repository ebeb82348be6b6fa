import { z } from "zod";
import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { absenceOf, refusal, routeHint, unusable } from "./answer-errors";
import { InvalidName } from "./invalid-name";
import { pages } from "./pages";
import { parseRepository, parseTag, type Repository, type Tag } from "./path-names";
import { catalogScope, pullScope } from "./scope";

export interface ListOptions {
  /** Entries a page, at most 1,000, the default. */
  readonly pageSize?: number;
}

/** docker-registry gives null for a repository whose last manifest was deleted, v3.1 after the last full page; others leave the list out. */
const names = z.array(z.string()).nullish();
/** An empty list is taken only from an answer that is one: `{}` of whoever answered in the registry's place must not pass for "holds nothing". */
const tagsShape = z
  .looseObject({ name: z.string().optional(), tags: names })
  .refine(({ name, tags }) => name !== undefined || tags !== undefined)
  .transform(({ tags }) => tags ?? []);
const catalogShape = z
  .looseObject({ repositories: names })
  .refine(({ repositories }) => repositories !== undefined)
  .transform(({ repositories }) => repositories ?? []);

/** All tags of a repository, in the server's order, each once. A repository that the registry does not know is an error (`isNameUnknown`). */
export async function* listTags(http: Http, repository: Repository, options: ListOptions = {}): AsyncGenerator<Tag> {
  const request: HttpRequest = {
    method: "GET",
    route: "/v2/{+repository}/tags/list",
    path: { repository },
    scope: [pullScope(repository)],
  };
  const found = pages({
    http,
    request,
    pageSize: options.pageSize ?? 1000,
    read: (answer) => parsed(request, answer, tagsShape, (tags) => tags.map(parseTag)),
    key: (tag) => tag,
    refuse: (asked, answer) => refusal(asked, answer, answer.status === 404 && absenceOf(answer) === "route" ? routeHint : undefined),
  });
  for await (const page of found) yield* page;
}

/** All repositories that the registry lists for these credentials. Needs `registry:catalog:*`; not part of OCI, and many hosted registries refuse. */
export async function* listRepositories(http: Http, options: ListOptions = {}): AsyncGenerator<Repository> {
  const request: HttpRequest = { method: "GET", route: "/v2/_catalog", scope: [catalogScope] };
  const found = pages({
    http,
    request,
    pageSize: options.pageSize ?? 1000,
    read: (answer) => parsed(request, answer, catalogShape, (repositories) => repositories.map(parseRepository)),
    key: (repository) => repository,
    refuse: (asked, answer) =>
      refusal(asked, answer, "This registry does not list its repositories (`_catalog` is no part of OCI); name them one by one"),
  });
  for await (const page of found) yield* page;
}

function parsed<S, T>(request: HttpRequest, answer: HttpAnswer, shape: z.ZodType<S>, read: (page: S) => T[]): T[] {
  let json: unknown;
  try {
    json = JSON.parse(answer.body.toString("utf8"));
  } catch {
    throw unusable(request, answer, "it is no JSON", routeHint);
  }
  const page = shape.safeParse(json);
  if (!page.success) throw unusable(request, answer, "it is no list of names", routeHint);
  try {
    return read(page.data);
  } catch (error) {
    if (error instanceof InvalidName) throw unusable(request, answer, `the list holds an impossible name: ${error.message}`);
    throw error;
  }
}
