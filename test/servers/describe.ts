import { findServer, places, type ServerBinary, serverKinds } from "./find";

/** Runs a group of tests on each real registry server. One that is not installed is skipped with a note, or fails where CI is set. */
export function describeServers(rule: string, tests: (server: ServerBinary) => void): void {
  for (const kind of serverKinds) {
    const server = findServer(kind);
    if (server) {
      describe(`${rule} [${server.name} ${server.version}]`, () => tests(server));
    } else if (process.env.CI) {
      it(`${rule} [${kind}]`, () => {
        throw new Error(`The registry server ${kind} is not installed: ${places[kind].hint}.`);
      });
    } else {
      describe.skip(`${rule} [${kind} is not installed: ${places[kind].hint}]`, () => {
        it("was not tested", () => undefined);
      });
    }
  }
}
