import type { ConnectionInput } from "./connection-inputs";
import type { RawInputs } from "./environment";
import type { Problem } from "./input-error";

const selectelOnly = ["account-id", "project-id", "project-name", "auth-url", "api-url"] as const satisfies readonly ConnectionInput[];

/** Inputs of the connection that cannot be meant together, or lack what they need. */
export function connectionProblems(raw: RawInputs<ConnectionInput>): Problem[] {
  const problems: Problem[] = [];
  const add = (input: ConnectionInput, text: string) => problems.push({ input, text });
  const selectel = raw.type === "selectel";
  if (raw.type !== undefined && raw.type !== "selectel") {
    if (!raw.registry) add("registry", "is missing. Give the registry's host, host:port or URL, such as registry.example.com.");
    for (const input of selectelOnly.filter((name) => raw[name] !== undefined)) {
      add(input, `is for type: selectel, and type is ${raw.type}. Remove it, or set type: selectel.`);
    }
  }
  if (raw.type === "registryui") return [...problems, ...registryUiProblems(raw)];
  if (raw.type === "dtr") return [...problems, ...dtrProblems(raw)];
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

/** A user of RegistryUI has a token of its own, for the API and for `docker login`. */
function registryUiProblems({ username, password, token }: RawInputs<ConnectionInput>): Problem[] {
  if (password) return [{ input: "password", text: "is not what RegistryUI's API takes. Give the user's token (User > Token) as token." }];
  if (username && !token) {
    return [{ input: "token", text: "is missing, and username is there. Is the secret set, and may this workflow read it?" }];
  }
  return token && !username ? [{ input: "username", text: "is missing, and token is there." }] : [];
}

/** An access token takes the place of the password, and needs its user's name. */
function dtrProblems({ username, password, token }: RawInputs<ConnectionInput>): Problem[] {
  if (password && token) return [{ input: "token", text: "takes the place of password. Give one or the other." }];
  if (username && !password && !token)
    return [{ input: "password", text: "is missing (or token), and username is there. Is the secret set, and may this workflow read it?" }];
  const secret = password ? "password" : "token";
  return (password || token) && !username ? [{ input: "username", text: `is missing, and ${secret} is there.` }] : [];
}
