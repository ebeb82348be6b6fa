import { setTimeout as delay } from "node:timers/promises";
import { changes, everything, onEachEngine, succeeded, type World } from "./world";

jest.setTimeout(400_000);

const requests = ({ sandbox }: World) => sandbox.control.requests().filter(({ api }) => api !== "selectel-identity").length;

/** Where to kill, as a part of the requests of an undisturbed run. A person's `npm test` has five minutes, CI has more. */
const POINTS = process.env.CI === "true" ? [0.15, 0.4, 0.65, 0.9] : [0.3, 0.75];

describe("an engine that is killed in the middle of up", () => {
  it("comes to the same end at the next up as an undisturbed run, with no orphan on the servers", async () => {
    let sent = 0;
    const made = await onEachEngine(async (world) => {
      succeeded(await world.stack.up());
      sent = requests(world); // within one or two: how often a state is polled is a matter of time
      return everything(world.sandbox);
    });
    for (const part of POINTS) {
      await onEachEngine(async (world) => {
        const { stack, sandbox } = world;
        const before = await everything(sandbox);
        const up = stack.up();
        const over = up.then(() => true);
        // A little waiting between two looks: what is killed is a process that does something at this moment.
        while (requests(world) < sent * part && !(await Promise.race([over, delay(3, false)])));
        await stack.kill();
        await up;
        succeeded(await stack.up());
        expect({ part, made: await everything(sandbox) }).toEqual({ part, made });
        expect(changes(succeeded(await stack.up()))).toEqual([]);
        succeeded(await stack.destroy());
        expect({ part, left: await everything(sandbox) }).toEqual({ part, left: before });
      });
    }
  });
});
