/** Inputs that no rule has anything against. */
export const token = { name: "ci", mode: "read", registries: ["r1"], expiresIn: "30d", rotateBefore: "7d" };
export const repository = {
  namespace: "acme",
  name: "app",
  visibility: "private",
  shortDescription: "Builds. Owner: web",
  scanOnPush: true,
};
export const policy = { namespace: "acme", repository: "app", rules: [{ field: "tag", operator: "sw", values: ["pr-"] }] };
export const mirror = { namespace: "acme", repository: "app", remoteHost: "https://mirror.example.com", remoteRepository: "a/b" };
export const webhook = { key: "acme/app", type: "TAG_PUSH", endpoint: "https://ci.example.com/hook" };
export const digest = `sha256:${"a".repeat(64)}`;
export const promotion = { namespace: "acme", repository: "app", tag: "v1", targetRepository: "acme/production", targetTag: "v1" };
export const tagMirroring = { ...mirror, tag: "v1", remoteTag: "v1" };

const { expiresIn: _life, rotateBefore: _before, ...bare } = token;
/** Without an end. */
export const bareToken = bare;
export const production = { ...repository, name: "app-production" };
