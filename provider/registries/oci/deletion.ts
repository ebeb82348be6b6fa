import { isUnauthorized } from "../../http";
import type { Http, HttpAnswer, HttpRequest } from "../../http/request";
import { absenceOf, answerErrors, hasErrorCode, refusal } from "./answer-errors";
import { zeroDigest } from "./digest";
import { bareMediaType } from "./media-types";
import { parseTag, type Repository } from "./path-names";
import { deleteScope } from "./scope";

/** What a registry lets these credentials delete in a repository. */
export interface Deletion {
  /** Deleting a manifest, with all its tags. */
  readonly digest: "supported" | "disabled" | "readonly" | "denied";
  /** Deleting one tag alone. */
  readonly tag: "supported" | "unsupported" | "readonly" | "denied";
}

export interface DeletionProbeOptions {
  readonly http: Http;
  /** Some text that nobody ever chose as a tag, different each time. */
  readonly nonce: () => string;
}

type Verdict = "supported" | "refused" | "readonly" | "denied";

/**
 * Finds out by experiment what can be deleted, since registries differ and do not tell. The experiments cannot hit anything: a digest of
 * zeros, which no content has, and a tag that was never used. Remembered for each repository, except a refusal for lack of rights.
 */
export class DeletionProbe {
  private readonly known = new Map<Repository, Promise<Deletion>>();

  constructor(private readonly options: DeletionProbeOptions) {}

  of(repository: Repository): Promise<Deletion> {
    const known = this.known.get(repository);
    if (known) return known;
    const asked = this.ask(repository);
    this.known.set(repository, asked);
    const forget = () => this.known.delete(repository);
    asked.then(({ digest, tag }) => (digest === "denied" || tag === "denied") && forget(), forget);
    return asked;
  }

  private async ask(repository: Repository): Promise<Deletion> {
    const digest = await this.probe(repository, zeroDigest);
    const tag = await this.probe(repository, parseTag(`registry-as-code-probe-${this.options.nonce()}`));
    return { digest: digest === "refused" ? "disabled" : digest, tag: tag === "refused" ? "unsupported" : tag };
  }

  private async probe(repository: Repository, reference: string): Promise<Verdict> {
    const request: HttpRequest = {
      method: "DELETE",
      route: "/v2/{+repository}/manifests/{+reference}",
      path: { repository, reference },
      scope: [deleteScope(repository)],
    };
    try {
      return verdict(request, await this.options.http.send({ ...request, expect: [400, 404, 405, 501] }));
    } catch (error) {
      if (isUnauthorized(error)) return "denied";
      throw error;
    }
  }
}

function verdict(request: HttpRequest, answer: HttpAnswer): Verdict {
  // Some registries call it deleted whatever it was.
  if (answer.status < 300) return "supported";
  const absence = absenceOf(answer);
  if (absence === "content" || absence === "repository") return "supported";
  // docker-registry with `maintenance.readonly`: text/plain, "Method not allowed", `Allow: GET, HEAD`.
  const plain =
    bareMediaType(answer.headers.get("content-type")).startsWith("text/") && answerErrors(answer).every(({ code }) => code === undefined);
  if (answer.status === 405 && plain && /\bGET\b/.test(answer.headers.get("allow") ?? "")) return "readonly";
  if (answer.status !== 404 || absence === "route" || hasErrorCode(answer, "UNSUPPORTED")) return "refused";
  throw refusal(request, answer, "The answer does not say whether the registry deletes manifests");
}
