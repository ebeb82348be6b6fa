import { isFateUnknown, RegistryError } from "../../../http";
import { withoutSignal } from "../../../http/ambient-signal";
import type { OciClient } from "../../oci/client";
import type { SelectelClient } from "../client";
import { createToken } from "../create";
import { tokenUsername } from "../docker-config";
import { unlessAbsent } from "../lifecycle";
import type { Registry, Token } from "../schemas";
import type { Settings } from "./options";

const lifetime = 60 * 60_000;
/** A token with less than this left is given a new end before it is used. */
const margin = 10 * 60_000;

type Mode = "read" | "write";

interface Lease {
  readonly registry: string;
  readonly name: string;
  readonly opened: Promise<Opened>;
}

interface Opened {
  readonly token: Token;
  readonly host: OciClient;
  /** By our clock. */
  end: number;
  renewal?: Promise<void>;
}

/**
 * The registry host, for what the API does not show. Each registry that needs it gets one token in this run, for itself alone and for an hour;
 * longer runs move the end away. `close` revokes and deletes them all.
 */
export class HostAccess {
  private readonly leases = new Map<string, Lease>();
  private closed = false;

  constructor(
    private readonly client: SelectelClient,
    private readonly settings: Settings,
  ) {}

  /** A client of the host that may read the registry's manifests; with `write` also delete them. */
  async open(registry: Pick<Registry, "id" | "name">, mode: Mode = "read"): Promise<OciClient> {
    if (this.closed) throw new Error("This view of the registry was closed already.");
    const key = `${mode} ${registry.id}`;
    let lease = this.leases.get(key);
    if (!lease) {
      const name = `registry-as-code-cleanup-${this.settings.nonce()}`;
      // Others wait for it, too; and it must be known in the end whether there is a token.
      lease = { registry: registry.name, name, opened: withoutSignal(() => this.mint(registry, name, mode)) };
      lease.opened.catch(() => {});
      this.leases.set(key, lease);
    }
    const opened = await lease.opened;
    await this.renewed(opened);
    return opened.host;
  }

  /** Takes all tokens back. What fails is said in the log: a token that was forgotten ends by itself within the hour. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await withoutSignal(() => Promise.all([...this.leases.values()].map((lease) => this.end(lease))));
  }

  private async mint(registry: Pick<Registry, "id" | "name">, name: string, mode: Mode): Promise<Opened> {
    const { clock, openHost } = this.settings;
    const end = clock.now() + lifetime;
    const scope = { modeRW: mode === "write", allRegistries: false, registryIds: [registry.id] };
    const { token: password, ...token } = await createToken(this.client, { name, expiration: until(end), scope });
    return { token, end, host: openHost({ url: this.client.registryUrl, credentials: { username: tokenUsername, password } }) };
  }

  private async renewed(opened: Opened): Promise<void> {
    const { clock } = this.settings;
    if (clock.now() < opened.end - margin) return;
    opened.renewal ??= withoutSignal(async () => {
      const end = clock.now() + lifetime;
      await this.client.v2.tokens.refresh({ id: opened.token.id, expiration: until(end) });
      opened.end = end;
    }).finally(() => {
      opened.renewal = undefined;
    });
    await opened.renewal;
  }

  private async end(lease: Lease): Promise<void> {
    let opened: Opened;
    try {
      opened = await lease.opened;
    } catch (error) {
      // Whoever got this error reported it; here it matters only whether a token was left behind.
      if (isFateUnknown(error) || !(error instanceof RegistryError)) await this.sweep(lease);
      return;
    }
    await this.warned(lease, () => this.revoke(opened.token.id), opened);
    await opened.host.close();
  }

  /** The answer to the creation was lost for good, so the token is looked for by its name, which nobody else uses. */
  private async sweep(lease: Lease): Promise<void> {
    await this.warned(lease, async () => {
      for await (const { id, name } of this.client.v2.tokens.list({ search: lease.name })) {
        if (name === lease.name) await this.revoke(id);
      }
    });
  }

  private async revoke(id: string): Promise<void> {
    try {
      await this.client.v2.tokens.revoke({ id });
    } catch {
      // The deletion ends it, too; and if that fails, that is what has to be said.
    }
    // A revoked token would stay in the panel's list.
    await unlessAbsent(this.client.v2.tokens.delete({ id }));
  }

  private async warned({ registry, name }: Lease, work: () => Promise<void>, opened?: Opened): Promise<void> {
    try {
      await work();
    } catch (error) {
      const end = opened ? new Date(opened.end).toISOString() : "an hour after its creation";
      const reason = error instanceof Error ? error.message : String(error);
      this.settings.log(
        `Warning: the token "${name}" for the registry ${registry} could not be revoked and deleted: ${reason} ` +
          `It ends by itself at ${end}; it can be deleted in Selectel's panel before.`,
      );
    }
  }
}

const until = (time: number) => ({ isSet: true as const, expiresAt: new Date(time).toISOString() });
