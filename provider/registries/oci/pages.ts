import { nextLink } from "../../http";
import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { hasErrorCode, refusal, unusable } from "./answer-errors";
import { foreignWord, isOwnWord } from "./own-word";

export interface Listing<T> {
  readonly http: Http;
  /** The first page, without `n`. */
  readonly request: HttpRequest;
  /** Entries asked for a page. ECR refuses more than 1,000, docker-registry more than its `catalog.maxentries`. Undefined: the server's choice. */
  readonly pageSize: number | undefined;
  /** The first page, if it was read already. Such lists are followed by `Link` only. */
  readonly first?: HttpAnswer;
  /** Reads a page. Throws for what is none. */
  readonly read: (answer: HttpAnswer) => readonly T[];
  /** Entries with the same key are one. */
  readonly key: (entry: T) => string;
  /** Turns an expected failure of the first page into the error that it deserves. */
  readonly refuse?: (request: HttpRequest, answer: HttpAnswer) => Error;
}

/** Pages in a row without a new entry after which a server is taken to go round in circles. */
const patience = 50;

/**
 * Lists to the end, each entry once; throws rather than end early. Follows `Link`, however short the page before it is. Where there is no
 * Link although the page looks cut off, asks once more with `last`: a server that ignores it repeats itself, which ends the list.
 */
export async function* pages<T>(listing: Listing<T>): AsyncGenerator<readonly T[]> {
  const { http, key } = listing;
  const seen = new Set<string>();
  const visited = new Set<string>();
  let pageSize: number | undefined = listing.pageSize;
  let request: HttpRequest | undefined = withQuery(listing.request, { n: pageSize });
  let given = listing.first;
  let idle = 0;
  while (request) {
    let answer: HttpAnswer = given ?? (await http.send({ ...request, expect: [400, 404, 405] }));
    given = undefined;
    if (answer.status === 400 && pageSize !== undefined && hasErrorCode(answer, "PAGINATION_NUMBER_INVALID")) {
      // The registry is configured for smaller pages than everybody else; without a wish it takes its own size.
      pageSize = undefined;
      request = listing.request;
      answer = await http.send({ ...request, expect: [400, 404, 405] });
    }
    if (!isOwnWord(http, answer)) throw unusable(request, answer, foreignWord);
    if (answer.status >= 400) throw visited.size === 0 && listing.refuse ? listing.refuse(request, answer) : refusal(request, answer);
    const entries: readonly T[] = listing.read(answer);
    const fresh: T[] = entries.filter((entry) => !seen.has(key(entry)) && seen.add(key(entry)));
    if (fresh.length > 0) yield fresh;
    idle = fresh.length > 0 ? 0 : idle + 1;
    request = following(listing, request, answer, { entries, fresh: fresh.length, pageSize });
    const mark: string | undefined = request && (request.url ?? JSON.stringify(request.query));
    if (mark !== undefined && (visited.has(mark) || idle > patience)) {
      throw unusable(
        listing.request,
        answer,
        "the list's pages go round in a circle",
        "The list is incomplete, so nothing was decided on it",
      );
    }
    if (mark !== undefined) visited.add(mark);
  }
}

interface Page<T> {
  readonly entries: readonly T[];
  readonly fresh: number;
  readonly pageSize: number | undefined;
}

function following<T>(listing: Listing<T>, request: HttpRequest, answer: HttpAnswer, page: Page<T>): HttpRequest | undefined {
  const link = nextLink(answer.headers.all("link"));
  if (link !== undefined) {
    if (!URL.canParse(link, answer.url)) throw unusable(request, answer, "the link to the next page is no URL");
    // Relative links are relative to the page; another origin is refused by `http`.
    return { ...listing.request, url: new URL(link, answer.url).href };
  }
  const last = page.entries.at(-1);
  if (last === undefined || page.fresh === 0 || listing.first || !looksCut(page)) return undefined;
  return withQuery(listing.request, { n: page.pageSize, last: listing.key(last) });
}

/** A page as long as was asked for, or of a round length: some servers cap pages at 50 or 100 (Docker Hub, Quay). */
function looksCut({ entries, pageSize }: Page<unknown>): boolean {
  return entries.length === pageSize || (entries.length % 50 === 0 && (pageSize === undefined || entries.length < pageSize));
}

function withQuery(request: HttpRequest, query: Readonly<Record<string, string | number | undefined>>): HttpRequest {
  return { ...request, query: { ...request.query, ...query } };
}
