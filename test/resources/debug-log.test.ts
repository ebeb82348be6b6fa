import { guardDebugLog, withoutSecrets } from "../../provider/resources/debug-log";

const MARK = "4dabf18193072939515e22adb298388d";

describe("the SDK's debug log", () => {
  it.each([
    ["RegisterResource RPC prepared: t=x, name=y", "RegisterResource RPC prepared: t=x, name=y"],
    [
      `RegisterResource RPC finished: it; err: null, resp: urn,id,,${MARK},,,1b,value,,,hunter2`,
      "RegisterResource RPC finished: it; err: null, resp: [not shown: it holds a secret]",
    ],
    [`odd: ${MARK} hunter2`, "[not shown: it holds a secret]"],
  ])("%s", (message, shown) => {
    expect(withoutSecrets(message)).toBe(shown);
  });

  it("is guarded once, and what is said besides goes through with its resource and stream", () => {
    const lines: unknown[][] = [];
    const log = {
      debug: async (...said: unknown[]) => {
        lines.push(said);
      },
    };
    guardDebugLog(log);
    const { debug } = log;
    guardDebugLog(log);
    expect(log.debug).toBe(debug);
    void log.debug("hello", undefined, 7);
    void log.debug(`resp: ${MARK} hunter2`);
    expect(lines).toEqual([["hello", undefined, 7], ["resp: [not shown: it holds a secret]"]]);
  });
});
