import type { Account, DtrClient } from "../../registries/dtr";
import type { Context } from "../declaration";
import { unlessGone } from "./unless-gone";

/** The account of this name, if there is one. An account's id is understood in place of its name and must not pass for it. */
export async function accountNamed({ client, signal }: Context<DtrClient>, name: string): Promise<Account | undefined> {
  const found = await unlessGone(client.enzi.accounts.get({ name }, { signal }));
  return found?.name === name ? found : undefined;
}

/** The same, as a user or as an organization: they share their names, so the other kind is an error. */
export async function accountOf(context: Context<DtrClient>, name: string, kind: "user" | "organization"): Promise<Account | undefined> {
  const found = await accountNamed(context, name);
  if (found && found.isOrg !== (kind === "organization"))
    throw new Error(`${name} is ${found.isOrg ? "an organization" : "a user"}, and no ${kind} can have the same name: choose another name`);
  return found;
}
