/** A vulnerability of a component, as the scanner's database knows it. */
export interface Vulnerability {
  /** `CVE-2019-5021` */
  readonly cve: string;
  /** 0 to 10; from 7 on it is critical, from 4 on major, above 0 minor. */
  readonly cvss: number;
  /** Default: empty. */
  readonly summary?: string;
}

export interface License {
  readonly name: string;
  /** Default: `permissive`. */
  readonly type?: string;
  /** Default: empty. */
  readonly url?: string;
}

/** What the scanner finds in a layer. */
export interface Component {
  readonly name: string;
  readonly version: string;
  /** Default: none. */
  readonly licenses?: readonly License[];
  /** Default: none. */
  readonly vulnerabilities?: readonly Vulnerability[];
  /** Default: `usr/lib/<name>`. */
  readonly filepaths?: readonly string[];
}

/** The scanner's database: what is in a layer, by its digest. Layers that it does not name hold nothing. */
export type LayerTable = ReadonlyMap<string, readonly Component[]>;

/** `schema.LayerVulnOverride`: a finding that somebody says is none. */
export interface Override {
  readonly pk: string;
  readonly digest: string;
  readonly component: string;
  readonly componentVersion: string;
  readonly cve: string;
  readonly notes: string;
}

export interface Counts {
  readonly critical: number;
  readonly major: number;
  readonly minor: number;
}

/** A component of an image, in the first of its layers that has it. */
export interface Found {
  readonly layer: string;
  readonly component: Component;
  /** Those that no override takes away. */
  readonly open: readonly Vulnerability[];
  /** Those that an override takes away, each with its notes. */
  readonly overridden: readonly (Vulnerability & { readonly notes: string })[];
}

/** What is in the given layers, with the overrides that stand now. */
export function findingsIn(layers: readonly string[], table: LayerTable, overrides: Iterable<Override>): Found[] {
  const notes = new Map([...overrides].map((one) => [key(one.digest, one.component, one.componentVersion, one.cve), one.notes]));
  return [...new Set(layers)].flatMap((layer) =>
    (table.get(layer) ?? []).map((component) => {
      const { name, version, vulnerabilities = [] } = component;
      const notesOf = ({ cve }: Vulnerability) => notes.get(key(layer, name, version, cve));
      const open = vulnerabilities.filter((one) => notesOf(one) === undefined);
      const overridden = vulnerabilities.flatMap((one) => {
        const text = notesOf(one);
        return text === undefined ? [] : [{ ...one, notes: text }];
      });
      return { layer, component, open, overridden };
    }),
  );
}

/** How many vulnerabilities of each severity are open. One that several components have counts once. */
export function countsOf(found: readonly Found[]): Counts {
  const scores = new Map(found.flatMap(({ open }) => open.map(({ cve, cvss }) => [cve, cvss] as const)));
  const severities = [...scores.values()].map(severityOf);
  const count = (wanted: string) => severities.filter((severity) => severity === wanted).length;
  return { critical: count("critical"), major: count("major"), minor: count("minor") };
}

export function severityOf(cvss: number): "critical" | "major" | "minor" | "none" {
  if (cvss >= 7) return "critical";
  if (cvss >= 4) return "major";
  return cvss > 0 ? "minor" : "none";
}

export function highestScore(found: readonly Found[]): number {
  return Math.max(0, ...found.flatMap(({ open }) => open.map(({ cvss }) => cvss)));
}

function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
