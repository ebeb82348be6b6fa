/** A tag whose name says that its manifest belongs to another one. */
export interface Satellite {
  /** Digest that the tag belongs to. */
  readonly subject: string;
  /**
   * `list`: a list of referrers, kept in a tag where the registry has no API for it (OCI distribution-spec, "Referrers Tag Schema"); it is one only
   * if its manifest is an index. `signature`: what cosign writes: signature, attestation or bill of materials, optionally with a prefix.
   */
  readonly form: "list" | "signature";
}

const form = /^(.*)sha256-([0-9a-f]{64})(\.sig|\.att|\.sbom)?$/s;
const shortest = "sha256-".length + 64;

export function satelliteOf(tag: string): Satellite | undefined {
  if (tag.length < shortest) return undefined;
  const [, prefix, hex, suffix] = form.exec(tag) ?? [];
  if (hex === undefined || (suffix === undefined && prefix !== "")) return undefined;
  return { subject: `sha256:${hex}`, form: suffix === undefined ? "list" : "signature" };
}
