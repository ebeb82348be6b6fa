import type { DtrClient } from "../../registries/dtr";
import type { Survey } from "../survey";
import * as sections from "./sections";

/** What belongs to the server as a whole, and to its users. */
export async function findServerThings(client: DtrClient, survey: Survey, users: readonly string[]): Promise<void> {
  const { signal } = survey;
  const { background, contentCaches, overrides, settings } = sections;
  if (survey.wants("ContentCache"))
    for (const { id, name } of await survey.list("content caches", client.contentCaches.list({}, { signal })))
      survey.add({ kind: "ContentCache", id, label: name, section: contentCaches });
  if (survey.wants("UserSettings")) await findUserSettings(client, survey, users);
  if (survey.wants("ApiToken")) await findTokens(client, survey, users);
  if (survey.wants("Cron"))
    for (const { action } of await survey.list("schedules", client.crons.list({}, { signal })))
      survey.add({ kind: "Cron", id: action, label: action, section: background });
  if (survey.wants("ActionConfig"))
    for (const { action } of await survey.list("configurations of actions", client.actionConfigs.list({}, { signal })))
      survey.add({ kind: "ActionConfig", id: action, label: action, section: background });
  if (survey.wants("WorkerCapacity"))
    for (const { id } of await survey.list("workers", client.workers.list({}, { signal })))
      survey.add({ kind: "WorkerCapacity", id, label: id, section: background });
  if (survey.wants("VulnerabilityOverride"))
    for (const { pk, component, cve } of await survey.list("overrides", client.imageScan.listOverrides({}, { signal })))
      survey.add({ kind: "VulnerabilityOverride", id: pk, label: `${cve}-${component}`, section: overrides });
  if (survey.wants("Settings")) survey.add({ kind: "Settings", id: client.url, label: "settings", section: settings });
}

/** Every user has settings; those that somebody chose are worth a resource. */
async function findUserSettings(client: DtrClient, survey: Survey, users: readonly string[]): Promise<void> {
  const { signal } = survey;
  await survey.each(
    users.filter((name) => survey.includes(name)),
    async (username) => {
      const [settings] = await survey.list(
        `settings of ${username}`,
        client.accounts.getSettings({ username }, { signal }).then((found) => [found]),
      );
      if (settings?.contentCacheUUID)
        survey.add({ kind: "UserSettings", id: username, label: username, section: sections.users, under: username });
    },
  );
}

/** A list does not say whose a token is, so each user is asked for. */
async function findTokens(client: DtrClient, survey: Survey, users: readonly string[]): Promise<void> {
  const { signal } = survey;
  const own = client.username;
  const owners = [...new Set([...(own === undefined ? [] : [own]), ...users])].filter((name) => survey.includes(name));
  await survey.each(owners, async (username) => {
    for (const { hashedToken, tokenLabel } of await survey.list(
      `access tokens of ${username}`,
      client.apiTokens.list({ username }, { signal }),
    ))
      survey.add(
        {
          kind: "ApiToken",
          id: hashedToken,
          ...(username !== own && { given: { username } }),
          label: `${username}/${tokenLabel}`,
          section: sections.tokens,
          under: username,
        },
        username,
      );
  });
}
