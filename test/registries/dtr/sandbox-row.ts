import { rows } from "../../../provider/registries/call";
import { operations } from "../../../provider/registries/dtr";
import type { World } from "./sandbox-world";

/** Success status as the API's description prints it: of both versions, or of 2.6 and 2.7. */
export type Status = number | readonly [of26: number, of27: number];

/** One operation against the sandbox. */
export interface SandboxRow {
  /** Dotted name in `operations`, perhaps with a remark after a space. */
  readonly name: string;
  readonly status: Status;
  /** Prepares, calls, and compares answer, requests and effect. Gives what was asked of the sandbox. */
  run(world: World): Promise<readonly { readonly method: string; readonly path: string; readonly status: number }[]>;
}

export interface RowSpec<Given> {
  /** Default 200. */
  readonly status?: Status;
  /** What must be there before the call. */
  readonly arrange?: (world: World) => Given | Promise<Given>;
  readonly call: (world: World, given: Given) => Promise<unknown>;
  /** The parsed answer. Default: none. */
  readonly gives?: (world: World, given: Given) => unknown;
  /** Looks at the sandbox's state afterwards. */
  readonly effect?: (world: World, given: Given) => void | Promise<void>;
}

const routes = new Map(rows(operations).map(({ name, operation }) => [name, { ...operation, isList: "paging" in operation }]));

export function row<Given = undefined>(name: string, spec: RowSpec<Given>): SandboxRow {
  const { status = 200, arrange, call, gives, effect } = spec;
  return {
    name,
    status,
    run: async (world) => {
      const given = (await arrange?.(world)) as Given; // without `arrange` nobody uses it
      world.forget();
      const answer = await call(world, given);
      const seen = world.seen();
      expect(answer).toEqual(gives?.(world, given));
      const route = routes.get(rowName(name));
      if (!route) throw new Error(`there is no operation ${name}`);
      expect(seen.filter(({ method, path }) => method !== route.method || !matches(route.template, path))).toEqual([]);
      expect(seen.length > 0 && (route.isList || seen.length === 1)).toBe(true);
      await effect?.(world, given);
      return seen;
    },
  };
}

/** Without the remark. */
export const rowName = (name: string): string => name.split(" ")[0] ?? "";

/** Whether a path is one of the template's: a segment for each parameter, and no slash in it. */
function matches(template: string, path: string): boolean {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(path);
}
