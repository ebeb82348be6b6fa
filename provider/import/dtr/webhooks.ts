import { type DtrClient, isNotAuthorized, type Repository, type Webhook } from "../../registries/dtr";
import type { Survey } from "../survey";
import * as sections from "./sections";

interface Known {
  readonly repositories: readonly Repository[];
  readonly namespaces: readonly string[];
}

/** Webhooks: all at once for an administrator, else place by place. */
export async function findWebhooks(client: DtrClient, survey: Survey, { repositories, namespaces }: Known): Promise<void> {
  if (!survey.wants("Webhook")) return;
  const { signal } = survey;
  const all = await client.webhooks.list({}, { signal }).catch((error: unknown) => {
    if (isNotAuthorized(error)) return undefined;
    throw error;
  });
  if (all) return add(survey, all);
  survey.skip("Webhook for everything", "only an administrator may read those");
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

function add(survey: Survey, webhooks: readonly Webhook[]): void {
  for (const { id, key, type } of webhooks) {
    const [namespace = "", repository] = key.split("/");
    survey.add(
      {
        kind: "Webhook",
        id,
        // The read looks where the webhook is.
        given: { key },
        label: `${key === "" ? "everything" : key}/${type.toLowerCase().replaceAll("_", "-")}`,
        section: namespace === "" ? sections.allEvents : sections.namespace(namespace),
        ...(repository !== undefined && { under: key }),
      },
      key === "" ? "everything" : key,
    );
  }
}
