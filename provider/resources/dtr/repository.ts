import { z } from "zod";
import type { DtrClient, Repository as Found } from "../../registries/dtr";
import type { CommonInputs, Context, Failure } from "../declaration";
import { resource } from "../resource";
import { deleteRepository } from "./content";
import { changes, declared } from "./declared";
import { dtr } from "./module";
import { ImageName, idParts } from "./names";
import { expectSame, isAnothers } from "./same-object";
import { unlessGone } from "./unless-gone";
import { unlessHidden } from "./unless-hidden";

/** What a program declares. */
export interface RepositoryInputs extends CommonInputs {
  /** Name of the organization or user that owns it: `organization.name`. A change replaces the repository. */
  namespace: string;
  /** Name, without the namespace. A change replaces the repository. */
  name: string;
  /** One line. Not looked at where it is not declared. */
  shortDescription?: string;
  /** Markdown. Not looked at where it is not declared. */
  longDescription?: string;
  /** `public`: everybody may pull. Default `private`. */
  visibility?: "public" | "private";
  /** Scan images when they are pushed. Not looked at where it is not declared. */
  scanOnPush?: boolean;
  /** Refuse pushes to a tag that exists. Excludes a tag limit. Not looked at where it is not declared. */
  immutableTags?: boolean;
  /** Tags to keep: a push of one more deletes the oldest. 0: no limit. Not looked at where it is not declared. */
  tagLimit?: number;
  /** Destroy the repository although it holds tags. Default `false`. */
  forceDelete?: boolean;
}

/** What the server adds. */
export interface RepositoryOutputs {
  /** UUID of the repository. */
  repositoryId: string;
  /** `host/namespace/name`: what stands before `:tag` or `@digest` in an image reference. */
  reference: string;
  /** Whose namespace it is: `user` or `organization`. */
  namespaceType: string;
}

/**
 * A repository. Destroying it is refused while it holds tags, unless `forceDelete` is set; one with signed tags the server never deletes.
 *
 * Optional settings that the program leaves out are left as they are.
 *
 * The id is `namespace/name`.
 */
export class Repository extends resource<RepositoryInputs, RepositoryOutputs, DtrClient>({
  type: "dtr:Repository",
  module: dtr,
  inputs: {
    namespace: ImageName,
    name: ImageName,
    shortDescription: z.string().optional(),
    longDescription: z.string().optional(),
    visibility: z.enum(["public", "private"]).default("private"),
    scanOnPush: z.boolean().optional(),
    immutableTags: z.boolean().optional(),
    tagLimit: z.number().int("must be a whole number").nonnegative("must not be negative").optional(),
    forceDelete: z.boolean().default(false),
  },
  outputs: { repositoryId: z.string(), reference: z.string(), namespaceType: z.string() },
  replaceOn: ["namespace", "name"],
  handling: ["forceDelete"],
  timeouts: { delete: "30m" },
  rules: contradictions,
  key: ({ namespace, name }) => `${namespace}/${name}`,

  async find(context, { namespace, name }) {
    return (await look(context, namespace, name)) && `${namespace}/${name}`;
  },
  async create(context, inputs) {
    const { client, signal } = context;
    const { namespace, name } = inputs;
    const made = await client.repositories.create(
      { namespace, name, ...changes(settingsOf(inputs), {}) },
      { signal, find: () => look(context, namespace, name) }, // right before this, there was none
    );
    warn(context, inputs, made);
    return { id: `${namespace}/${name}`, outputs: outputs(client, made) };
  },
  async read(context, id, last) {
    const [namespace = "", name = ""] = idParts("dtr:Repository", id, "namespace/name");
    const place = { namespace, repository: name };
    const found = await unlessHidden(context, place, context.client.repositories.get(place, { signal: context.signal }));
    if (!found || isAnothers(context, `repository ${id}`, last.repositoryId, found.id)) return undefined;
    const { visibility, ...optional } = settingsOf({ ...found, longDescription: found.longDescription ?? "" }); // Go leaves out what is empty
    return {
      namespace,
      name,
      ...declared(optional, last, last.repositoryId !== undefined),
      visibility,
      forceDelete: last.forceDelete ?? false,
      ...outputs(context.client, found),
    };
  },
  async update(context, _id, inputs, last) {
    const { client, signal } = context;
    const { namespace, name } = inputs;
    const changed = changes(settingsOf(inputs), last);
    if (Object.keys(changed).length > 0) {
      const now = expectSame(`repository ${namespace}/${name}`, last.repositoryId, await look(context, namespace, name));
      // The API describes `immutableTags` as required: a server that takes its absence for false would switch it off.
      const { immutableTags = now.immutableTags } = inputs;
      const updated = await client.repositories.update({ namespace, repository: name, ...changed, immutableTags }, { signal });
      warn(context, inputs, updated);
      return outputs(client, updated);
    }
    return { repositoryId: last.repositoryId, reference: last.reference, namespaceType: last.namespaceType };
  },
  async delete(context, _id, { namespace, name, repositoryId, forceDelete }) {
    await deleteRepository(context, { namespace, repository: name, id: repositoryId }, forceDelete === true);
  },
}) {}

type Settings = Pick<RepositoryInputs, "shortDescription" | "longDescription" | "visibility" | "scanOnPush" | "immutableTags" | "tagLimit">;

const settingsOf = (from: Settings | Found): Settings => {
  const { shortDescription, longDescription, scanOnPush, immutableTags, tagLimit } = from;
  return {
    shortDescription,
    longDescription,
    visibility: from.visibility === "public" ? "public" : "private",
    scanOnPush,
    immutableTags,
    tagLimit,
  };
};

/** The repository, if there is one that this user may see. */
async function look({ client, signal }: Context<DtrClient>, namespace: string, repository: string): Promise<Found | undefined> {
  return unlessGone(client.repositories.get({ namespace, repository }, { signal }));
}

const outputs = (client: DtrClient, { id, namespace, name, namespaceType }: Found): RepositoryOutputs => ({
  repositoryId: id,
  reference: `${client.registryHost}/${namespace}/${name}`,
  namespaceType,
});

function contradictions({ immutableTags, tagLimit }: RepositoryInputs): Failure[] {
  if (!immutableTags || !tagLimit) return [];
  return [
    {
      property: "tagLimit",
      reason: "and immutableTags exclude each other: the server deletes no tag of an immutable repository; leave one out",
    },
  ];
}

/** Says what the server kept in another way than it was sent, or keeps without effect. */
function warn({ log }: Context<DtrClient>, inputs: RepositoryInputs, now: Found): void {
  if (now.immutableTags && inputs.tagLimit) {
    const path = `${inputs.namespace}/${inputs.name}`;
    log(`dtr:Repository ${path}: tagLimit has no effect, because its tags are immutable: declare immutableTags: false`);
  }
  const other = Object.entries(changes(settingsOf(inputs), { ...settingsOf(now), longDescription: inputs.longDescription })).map(
    ([name, value]) => `${name} (${JSON.stringify(value)})`,
  );
  if (other.length > 0) log(`dtr:Repository ${inputs.namespace}/${inputs.name}: the server did not take ${other.join(", ")} as declared`);
}
