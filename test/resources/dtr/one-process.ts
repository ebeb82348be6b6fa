import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Attempts } from "../../../provider/resources/attempts";
import type { Raw } from "../../../provider/resources/declaration";
import type { Lifecycle } from "../../../provider/resources/lifecycle";
import { managedType } from "../../../provider/resources/resource";
import { plain } from "../engine";
import type { World } from "./world";

/** The resources of one stack as the engine has them: one process, so one client for all types. */
export function oneProcess({ sandbox: { info, clock } }: World) {
  if (!info.dtr) throw new Error("the sandbox has no DTR");
  const { url, username, password } = info.dtr;
  const config: Readonly<Record<string, string>> = { "dtr:url": url, "dtr:username": username, "dtr:password": password };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "registry-as-code-"));
  const now = () => clock.now().getTime();
  const around = { env: {}, clock: { now, sleep: async () => undefined }, attempts: new Attempts(folder, now), log: () => undefined };
  const providers = new Map<string, Lifecycle>();
  const provider = (type: string): Lifecycle => {
    const known = providers.get(type);
    if (known) return known;
    const made = managedType(type)?.provider(around);
    if (!made) throw new Error(`no resource ${type}`);
    void made.configure({ config: { get: (key) => config[key], require: (key) => config[key] ?? "" } });
    providers.set(type, made);
    return made;
  };
  return {
    /** Gives the id and the outputs. */
    create: async (type: string, inputs: object): Promise<{ id: string; outputs: Raw }> => {
      const { inputs: checked, failures = [] } = await provider(type).check({}, { ...inputs });
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      const { id, outs } = await provider(type).create(checked);
      return { id, outputs: plain(outs) as Raw };
    },
    /** Gives the outputs; undefined: it is gone. */
    refresh: async (type: string, id: string, outputs: Raw): Promise<Raw | undefined> => {
      const found = await provider(type).read(id, outputs);
      return found.id ? (plain(found.props) as Raw) : undefined;
    },
    close: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
