import type { LoggedRequest, Sandbox } from "../sandbox";
import { OneResource } from "./engine";

/** What tests of one API's resources have in hand. */
export interface ApiWorld<User> {
  readonly sandbox: Sandbox;
  readonly url: string;
  /** One resource of a stack; by default with the administrator's credentials. */
  one(type: string, identity?: string, user?: User): OneResource;
  /** `METHOD path?query` of what the API was asked since the last `forget`. */
  requests(): string[];
  /** Those that change something. */
  writes(): string[];
  forget(): void;
  close(): Promise<void>;
}

export interface ApiOf<User> {
  /** As the sandbox names it; at the same time the namespace of the stack's configuration. */
  readonly api: string;
  readonly url: string;
  /** Keys and values of the stack's configuration. */
  readonly administrator: User;
  /** Which requests `requests` tells. Default: all. */
  readonly counts?: (request: LoggedRequest) => boolean;
}

/** A sandbox with resources on it; `close` closes them all. */
export function apiWorld<User extends object>(
  sandbox: Sandbox,
  { api, url, administrator, counts = () => true }: ApiOf<User>,
): ApiWorld<User> {
  const open: OneResource[] = [];
  const requests = () =>
    sandbox.control
      .requests({ api })
      .filter(counts)
      .map(({ method, path, query }) => `${method} ${path}${query === "" ? "" : `?${query}`}`);
  return {
    sandbox,
    url,
    one: (type, identity, user = administrator) => {
      const config = Object.fromEntries(Object.entries({ url, ...user }).map(([key, value]) => [`${api}:${key}`, String(value)]));
      const resource = new OneResource(type, config, sandbox.clock, identity);
      open.push(resource);
      return resource;
    },
    requests,
    writes: () => requests().filter((line) => !/^(GET|HEAD) /.test(line)),
    forget: () => sandbox.control.clearRequests(),
    close: async () => {
      for (const resource of open.splice(0)) resource.close();
      await sandbox.close();
    },
  };
}
