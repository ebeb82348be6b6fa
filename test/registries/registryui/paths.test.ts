import * as fc from "fast-check";
import { connectRegistryUi, type RegistryUiClient } from "../../../provider/registries/registryui";
import { startServer } from "../selectel/scripted-server";
import { failure } from "./connected";

/** Paths that a server might take for "everything", for another path, or for the beginning of several. */
const dangerous: readonly string[] = [
  "",
  " ",
  "/",
  "//",
  "///",
  "\\",
  ".",
  "..",
  "./",
  "../",
  "/.",
  "/..",
  "*",
  "**",
  "%",
  "_",
  "?",
  "team/",
  "/team",
  "team/*",
  "team/%",
  "team*",
  "team%",
  "te?m",
  "team/.",
  "team/..",
  "team/../other",
  "team//app",
  "team/app/",
  "team/app ",
  " team/app",
  "team\\app",
  "team/app\u0000",
  "team/app\n",
  "team%2Fapp",
  "%2e%2e",
  "%2F",
  "team;app",
  "team&path=",
  "team#",
  "team?x",
  "Team/App",
  "team/app:v1",
  "team/app@sha256:0",
  "team/app-",
  "-team",
  "team/_",
  "team/a...b",
  "\u2024\u2024",
  "\uff0e\uff0e",
  "t\u0435am",
];

const noise = fc.string({
  unit: fc.constantFrom("/", ".", "..", "\\", "*", "%", "%2f", "%2e", " ", "_", "-", "?", "&", "#", "\u0000", "a", "A", "team"),
  maxLength: 8,
});
const grammar = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

const calls: readonly [string, (client: RegistryUiClient, path: string) => Promise<unknown>][] = [
  ["folder", (client, path) => client.folders.delete({ path })],
  ["taginfo (delete)", (client, path) => client.tags.delete({ repository: path, tag: "v1" })],
  ["project/create", (client, path) => client.projects.create({ repository: path })],
];

describe.each(calls)("a dangerous path given to %s", (_name, run) => {
  it("is refused before any request", async () => {
    const server = await startServer(() => ({ json: { error: null, data: true } }));
    const client = connectRegistryUi({ url: server.url, username: "admin", token: "secret", env: {} });
    try {
      for (const path of dangerous) {
        const error = await failure(run(client, path));
        expect(error).toMatchObject({ kind: "request", fate: "not-sent" });
      }
      await fc.assert(
        fc.asyncProperty(fc.oneof(noise, fc.string({ unit: "binary", maxLength: 12 })), async (path) => {
          fc.pre(!grammar.test(path));
          expect(await failure(run(client, path))).toMatchObject({ kind: "request", fate: "not-sent" });
        }),
        { numRuns: 500 },
      );
      for (const path of [undefined, null, 0, {}, [], ["team"], true]) {
        // A program in JavaScript has no compiler.
        expect(await failure(run(client, path as unknown as string))).toMatchObject({ kind: "request", fate: "not-sent" });
      }
      expect(server.seen).toEqual([]);
    } finally {
      await client.close();
      await server.close();
    }
  });
});

describe("a path that is sent", () => {
  it("arrives as it was given, byte for byte", async () => {
    const server = await startServer(() => ({ json: { error: null, data: true } }));
    const client = connectRegistryUi({ url: server.url, username: "admin", token: "secret", env: {} });
    try {
      await fc.assert(
        fc.asyncProperty(fc.stringMatching(/^[a-z0-9]{1,4}(?:[._-][a-z0-9]{1,3}){0,2}(?:\/[a-z0-9]{1,4}){0,3}$/), async (path) => {
          await client.folders.delete({ path });
          const { method, url } = server.seen.at(-1) ?? {};
          expect(method).toBe("DELETE");
          const { pathname, searchParams } = new URL(url ?? "", server.url);
          expect(pathname).toBe("/udr/v1api/folder");
          expect([...searchParams]).toEqual([["path", path]]);
        }),
        { numRuns: 50 },
      );
    } finally {
      await client.close();
      await server.close();
    }
  });
});
