import { databaseFile } from "../../../../provider/registries/dtr";
import { all } from "../rows";
import { row, type SandboxRow } from "../sandbox-row";
import { app, appLayer, baseLayer, now, scannedImage, type World } from "../sandbox-world";

const counts = { critical: 1, major: 1, minor: 1 };
const override = { component: "musl", componentVersion: "1.1.20", cve: "CVE-2019-14697", notes: "not reachable" };

async function scanned({ client, state }: World): Promise<void> {
  await client.imageScan.scan({ ...app, tag: "v1", os: "linux", arch: "amd64" });
  await state.runJobs();
}

/** The summary of `team/app:v1`, which `multi` leads to, too. */
const summary = (tag: string) => ({
  scannedImage: {
    pk: `team/app@${scannedImage.digest}`,
    namespace: "team",
    repository: "app",
    tag,
    manifestDigest: scannedImage.digest,
    totalVulnCount: counts,
    licenses: [{ name: "MIT", url: "https://opensource.org/licenses/MIT", type: "permissive" }],
    layers: [
      expect.objectContaining({ digest: baseLayer, size: expect.any(Number), components: ["musl@1.1.20", "zlib@1.2.11"] }),
      expect.objectContaining({ digest: appLayer, components: ["tool@0.1"] }),
    ],
    components: [
      {
        componentPK: "musl@1.1.20",
        vulnCount: { critical: 1, major: 1, minor: 0 },
        name: "musl",
        version: "1.1.20",
        filepaths: ["lib/ld-musl.so"],
        cves: ["CVE-2019-14697", "CVE-2020-28928"],
        licenses: ["MIT"],
      },
      expect.objectContaining({ name: "zlib", cves: [] }),
      expect.objectContaining({ name: "tool" }),
    ],
    cves: [
      { cvePK: "CVE-2019-14697", summary: 'Overflow, in "x87" code', cvss: 9.8, notes: "" },
      expect.objectContaining({ cvePK: "CVE-2020-28928" }),
      expect.objectContaining({ cvePK: "CVE-2018-0001" }),
    ],
    maxCVSSValue: 9.8,
    scannerFingerprint: { scannerType: 1, version: ["3", "1"] },
    vulnOverrides: [],
  },
  shouldRescan: false,
  scanStatus: 6,
});
const both = [expect.objectContaining(summary("multi")), expect.objectContaining(summary("v1"))];

async function overridden(world: World): Promise<string> {
  await scanned(world);
  await world.client.imageScan.setOverride({ id: baseLayer, ...override });
  return [...world.state.services.overrides.keys()].join();
}

export const scanRows: readonly SandboxRow[] = [
  row("imageScan.listOverrides", {
    arrange: overridden,
    call: ({ client }) => client.imageScan.listOverrides(),
    gives: (_, pk) => [{ pk, digest: baseLayer, ...override }],
  }),
  row("imageScan.listOverrides of none", { call: ({ client }) => client.imageScan.listOverrides(), gives: () => [] }),
  row("imageScan.setOverride", {
    arrange: scanned,
    call: ({ client }) => client.imageScan.setOverride({ id: baseLayer, ...override }),
    effect: async ({ client }) => {
      const [found] = await client.imageScan.summary({ ...app, reference: "v1" });
      expect(found?.scannedImage).toMatchObject({ totalVulnCount: { ...counts, critical: 0 }, vulnOverrides: [override] });
    },
  }),
  row("imageScan.deleteOverride", {
    arrange: overridden,
    call: ({ client }, id) => client.imageScan.deleteOverride({ id }),
    effect: ({ state }) => expect(state.services.overrides.size).toBe(0),
  }),
  row("imageScan.legacySummary", {
    arrange: scanned,
    call: ({ client }) => client.imageScan.legacySummary({ ...app, tag: "v1", detailed: false }),
    gives: () => [
      {
        namespace: "team",
        repository: "app",
        tag: "v1",
        ...counts,
        lastScanStatus: 6,
        checkCompletedAt: now,
        shouldRescan: false,
        hasForeignLayers: false,
        layerDetails: [],
      },
    ],
  }),
  row("imageScan.legacySummary with an override", {
    arrange: overridden,
    call: ({ client }) => client.imageScan.legacySummary({ ...app, tag: "v1" }),
    gives: () => [
      expect.objectContaining({
        layerDetails: [
          {
            sha256sum: baseLayer.replace("sha256:", ""),
            components: [
              {
                component: "musl",
                version: "1.1.20",
                fullpath: ["lib/ld-musl.so"],
                license: { name: "MIT", url: "https://opensource.org/licenses/MIT", type: "permissive" },
                vulns: [
                  { cve: "CVE-2020-28928", cvss: 5.5, summary: "", exact: true, notes: [] },
                  {
                    cve: "CVE-2019-14697",
                    cvss: 9.8,
                    summary: 'Overflow, in "x87" code',
                    exact: true,
                    notes: [{ reason: "not reachable", type: "override" }],
                  },
                ],
              },
              { component: "zlib", version: "1.2.11", fullpath: ["usr/lib/zlib"], vulns: [] },
            ],
          },
          expect.objectContaining({ sha256sum: appLayer.replace("sha256:", "") }),
        ],
      }),
    ],
  }),
  row("imageScan.scanAll", {
    call: ({ client }) => client.imageScan.scanAll({ scan: true, check: false }),
    effect: ({ state }) => expect(state.jobs.map(({ action }) => action)).toEqual(Array(3).fill("scan_check_single")),
  }),
  row("imageScan.updateDatabase online", {
    call: ({ client }) => client.imageScan.updateDatabase({ online: true }),
    effect: ({ state }) => expect(state.services.databaseVersion).toBe(2),
  }),
  row("imageScan.updateDatabase by a file", {
    call: ({ client }) =>
      client.imageScan.updateDatabase({
        body: databaseFile({
          open: async function* () {
            yield Buffer.from("a tar archive");
          },
          length: 13,
        }),
      }),
    effect: ({ state }) => expect(state.services.databaseVersion).toBe(2),
  }),
  row("imageScan.scan", {
    call: ({ client }) => client.imageScan.scan({ ...app, tag: "v1", os: "linux", arch: "amd64" }),
    effect: ({ state }) => expect(state.jobs).toEqual([expect.objectContaining({ phase: "waiting", action: "scan_check_single" })]),
  }),
  row("imageScan.byComponent", {
    arrange: scanned,
    call: ({ client }) => all(client.imageScan.byComponent({ component: "musl" })),
    gives: () => both,
  }),
  row("imageScan.byCve", {
    arrange: scanned,
    call: ({ client }) => all(client.imageScan.byCve({ cve: "CVE-2019-14697" })),
    gives: () => both,
  }),
  row("imageScan.byCve of none", {
    arrange: scanned,
    call: ({ client }) => all(client.imageScan.byCve({ cve: "CVE-1" })),
    gives: () => [],
  }),
  row("imageScan.byLayer", {
    arrange: scanned,
    call: ({ client }) => all(client.imageScan.byLayer({ layerid: appLayer })),
    gives: () => both,
  }),
  row("imageScan.byLicense", {
    arrange: scanned,
    call: ({ client }) => all(client.imageScan.byLicense({ license: "MIT", scanstatus: false })),
    gives: () => ["multi", "v1"].map((tag) => ({ scannedImage: summary(tag).scannedImage, shouldRescan: false })),
  }),
  row("imageScan.summary", {
    arrange: scanned,
    call: ({ client }) => client.imageScan.summary({ ...app, reference: "v1" }),
    gives: () => [summary("v1")],
  }),
  row("imageScan.summary of what was not scanned", {
    call: ({ client }) => client.imageScan.summary({ ...app, reference: "v2" }),
    gives: () => [expect.objectContaining({ scanStatus: 1, shouldRescan: true })],
  }),
  row("imageScan.exportSummary csv", {
    arrange: scanned,
    call: ({ client }) => client.imageScan.exportSummary({ ...app, tag: "v1", format: "csv" }),
    gives: () => ({
      contentType: expect.stringMatching(/^text\/csv/),
      text: expect.stringMatching(/^repository,.*\r\nteam\/app,v1,sha256:.*CVE-2019-14697,9.8,critical,"Overflow, in ""x87"" code"\r\n/),
    }),
  }),
  row("imageScan.exportSummary json", {
    arrange: scanned,
    call: async ({ client }) => {
      const { contentType, text } = await client.imageScan.exportSummary({ ...app, tag: "v1", format: "json" });
      return { contentType, json: JSON.parse(text) as unknown };
    },
    gives: () => ({
      contentType: expect.stringMatching(/^application\/json/),
      json: [expect.objectContaining({ scannedImage: expect.objectContaining({ tag: "v1" }) })],
    }),
  }),
  row("imageScan.summaries", {
    arrange: scanned,
    call: ({ client }) => client.imageScan.summaries({ images: [{ name: "team/app:v1", digest: scannedImage.digest }] }),
    gives: ({ state }) => ({ [state.switches.summaryKeys === "name" ? "team/app:v1" : scannedImage.digest]: counts }),
  }),
  row("imageScan.summaries of none", {
    call: ({ client }) => client.imageScan.summaries({ images: [{ name: "team/app:v1", digest: scannedImage.digest }] }),
    gives: () => ({}),
  }),
  row("imageScan.status", {
    call: ({ client }) => client.imageScan.status(),
    gives: () => ({
      state: 0,
      scannerVersion: 3,
      scannerUpdatedAt: now,
      dbVersion: 1,
      dbUpdatedAt: now,
      lastDBUpdateFailed: false,
      lastVulnOverridesDBUpdateFailed: false,
      replicas: { "000000000000": { scannerType: 1, version: ["3", "1"] } },
    }),
  }),
];
