import type { ConnectionInput } from "./connection-inputs";
import type { RawInputs } from "./environment";
import type { Problem } from "./input-error";

const selectelOnly = ["account-id", "project-id", "project-name", "auth-url", "api-url"] as const satisfies readonly ConnectionInput[];

/** Inputs of the connection that cannot be meant together, or lack what they need. */
export function connectionProblems(raw: RawInputs<ConnectionInput>): Problem[] {
  const problems: Problem[] = [];
  const add = (input: ConnectionInput, text: string) => problems.push({ input, text });
  const selectel = raw.type === "selectel";
  if (raw.type === "oci") {
    if (!raw.registry) add("registry", "is missing. Give the registry's host, host:port or URL, such as registry.example.com.");
    for (const input of selectelOnly.filter((name) => raw[name] !== undefined)) {
      add(input, "is for type: selectel, and type is oci. Remove it, or set type: selectel.");
    }
  }
  if (raw.token && (raw.username || raw.password)) add("token", "takes the place of username and password. Give one or the other.");
  else if (raw.username && !raw.password)
    add("password", "is missing, and username is there. Is the secret set, and may this workflow read it?");
  else if (raw.password && !raw.username) add("username", "is missing, and password is there.");
  if (selectel && raw.username && raw.password) {
    if (!raw["account-id"]) add("account-id", "is missing. It goes with username and password.");
    if (!raw["project-id"] && !raw["project-name"]) add("project-id", "is missing. Give it, or project-name.");
  }
  if (raw["project-id"] && raw["project-name"]) add("project-name", "takes the place of project-id. Give one or the other.");
  return problems;
}
