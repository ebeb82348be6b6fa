import { z } from "zod";
import { deleteRepositoryContent, type OciClient, parseRepository, type Tag } from "../../registries/oci";
import type { CommonInputs } from "../declaration";
import { resource } from "../resource";
import { textFor } from "../text";
import { initialize, initialTag, refusal, removeInitial, tagsOf } from "./initial";
import { oci } from "./module";
import { registryHost } from "./reference";

/** What a program declares. */
export interface RepositoryInputs extends CommonInputs {
  /** Path of the repository, for example `team/app`. A change replaces the repository. */
  name: string;
  /** Push a minimal OCI artifact (tag `registry-as-code-init`, under 1 kB) if the repository is missing: a V2 repository exists once something was pushed. Default `true`. */
  initialize?: boolean;
  /** Destroy the repository although it holds images: every manifest is deleted. Default `false`. */
  forceDelete?: boolean;
}

/** What the server adds. */
export interface RepositoryOutputs {
  /** Number of tags, the initial artifact's not counted, as of the last `up` or `refresh`. */
  tagCount: number;
  /** `host/name`: what stands before `:tag` or `@digest` in an image reference. */
  reference: string;
}

/**
 * A repository of a Docker Registry V2 / OCI registry. Destroying it is refused while it holds anything but the initial artifact, unless
 * `forceDelete` is set; then its manifests are deleted, referrers first, then indexes, then their children, and nothing outside the repository.
 * The API has no call that removes the empty name from the registry's catalog.
 *
 * The id is the repository's name.
 */
export class Repository extends resource<RepositoryInputs, RepositoryOutputs, OciClient>({
  type: "oci:Repository",
  module: oci,
  inputs: { name: textFor(parseRepository), initialize: z.boolean().default(true), forceDelete: z.boolean().default(false) },
  outputs: { tagCount: z.number().int(), reference: z.string() },
  replaceOn: ["name"],
  handling: ["forceDelete"],
  timeouts: { delete: "30m" },
  key: ({ name }) => name,

  async find({ client }, { name }) {
    const tags = await tagsOf(client, parseRepository(name));
    return tags === undefined || tags.length === 0 ? undefined : name; // an empty name in the catalog is what a destroyed repository leaves behind
  },
  async resume({ client }, { name }) {
    // A repository without the initial artifact was made by somebody else since.
    return (await client.manifests.head(parseRepository(name), initialTag)) && name;
  },
  async create({ client }, inputs) {
    const name = parseRepository(inputs.name);
    if (inputs.initialize) await initialize(client, name);
    return { id: name, outputs: outputs(client, name, 0) };
  },
  async read({ client }, id, last) {
    const name = parseRepository(last.name ?? id);
    const tags = await tagsOf(client, name);
    const missing = tags === undefined || tags.length === 0;
    if (missing && last.initialize !== false) return undefined;
    return {
      name,
      initialize: last.initialize ?? true,
      forceDelete: last.forceDelete ?? false,
      ...outputs(client, name, count(tags ?? [])),
    };
  },
  async update({ client }, _id, inputs) {
    const name = parseRepository(inputs.name);
    const tags = (await tagsOf(client, name)) ?? [];
    if (inputs.initialize && tags.length === 0) await initialize(client, name);
    return outputs(client, name, count(tags));
  },
  async delete({ client, log }, _id, last) {
    const name = parseRepository(last.name);
    const tags = await tagsOf(client, name);
    if (tags === undefined) return;
    if (last.forceDelete) {
      const { manifests } = await deleteRepositoryContent(client, name);
      log(`oci:Repository ${name}: ${manifests} manifests deleted`);
      return;
    }
    const held = await removeInitial(client, name, tags);
    if (held.length > 0) throw new Error(refusal(name, held));
  },
}) {}

const count = (tags: readonly Tag[]): number => tags.filter((tag) => tag !== initialTag).length;

const outputs = (client: OciClient, name: string, tagCount: number): RepositoryOutputs => ({
  tagCount,
  reference: `${registryHost(client)}/${name}`,
});
