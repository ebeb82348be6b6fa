import { z } from "zod";
import { parseRepository } from "../../registries/oci";
import { type FoundProject, findProject, isExisting, type RegistryUiClient, type RepositoryEntry } from "../../registries/registryui";
import type { CommonInputs, Context, Failure, Last } from "../declaration";
import { resource } from "../resource";
import { textFor } from "../text";
import { deleteProject, proveGone } from "./content";
import { registryui } from "./module";
import { online } from "./online";

/** What a program declares. */
export interface ProjectInputs extends CommonInputs {
  /** Whole path of the repository, for example `team/app`. A change replaces the project. */
  repository: string;
  /** Title on the website. Set when the project is created; later only the website can change it, then `pulumi refresh` takes it over. Default: the server's own, which is then not looked at. */
  title?: string;
  /** Anonymous users may pull. Set when the project is created; later only the website can change it, then `pulumi refresh` takes it over. Default `false`. */
  isPublic?: boolean;
  /** Destroy the project although it holds tags, or although there are repositories below its path: all of it is deleted. Default `false`. */
  forceDelete?: boolean;
}

/** What the server adds. */
export interface ProjectOutputs {
  /** Last part of the path. */
  name: string;
  /** `host/repository`: what stands before `:tag` or `@digest` in an image reference. */
  reference: string;
  /** The description on the website, as HTML. */
  descriptionHtml: string;
  /** RFC 3339. Empty where the server does not say. */
  createdAt: string;
}

/**
 * A project of RegistryUI: title, visibility and rights for a repository. Without a project a repository is invisible to all but administrators. Creating
 * and destroying need an administrator; rights of users and groups are given on the website.
 *
 * The API has no call that changes a project, so a changed title or visibility stops the preview. Destroying is refused while the repository holds tags
 * or there is anything below its path, unless `forceDelete` is set: the API's only deletion takes everything below a path with it.
 *
 * The id is the path.
 */
export class Project extends resource<ProjectInputs, ProjectOutputs, RegistryUiClient>({
  type: "registryui:Project",
  module: registryui,
  inputs: {
    repository: textFor(parseRepository),
    title: z.string().min(1, "must not be empty").optional(),
    isPublic: z.boolean().default(false),
    forceDelete: z.boolean().default(false),
  },
  outputs: { name: z.string(), reference: z.string(), descriptionHtml: z.string(), createdAt: z.string() },
  replaceOn: ["repository"],
  handling: ["forceDelete"],
  timeouts: { delete: "30m" },
  unchangeable: (last, inputs) => (last.repository === inputs.repository ? differences(last, inputs) : []),
  key: ({ repository }) => repository,

  async find(context, { repository }) {
    const { client, signal } = context;
    return (await online(context, repository, () => findProject(client, repository, { signal }))) && repository;
  },
  async create(context, inputs) {
    const { client, signal } = context;
    const { repository, title, isPublic, adopt } = inputs;
    const find = () => findProject(client, repository, { signal });
    try {
      const made = await online(context, repository, () =>
        client.projects.create(
          { repository, ...(title !== undefined && { title }), isPublic: isPublic ?? false },
          { signal, find }, // right before this, the list had no such project
        ),
      );
      return { id: repository, outputs: outputs(client, repository, made) };
    } catch (error) {
      // What is in no list may be there all the same: pushed without a project, without anything pushed, or hidden from this user.
      if (!isExisting(error) || !adopt) throw error;
      return { id: repository, outputs: await verified(context, inputs, { fullPath: repository, ...(await find()) }) };
    }
  },
  async read(context, id, last) {
    const { client, signal, log } = context;
    const repository = parseRepository(last.repository ?? id);
    return online(context, repository, async () => {
      const found = await findProject(client, repository, { signal });
      if (found)
        return { ...declared(found, last), repository, forceDelete: last.forceDelete ?? false, ...outputs(client, repository, found) };
      await proveGone(context, repository);
      log(
        `registryui:Project ${repository}: it is not in the list of what ${client.username ?? "an anonymous user"} may read, so it counts as deleted`,
      );
      return undefined;
    });
  },
  async update(context, _id, inputs) {
    // Reached when a title is no longer declared, after an adoption, and where the state was older than the server. Nothing can be sent.
    const { client, signal } = context;
    const { repository } = inputs;
    const found = await online(context, repository, () => findProject(client, repository, { signal }));
    if (!found) throw new Error(`there is no project ${repository} any more, or this user may not see it: run \`pulumi refresh\``);
    return verified(context, inputs, found);
  },
  async delete(context, _id, { repository, forceDelete }) {
    const path = parseRepository(repository);
    await online(context, path, () => deleteProject(context, path, forceDelete === true));
  },
}) {}

/** Throws where the project is not as declared: nothing that could be sent would change it. */
async function verified({ client }: Context<RegistryUiClient>, inputs: ProjectInputs, found: FoundProject): Promise<ProjectOutputs> {
  const wrong = found.unlisted ? [] : differences(declared(found, inputs), inputs);
  if (wrong.length > 0) throw new Error(wrong.map(({ property, reason }) => `${property} ${reason}`).join("; "));
  return outputs(client, inputs.repository, found);
}

const outputs = (client: RegistryUiClient, repository: string, { name, descriptionHtml, created }: RepositoryEntry): ProjectOutputs => ({
  name: name ?? repository.slice(repository.lastIndexOf("/") + 1),
  reference: `${client.registryHost}/${repository}`,
  descriptionHtml: descriptionHtml ?? "",
  createdAt: created ?? "",
});

type Settled = Pick<ProjectInputs, "title" | "isPublic">;

/** Title and visibility as they are. A title that the program did not declare is not its business; `.get` knows no program. */
const declared = ({ title, isPublic, unlisted }: FoundProject, last: Last<ProjectInputs, ProjectOutputs>): Settled => ({
  ...(unlisted ? { title: last.title } : last.title !== undefined || last.name === undefined ? { title: title || undefined } : {}),
  isPublic: isPublic ?? last.isPublic ?? false,
});

/** What only the website can change. */
function differences(last: Settled, { title, isPublic }: Settled): Failure[] {
  const failures: Failure[] = [];
  if (title !== undefined && title !== last.title) failures.push({ property: "title", reason: reason(JSON.stringify(last.title ?? "")) });
  if ((isPublic ?? false) !== (last.isPublic ?? false))
    failures.push({ property: "isPublic", reason: reason(String(last.isPublic ?? false)) });
  return failures;
}

const reason = (now: string): string =>
  `cannot be changed by this program: it is ${now} on the server, and RegistryUI's API has no call for it. Change it on the website (Registry > Repositories, edit the project) and run \`pulumi refresh\`, which takes it over; or declare it as it is`;
