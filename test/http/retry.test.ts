import fc from "fast-check";
import type { Method } from "../../provider/http";
import { ReceivedHeaders } from "../../provider/http/answer";
import type { Failure } from "../../provider/http/failure";
import { defaultRetryPolicy, fateOf, retryAfterOf, retryDelay, worthRetrying } from "../../provider/http/retry";

const now = Date.parse("2026-01-01T00:00:00Z");
const after = (headers: Record<string, string>) => retryAfterOf(new ReceivedHeaders(headers), now);

describe("Retry-After", () => {
  it.each([
    ["seconds", { "retry-after": "3" }, 3000],
    ["zero", { "retry-after": "0" }, 0],
    ["an HTTP date by the client's clock", { "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" }, 7000],
    [
      "an HTTP date by the server's clock, if it tells it",
      { date: "Thu, 01 Jan 2026 05:00:00 GMT", "retry-after": "Thu, 01 Jan 2026 05:00:09 GMT" },
      9000,
    ],
    ["a date of the obsolete form", { "retry-after": "Thursday, 01-Jan-26 00:00:05 GMT" }, 5000],
    ["a date in asctime's form", { "retry-after": "Thu Jan  1 00:00:05 2026" }, 5000],
    ["a date that is past", { "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
    ["Docker Hub's Unix time", { "x-retry-after": String(now / 1000 + 4) }, 4000],
    ["nonsense", { "retry-after": "7 apples" }, undefined],
    ["negative seconds", { "retry-after": "-5" }, undefined],
    ["nothing", {}, undefined],
  ])("%s", (_form, headers, milliseconds) => {
    expect(after(headers)).toBe(milliseconds);
  });
});

describe("the wait before another attempt", () => {
  it("lies anywhere between nothing and a bound that doubles up to the longest wait", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const delay = retryDelay(defaultRetryPolicy, failures, undefined, () => random);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(30_000, 250 * 2 ** (failures - 1)));
      }),
    );
    expect([1, 2, 3, 4, 20].map((failures) => retryDelay(defaultRetryPolicy, failures, undefined, () => 0.999999))).toEqual([
      249, 499, 999, 1999, 29999,
    ]);
    expect(retryDelay(defaultRetryPolicy, 9, undefined, () => 0)).toBe(0);
  });

  it("is never shorter than Retry-After, but for its cap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.nat(10_000_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, wanted, random) => {
          const delay = retryDelay(defaultRetryPolicy, failures, wanted, () => random);
          expect(delay).toBeGreaterThanOrEqual(Math.min(wanted, 120_000));
          expect(delay).toBeLessThanOrEqual(120_250);
        },
      ),
    );
  });
});

describe("the fate of a request by its failing status", () => {
  it.each([
    [401, undefined, "refused"],
    [425, undefined, "refused"],
    [429, undefined, "refused"],
    [429, 1000, "refused"],
    [503, 1000, "refused"],
    [503, undefined, "unknown"],
    [500, undefined, "unknown"],
    [502, 1000, "unknown"],
    [504, undefined, "unknown"],
    [408, undefined, "unknown"],
    [501, undefined, "answered"],
    [400, undefined, "answered"],
    [404, 1000, "answered"],
    [409, undefined, "answered"],
  ])("%i with Retry-After %p: %s", (status, retryAfter, fate) => {
    expect(fateOf(status, retryAfter)).toBe(fate);
  });
});

describe("another attempt", () => {
  const status = (code: number, retryAfter?: number): Failure => ({ kind: "status", status: code, fate: fateOf(code, retryAfter) });
  const refused: Failure = { kind: "connection", fate: "not-sent" };
  const lost: Failure = { kind: "connection", fate: "unknown" };
  const truncated: Failure = { kind: "answer", fate: "unknown", status: 200 };
  const html: Failure = { kind: "answer", fate: "unknown", status: 200, garbled: true };
  it.each<[string, Failure, readonly Method[]]>([
    ["connection refused", refused, ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"]],
    ["connection lost", lost, ["GET", "HEAD", "PUT", "DELETE"]],
    ["429", status(429), ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"]],
    ["503 with Retry-After", status(503, 5), ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"]],
    ["503", status(503), ["GET", "HEAD", "PUT", "DELETE"]],
    ["500", status(500), ["GET", "HEAD", "PUT", "DELETE"]],
    ["408", status(408), ["GET", "HEAD", "PUT", "DELETE"]],
    ["an answer that broke off", truncated, ["GET", "HEAD", "PUT", "DELETE"]],
    ["HTML in place of JSON", html, ["GET"]],
    ["501", status(501), []],
    ["404", status(404), []],
    ["401", status(401), []],
    ["an untrusted certificate", { ...refused, permanent: true }, []],
    ["an abort", { kind: "aborted", fate: "not-sent" }, []],
    ["a redirect", { kind: "redirect", fate: "answered" }, []],
  ])("after %s is for %p", (_what, failed, methods) => {
    const all: Method[] = ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"];
    expect(all.filter((method) => worthRetrying(failed, method, method !== "POST" && method !== "PATCH"))).toEqual(methods);
  });
});
