import { DeadlineExceeded, databaseFile, ScanFailed, waitForScan } from "../../../provider/registries/dtr";
import type { Reply } from "../selectel/scripted-server";
import { connected, failure } from "./connected";
import { all, describeRows } from "./rows";

const notEnabled = [400, "SCANNING_NOT_ENABLED"] as const;
const forbidden = [403, "NOT_AUTHORIZED"] as const;
const override = {
  pk: "pk1",
  digest: "sha256:aa",
  component: "openssl",
  componentVersion: "1.0.2",
  cve: "CVE-2016-0800",
  notes: "not used",
};
const counts = { critical: 1, major: 2, minor: 3 };
const scanned = {
  pk: "p1",
  namespace: "alpha",
  repository: "nginx",
  tag: "latest",
  manifestDigest: "sha256:bb",
  totalVulnCount: counts,
  licenses: [{ name: "MIT", url: "https://mit", type: "permissive" }],
  layers: [{ digest: "sha256:aa", mediaType: "application/x", author: "me", size: 5, components: ["c1"] }],
  components: [
    {
      componentPK: "c1",
      vulnCount: counts,
      name: "openssl",
      version: "1.0.2",
      filepaths: ["/lib"],
      cves: ["CVE-1"],
      licenses: ["MIT"],
      source: "dpkg",
    },
  ],
  cves: [{ cvePK: "CVE-1", summary: "bad", cvss: 9.8, notes: "" }],
  maxCVSSValue: 9.8,
  scannerFingerprint: { scannerType: 1, version: ["3"] },
  vulnOverrides: [override],
};
const summary = { scannedImage: scanned, shouldRescan: false, scanStatus: 6 };
const emptied = Object.fromEntries(
  Object.entries(scanned).map(([key, value]) => [
    key,
    Array.isArray(value) || key === "totalVulnCount" || key === "scannerFingerprint" ? null : value,
  ]),
);
const byWhat = { scanstatus: false };
const ofImage = { namespace: "alpha", repository: "nginx", tag: "latest" };
const list = (name: string, path: string, run: Parameters<typeof describeRows>[1][number]["run"]) => ({
  name,
  line: `GET /api/v0/imagescan/scansummary/${path}?scanstatus=false&pageSize=100`,
  reply: { json: [summary, summary, { ...summary, scannedImage: { ...scanned, pk: "p2" } }] },
  run,
  gives: [summary, { ...summary, scannedImage: { ...scanned, pk: "p2" } }],
  errors: [notEnabled, [404, name.endsWith("Layer") ? "NO_SUCH_LAYER" : "NO_SUCH_TAG"] as const],
});

describe("image scanning on the wire", () => {
  describeRows(
    ["imageScan"],
    [
      {
        name: "imageScan.listOverrides",
        line: "GET /api/v0/imagescan/layeroverride",
        reply: { json: [override] },
        run: (client) => client.imageScan.listOverrides(),
        gives: [override],
        errors: [forbidden],
      },
      {
        name: "imageScan.setOverride",
        line: "POST /api/v0/imagescan/layeroverride/sha256%3Aaa",
        body: { component: "openssl", componentVersion: "1.0.2", cve: "CVE-2016-0800", notes: "not used" },
        reply: {},
        run: (client) =>
          client.imageScan.setOverride({
            id: "sha256:aa",
            component: "openssl",
            componentVersion: "1.0.2",
            cve: "CVE-2016-0800",
            notes: "not used",
          }),
        gives: undefined,
        errors: [[400, "INVALID_SETTINGS"], forbidden, [404, "NO_SUCH_LAYER"], [500, "INTERNAL_ERROR"]],
      },
      {
        name: "imageScan.deleteOverride",
        line: "DELETE /api/v0/imagescan/layeroverride/pk1",
        reply: {},
        run: (client) => client.imageScan.deleteOverride({ id: "pk1" }),
        gives: undefined,
        errors: [forbidden, [404, "NO_SUCH_LAYER"]],
      },
      {
        name: "imageScan.legacySummary",
        line: "GET /api/v0/imagescan/repositories/alpha/nginx/latest?detailed=true&os=linux&arch=amd64",
        reply: {
          json: [
            {
              namespace: "alpha",
              reponame: "nginx",
              tag: "latest",
              ...counts,
              last_scan_status: 6,
              check_completed_at: "2019-01-01T00:00:00Z",
              should_rescan: true,
              has_foreign_layers: false,
              layer_details: [
                {
                  sha256sum: "aa",
                  components: [
                    {
                      component: "openssl",
                      version: "1",
                      vulns: [{ vuln: { cve: "CVE-1", cvss: 9.8, summary: "bad" }, exact: true, notes: [{ reason: "r", type: "t" }] }],
                      fullpath: ["/lib"],
                      license: { name: "MIT", type: "permissive", url: "https://mit" },
                    },
                  ],
                },
                { sha256sum: "bb", components: null },
              ],
            },
          ],
        },
        run: (client) => client.imageScan.legacySummary({ ...ofImage, detailed: true, os: "linux", arch: "amd64" }),
        gives: [
          {
            ...ofImage,
            ...counts,
            lastScanStatus: 6,
            checkCompletedAt: "2019-01-01T00:00:00Z",
            shouldRescan: true,
            hasForeignLayers: false,
            layerDetails: [
              {
                sha256sum: "aa",
                components: [
                  {
                    component: "openssl",
                    version: "1",
                    vulns: [{ cve: "CVE-1", cvss: 9.8, summary: "bad", exact: true, notes: [{ reason: "r", type: "t" }] }],
                    fullpath: ["/lib"],
                    license: { name: "MIT", type: "permissive", url: "https://mit" },
                  },
                ],
              },
              { sha256sum: "bb", components: [] },
            ],
          },
        ],
        errors: [notEnabled, [404, "NO_SUCH_TAG"]],
      },
      {
        name: "imageScan.scanAll",
        line: "POST /api/v0/imagescan/scan",
        body: { scan: false, check: true },
        reply: {},
        run: (client) => client.imageScan.scanAll({ scan: false, check: true }),
        gives: undefined,
        errors: [notEnabled, forbidden],
      },
      {
        name: "imageScan.updateDatabase",
        line: "PUT /api/v0/imagescan/scan/update?online=true",
        reply: {},
        run: (client) => client.imageScan.updateDatabase({ online: true }),
        gives: undefined,
        errors: [[400, "SCANNING_DB_NOT_READY"], forbidden],
      },
      {
        name: "imageScan.scan",
        line: "POST /api/v0/imagescan/scan/alpha/nginx/latest/linux/amd64",
        reply: {},
        run: (client) => client.imageScan.scan({ ...ofImage, os: "linux", arch: "amd64" }),
        gives: undefined,
        errors: [notEnabled, [404, "NO_SUCH_TAG"]],
      },
      list("imageScan.byComponent", "component/a%2Fb", (client) => all(client.imageScan.byComponent({ component: "a/b", ...byWhat }))),
      list("imageScan.byCve", "cve/CVE-1", (client) => all(client.imageScan.byCve({ cve: "CVE-1", ...byWhat }))),
      list("imageScan.byLayer", "layer/sha256%3Aaa", (client) => all(client.imageScan.byLayer({ layerid: "sha256:aa", ...byWhat }))),
      list("imageScan.byLicense", "license/GPL%20v2", (client) => all(client.imageScan.byLicense({ license: "GPL v2", ...byWhat }))),
      {
        name: "imageScan.summary",
        line: "GET /api/v0/imagescan/scansummary/repositories/alpha/nginx/sha256%3Abb?scanstatus=true&os=linux&arch=amd64",
        reply: { json: [summary, { scannedImage: emptied }] },
        run: (client) =>
          client.imageScan.summary({
            namespace: "alpha",
            repository: "nginx",
            reference: "sha256:bb",
            scanstatus: true,
            os: "linux",
            arch: "amd64",
          }),
        gives: [
          summary,
          {
            scannedImage: {
              ...scanned,
              totalVulnCount: { critical: 0, major: 0, minor: 0 },
              licenses: [],
              layers: [],
              components: [],
              cves: [],
              scannerFingerprint: undefined,
              vulnOverrides: [],
            },
            shouldRescan: false,
          },
        ],
        errors: [notEnabled, [404, "NO_SUCH_REF"]],
      },
      {
        name: "imageScan.exportSummary",
        line: "GET /api/v0/imagescan/scansummary/repositories/alpha/nginx/latest/export?scanstatus=true&os=linux&arch=amd64",
        reply: { text: "cve,cvss\nCVE-1,9.8\n", headers: { "content-type": "text/csv" } },
        run: (client) => client.imageScan.exportSummary({ ...ofImage, format: "csv", scanstatus: true, os: "linux", arch: "amd64" }),
        gives: { contentType: "text/csv", text: "cve,cvss\nCVE-1,9.8\n" },
        errors: [
          [400, "INVALID_PARAMETERS"],
          [404, "NO_SUCH_TAG"],
        ],
      },
      {
        name: "imageScan.summaries",
        line: "POST /api/v0/imagescan/scansummary/tags",
        body: { images: [{ name: "alpha/nginx:latest", digest: "sha256:bb" }] },
        reply: { json: { images: { "sha256:bb": counts, "sha256:cc": null } } },
        run: (client) => client.imageScan.summaries({ images: [{ name: "alpha/nginx:latest", digest: "sha256:bb" }] }),
        gives: { "sha256:bb": counts, "sha256:cc": { critical: 0, major: 0, minor: 0 } },
        errors: [[400, "INVALID_PARAMETERS"]],
      },
      {
        name: "imageScan.status",
        line: "GET /api/v0/imagescan/status",
        reply: {
          json: {
            state: 1,
            scanner_version: 3,
            scannerUpdatedAt: "2026-01-01T00:00:00Z",
            db_version: 9,
            db_updated_at: "0001-01-01T00:00:00Z",
            lastDBUpdateFailed: false,
            lastVulnOverridesDBUpdateFailed: true,
            replicas: { r1: { scannerType: 1, version: null } },
          },
        },
        run: (client) => client.imageScan.status(),
        gives: {
          state: 1,
          scannerVersion: 3,
          scannerUpdatedAt: "2026-01-01T00:00:00Z",
          dbVersion: 9,
          lastDBUpdateFailed: false,
          lastVulnOverridesDBUpdateFailed: true,
          replicas: { r1: { scannerType: 1, version: [] } },
        },
        errors: [notEnabled],
      },
    ],
  );
});

describe("an exported summary", () => {
  it.each([
    ["csv", "text/csv"],
    ["json", "application/json"],
  ] as const)("is asked for as %s, and given as it comes", async (format, type) => {
    await connected(
      () => ({ text: "\u00fc\n", headers: { "content-type": `${type}; charset=utf-8` } }),
      async ({ client, server }) => {
        expect(await client.imageScan.exportSummary({ ...ofImage, format })).toEqual({
          contentType: `${type}; charset=utf-8`,
          text: "\u00fc\n",
        });
        expect(server.seen[0]?.headers.accept).toBe(type);
        expect(server.seen[0]?.url).not.toContain("format");
      },
    );
  });

  it("comes in no other format", async () => {
    await connected(
      () => ({}),
      async ({ client }) => {
        const error = await failure(client.imageScan.exportSummary({ ...ofImage, format: "xml" as "csv" }));
        expect(error).toMatchObject({ kind: "request" });
        expect(error.message).toContain("must be csv or json");
      },
    );
  });

  it("is not the web page of a proxy", async () => {
    await connected(
      () => ({ text: "<html><title>Log in</title></html>", headers: { "content-type": "text/html" } }),
      async ({ client }) =>
        expect(await failure(client.imageScan.exportSummary({ ...ofImage, format: "csv" }))).toMatchObject({ kind: "answer" }),
    );
  });
});

describe("a vulnerability database from a file", () => {
  const pieces = ["tar ", "archive", "\r\n--not the boundary"];
  const length = pieces.join("").length;
  const open = async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  };

  it.each([{ length }, {}])("goes out as a form with the field file, %j", async (size) => {
    await connected(
      () => ({}),
      async ({ client, server }) => {
        await client.imageScan.updateDatabase({ body: databaseFile({ open, name: 'a"b.tar', ...size }) });
        const [seen] = server.seen;
        expect(`${seen?.method} ${seen?.url}`).toBe("PUT /api/v0/imagescan/scan/update");
        const form = await new Response(seen?.body, { headers: { "content-type": String(seen?.headers["content-type"]) } }).formData();
        const file = form.get("file") as File;
        expect([...form.keys()]).toEqual(["file"]);
        expect(file.name).toBe('a"b.tar');
        expect(await file.text()).toBe(pieces.join(""));
        if ("length" in size) expect(seen?.headers["content-length"]).toBe(String(seen?.body.length));
        else expect(seen?.headers["transfer-encoding"]).toBe("chunked");
      },
    );
  });

  it("is read from its beginning once more where the first upload was lost", async () => {
    let opened = 0;
    await connected(
      (_, index) => (index === 0 ? { reset: true } : {}),
      async ({ client, server }) => {
        const again = () => {
          opened++;
          return open();
        };
        await client.imageScan.updateDatabase({ body: databaseFile({ open: again, length }) });
        expect(opened).toBe(2);
        expect(server.seen[1]?.body).toContain(pieces.join(""));
      },
    );
  });

  it.each([{}, { online: false }, { online: true, body: databaseFile({ open }) }])("either a file or online: %j", async (given) => {
    await connected(
      () => ({}),
      async ({ client, server }) => {
        expect((await failure(client.imageScan.updateDatabase(given))).message).toContain("give either online: true or a file");
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("what cannot be right is not sent", () => {
  it.each([
    ["neither scan nor check", "scanAll", { scan: false, check: false }],
    ["no images", "summaries", { images: [] }],
  ] as const)("%s", async (_, operation, given) => {
    await connected(
      () => ({}),
      async ({ client, server }) => {
        const call = client.imageScan[operation] as (parameters: unknown) => Promise<unknown>;
        expect(await failure(call(given))).toMatchObject({ kind: "request" });
        expect(server.seen).toEqual([]);
      },
    );
  });
});

describe("waitForScan", () => {
  const image = { namespace: "alpha", repository: "nginx", reference: "latest" };
  /** Looks one after the other: the status of each platform. */
  const looks =
    (...statuses: readonly (number | undefined)[][]) =>
    (_: unknown, index: number): Reply => ({
      json: (statuses[Math.min(index, statuses.length - 1)] ?? []).map((scanStatus) => ({ ...summary, scanStatus })),
    });

  it("ends when every platform is completed", async () => {
    await connected(looks([], [1, 3], [2, undefined], [4, 6], [5, 6], [6, 6]), async ({ client, server, clock }) => {
      expect(await waitForScan(client, image, { deadline: 600_000, clock })).toEqual([summary, summary]);
      expect(server.seen).toHaveLength(6);
      expect(server.lines()[0]).toBe("GET /api/v0/imagescan/scansummary/repositories/alpha/nginx/latest?scanstatus=true");
    });
  });

  it("asks for one platform where one is meant", async () => {
    await connected(looks([6]), async ({ client, server, clock }) => {
      await waitForScan(client, { ...image, os: "linux", arch: "arm64" }, { deadline: 1, clock });
      expect(server.lines()[0]).toContain("?scanstatus=true&os=linux&arch=arm64");
    });
  });

  it("fails when one failed and none is under way", async () => {
    await connected(looks([0, 2], [0, 6]), async ({ client, clock }) => {
      const error = await failure(waitForScan(client, image, { deadline: 600_000, clock }));
      expect(error).toBeInstanceOf(ScanFailed);
      expect(error).toMatchObject({ summaries: [{ scanStatus: 0 }, { scanStatus: 6 }] });
      expect(error.message).toContain("alpha/nginx:latest");
    });
  });

  it.each([
    [[2, 5], "scanning, checking"],
    [[], "not seen"],
    [[99], "status 99"],
  ])("ends with its deadline: %j", async (statuses, seen) => {
    await connected(looks(statuses), async ({ client, clock }) => {
      const error = await failure(waitForScan(client, { ...image, reference: "sha256:bb" }, { deadline: 30_000, clock }));
      expect(error).toBeInstanceOf(DeadlineExceeded);
      expect(error.message).toContain(`alpha/nginx@sha256:bb is not completed (${seen}) after 30 s`);
    });
  });

  it("says when scanning is off", async () => {
    await connected(
      () => ({ status: 400, json: { errors: [{ code: "SCANNING_NOT_ENABLED" }] } }),
      async ({ client, clock }) =>
        expect(await failure(waitForScan(client, image, { deadline: 1000, clock }))).toMatchObject({ code: "SCANNING_NOT_ENABLED" }),
    );
  });
});
