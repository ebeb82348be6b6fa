import { type InputDeclaration, namesOf } from "./input-declaration";

/** Who an action talks to. */
export const connectionInputs = {
  type: {
    description:
      "API of the registry: `oci` (Docker Registry V2, OCI distribution), `dtr` (Docker Trusted Registry, Mirantis Secure Registry), `registryui` or `selectel`.",
    default: "oci",
  },
  registry: {
    description:
      "The registry: host, host:port or URL. Without a scheme, loopback addresses are http and all others https. Needed but for `selectel`, where it is `cr.selcloud.ru`.",
  },
  username: {
    description: "User name. Without credentials, those of Docker's own configuration (docker login) are taken, but for `selectel`.",
  },
  password: { description: "Password that goes with `username`." },
  token: {
    description:
      "A token that the registry takes as it is, in place of user name and password. For `selectel` a Keystone token; for `registryui` the token of the user and for `dtr` an access token, beside `username`.",
  },
  "ca-file": { description: "Path of a PEM file with certificate authorities to trust beside the system's." },
  "account-id": { description: "`selectel`: number of the account, which goes with `username` and `password`." },
  "project-id": { description: "`selectel`: id of the project; in place of `project-name`." },
  "project-name": { description: "`selectel`: name of the project; in place of `project-id`." },
  "auth-url": { description: "`selectel`: address of the identity service, if it is not the public one." },
  "api-url": { description: "`selectel`: address of the Container Registry API, if it is not the public one." },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

export type ConnectionInput = keyof typeof connectionInputs;

export const connectionInputNames = namesOf(connectionInputs);
