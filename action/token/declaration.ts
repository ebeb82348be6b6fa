import { connectionInputs } from "../connection-inputs";
import { type InputDeclaration, namesOf } from "../input-declaration";

/** The inputs and outputs of the action: `action.yml`, the parser and the README are held against this. */
export const inputs = {
  ...connectionInputs,
  type: {
    description:
      "API of the registry: `oci` (Docker Registry V2, OCI distribution; Docker Trusted Registry, too), `selectel`, or `dtr` for an access token of Docker Trusted Registry.",
    default: "oci",
  },
  registry: {
    description:
      "The registry: host, host:port or URL. Without a scheme, loopback addresses are http and all others https. Needed for `oci` and `dtr`; for `selectel` it is `cr.selcloud.ru`.",
  },
  username: { description: "User name. Without credentials, `oci` and `dtr` take those of Docker's own configuration (docker login)." },
  token: {
    description:
      "`selectel`: a Keystone token, in place of user name and password. `dtr`: an access token of the user, in place of the password.",
  },
  registries: {
    description:
      "`selectel`: names or ids of the registries that the token may reach, separated by newlines or commas. `*` alone: all of the project, future ones too.",
  },
  repositories: {
    description:
      "`oci`: whole paths of the repositories that the token may reach, separated by newlines or commas. `selectel`, with `allow-wider-scope`: the token reaches the registries that hold them.",
  },
  permission: {
    description:
      "`read`: pull; `write`: pull and push; `delete`: pull, push and delete. Selectel has two levels: `write` and `delete` are the same there.",
    default: "read",
  },
  "expires-in": {
    description:
      "How long the token lives: `90s`, `30m`, `1h`. `selectel`: exact to the second. `oci`: the token server decides; another life than this is a warning. `dtr`: when it may be swept if it could not be deleted after the job.",
    default: "1h",
  },
  "allow-wider-scope": {
    description:
      "`selectel`: take `repositories`, and mint a token for the whole registries that hold them. `dtr`: needed, because the token may do whatever its user may.",
    default: "false",
  },
  "allow-long-lived": {
    description: "Allow more than 24 hours in `expires-in`. `dtr`: needed, because the token ends only when it is deleted.",
    default: "false",
  },
  name: {
    description:
      "Beginning of the token's name: letters, digits, dots, dashes, underscores. Default: made of repository, run, attempt and job. Random digits follow, so that steps and matrix legs stay apart.",
  },
  login: {
    description:
      "Write a Docker configuration of its own with the token into a folder under `RUNNER_TEMP`, and set `DOCKER_CONFIG` to it for the steps that follow. It is removed after the job.",
    default: "false",
  },
  "skip-token-revoke": {
    description: "Do not revoke the token after the job: it lives until it expires. Not for `dtr`, where it would live for ever.",
    default: "false",
  },
  sweep: {
    description:
      "`selectel`: remove tokens that earlier runs of this repository (or of the same `name`) left behind and that are expired or no longer active. Never an active one, never another's. `dtr`: also those whose `expires-in` is over.",
    default: "true",
  },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

export type InputName = keyof typeof inputs;

export const inputNames = namesOf(inputs);

/** In the order in which they are set. */
export const outputs = {
  token: "The token. It is masked in logs; GitHub does not hand it from job to job.",
  username:
    "User name that goes with the token at `docker login`; empty on `oci`, where the token is sent as it is (`Authorization: Bearer`).",
  registry: "Host of the registry.",
  "token-id": "The token's id at the registry; empty where it has none. Not secret.",
  "expires-at": "When the token ends, as the registry says it (RFC 3339); in the year 9999 on `dtr`, where it ends when it is deleted.",
  "docker-config-path": "With `login`: the folder of the Docker configuration. Else empty.",
} as const;

export type OutputName = keyof typeof outputs;
export const outputNames = namesOf(outputs);
