import { type DtrClient, isGone } from "../../registries/dtr";
import type { Context } from "../declaration";
import { notDestroyed } from "../not-destroyed";
import { isAnothers } from "./same-object";
import { unlessGone } from "./unless-gone";
import { unlessHidden } from "./unless-hidden";

interface Deletion {
  /** For messages: `repository team/app`. */
  readonly what: string;
  /** What would be lost, for people; undefined for nothing. Throws where it must not be deleted at all. */
  readonly held: () => Promise<string | undefined>;
  readonly force: boolean;
  readonly run: (find: () => Promise<void>) => Promise<void>;
  /** Whether the server shows that it is gone. */
  readonly gone: () => Promise<boolean>;
}

/**
 * Deletes what may hold content: looks first, refuses unless it is empty or `force` is set, and looks again before a deletion whose answer was lost is
 * sent again, because something may have come in between.
 */
async function deleteContainer({ log }: Context<DtrClient>, { what, held, force, run, gone }: Deletion): Promise<void> {
  if (await gone()) return;
  const look = async () => {
    const content = await held();
    if (content !== undefined && !force) {
      throw new Error(notDestroyed(what, content, "all that it holds"));
    }
    return content;
  };
  const content = await look();
  if (content !== undefined) log(`${what}: deleted with ${content}`);
  try {
    await run(async () => {
      if (await gone()) return tookEffect;
      await look();
    });
  } catch (error) {
    // A 404 in no words of the server's may be a server without such a call.
    if (!isGone(error) || (error.code === undefined && content !== undefined)) throw error;
  }
}

/** What a call's `find` gives where the call took effect: any value but undefined. A deletion has no answer of its own. */
const tookEffect = true as unknown as undefined;

/** Deletes the repository of this id. One that holds tags needs `force`; one with signed tags the server keeps, so it is not tried. */
export async function deleteRepository(
  context: Context<DtrClient>,
  { id, ...place }: { readonly namespace: string; readonly repository: string; readonly id: string },
  force: boolean,
): Promise<void> {
  const { client, signal } = context;
  const { namespace, repository } = place;
  const domain = client.registryHost;
  const what = `repository ${namespace}/${repository}`;
  await deleteContainer(context, {
    what,
    force,
    gone: async () => {
      const found = await unlessHidden(context, place, client.repositories.get(place, { signal }));
      return !found || isAnothers(context, what, id, found.id);
    },
    held: async () => {
      const tags = await listed(client.tags.list({ ...place, domain }, { signal }), "NO_SUCH_REPOSITORY");
      const signed = tags.filter(({ inNotary }) => inNotary).map(({ name }) => name);
      if (signed.length > 0) {
        throw new Error(
          `${what} holds ${counted(signed, "signed tag", "signed tags")} and is not destroyed: the server deletes nothing that has trust data. Remove that first, for example: docker trust revoke ${domain}/${namespace}/${repository}:${signed[0]}`,
        );
      }
      const names = tags.map(({ name }) => name);
      return names.length === 0 ? undefined : counted(names, "tag", "tags");
    },
    run: (find) => client.repositories.delete({ ...place, domain }, { signal, find }),
  });
}

/** Deletes the user or the organization of this id. One that owns repositories needs `force`: the server deletes them all with it. */
export async function deleteAccount(
  context: Context<DtrClient>,
  kind: "user" | "organization",
  { name, id }: { readonly name: string; readonly id: string },
  force: boolean,
): Promise<void> {
  const { client, signal } = context;
  const what = `${kind} ${name}`;
  const deletion = {
    what,
    force,
    gone: async () => {
      const found = await unlessGone(client.enzi.accounts.get({ name }, { signal }));
      return !found || isAnothers(context, what, id, found.id);
    },
    held: async () => {
      const found = await listed(client.repositories.listInNamespace({ namespace: name }, { signal }), "NO_SUCH_ACCOUNT");
      const names = found.map((repository) => `${name}/${repository.name}`);
      return names.length === 0 ? undefined : counted(names, "repository", "repositories");
    },
  };
  // The registry's own call: that of the accounts alone might leave repositories that nobody owns.
  await deleteContainer(context, { ...deletion, run: (find) => client.accounts.delete({ namespace: name }, { signal, find }) });
  // Should that delete only what the registry knows of the account.
  await deleteContainer(context, { ...deletion, run: (find) => client.enzi.accounts.delete({ name }, { signal, find }) });
}

/** All of a list; nothing only where the server itself says, by this code, that what would hold it is not there: a 404 of anybody else is no proof. */
async function listed<T>(list: AsyncIterable<T>, gone: string): Promise<T[]> {
  try {
    return await Array.fromAsync(list);
  } catch (error) {
    if (isGone(error, gone) && error.code === gone) return [];
    throw error;
  }
}

const counted = (names: readonly string[], one: string, many: string): string =>
  `${names.length} ${names.length === 1 ? one : many} (${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""})`;
