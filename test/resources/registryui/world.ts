import { type Sandbox, type SandboxOptions, standingClock, startSandbox } from "../../sandbox";
import { OneResource } from "../engine";

export const START = "2026-03-01T12:00:00Z";

export interface World {
  readonly sandbox: Sandbox;
  readonly registryui: NonNullable<Sandbox["registryui"]>;
  readonly url: string;
  /** One resource of a stack; by default with the administrator's token. */
  one(type: string, identity?: string, user?: { readonly username: string; readonly token: string }): OneResource;
  /** `METHOD path?query` of what the Extended API and the registry were asked since the last `forget`. */
  requests(): string[];
  /** Those that change something. */
  writes(): string[];
  forget(): void;
  close(): Promise<void>;
}

/** A RegistryUI with an administrator, and whatever a test does with it. */
export async function startWorld(options: SandboxOptions["registryui"] = {}): Promise<World> {
  const sandbox = await startSandbox({ apis: ["registryui"], clock: standingClock(new Date(START)), registryui: options });
  const { registryui, info } = sandbox;
  if (!registryui || !info.registryui) throw new Error("the sandbox has no RegistryUI");
  const { url, username, token } = info.registryui;
  const open: OneResource[] = [];
  const requests = () =>
    sandbox.control.requests({ api: "registryui" }).map(({ method, path, query }) => `${method} ${path}${query === "" ? "" : `?${query}`}`);
  return {
    sandbox,
    registryui,
    url,
    one: (type, identity, user = { username, token }) => {
      const config = { "registryui:url": url, "registryui:username": user.username, "registryui:token": user.token };
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
