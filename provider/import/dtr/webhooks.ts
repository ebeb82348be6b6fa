import type { DtrClient, Repository, Webhook } from "../../registries/dtr";
import type { Survey } from "../survey";
import * as sections from "./sections";

interface Known {
  readonly repositories: readonly Repository[];
  readonly namespaces: readonly string[];
  /** Whether the list of accounts says that this user is a system administrator. */
  readonly isAdministrator: boolean;
}

/**
 * Webhooks: all at once for an administrator. To anybody else the server answers that list, too, cut down to what the user made and without a word of it, so
 * the others are looked for place by place.
 */
export async function findWebhooks(client: DtrClient, survey: Survey, known: Known): Promise<void> {
  if (!survey.wants("Webhook")) return;
  const { repositories, namespaces, isAdministrator } = known;
  const { signal } = survey;
  add(survey, await survey.list("webhooks", client.webhooks.list({}, { signal })));
  if (isAdministrator) return;
  if (survey.includes(EVERYTHING)) survey.skip("Webhook for everything", "only an administrator may read those that others made");
  await survey.each(
    namespaces.filter((name) => survey.includes(name)),
    async (namespace) => add(survey, await survey.list(`webhooks of ${namespace}`, client.accounts.webhooks({ namespace }, { signal }))),
  );
  const included = repositories.filter(({ namespace, name }) => survey.includes(`${namespace}/${name}`));
  await survey.each(included, async ({ namespace, name }) =>
    add(
      survey,
      await survey.list(`webhooks of ${namespace}/${name}`, client.repositories.webhooks({ namespace, repository: name }, { signal })),
    ),
  );
}

/** What the globs are held against for a webhook that has no place. */
const EVERYTHING = "everything";

function add(survey: Survey, webhooks: readonly Webhook[]): void {
  for (const { id, key, type } of webhooks) {
    const [namespace = "", repository] = key.split("/");
    survey.add(
      {
        kind: "Webhook",
        id,
        // The read looks where the webhook is.
        given: { key },
        label: `${key === "" ? EVERYTHING : key}/${type.toLowerCase().replaceAll("_", "-")}`,
        section: namespace === "" ? sections.allEvents : sections.namespace(namespace),
        ...(repository !== undefined && { under: key }),
      },
      key === "" ? EVERYTHING : key,
    );
  }
}
