import { repositoryOf } from "./access";
import { bool, type Call, flag, form, parameter } from "./call";
import { Refusal, refusal } from "./errors";
import { dateText, type Route } from "./route";
import { SCANNER_VERSION, updateDatabase } from "./scanner-database";
import { allImages, chosenImages, resultOf, scanningEnabled, startScan } from "./scans";
import { services } from "./services";
import { pathOf } from "./world";

const path = "/api/v0/imagescan";

export const scanRoutes: readonly Route[] = [
  { method: "POST", path: `${path}/scan`, who: "admin", run: scanEverything },
  { method: "PUT", path: `${path}/scan/update`, who: "admin", run: update },
  { method: "POST", path: `${path}/scan/{namespace}/{repository}/{tag}/{os}/{arch}`, who: { repository: "read-write" }, run: scanOne },
  { method: "GET", path: `${path}/status`, who: "user", run: status },
];

/** `scan`: layers that were never scanned. `check`: those that were are compared with a newer database. */
function scanEverything(call: Call) {
  const { world } = call;
  scanningEnabled(world);
  const fields = form(call);
  const [scan, check] = [bool(fields, "scan") ?? false, bool(fields, "check") ?? false];
  for (const image of allImages(world)) {
    const isScanned = resultOf(world, image) !== undefined;
    if (isScanned ? check : scan) startScan(world, image, isScanned);
  }
  return { status: 200 };
}

function scanOne(call: Call) {
  const { world } = call;
  scanningEnabled(world);
  const repository = pathOf(repositoryOf(call, "read-write"));
  const [reference, os, arch] = [parameter(call, "tag"), parameter(call, "os"), parameter(call, "arch")];
  for (const image of chosenImages(world, { repository, reference, os, arch }, "NO_SUCH_TAG")) startScan(world, image);
  return { status: 200 };
}

/** From the vendor with `online=true`, else from a file that is sent along. */
function update(call: Call) {
  const { world, request } = call;
  if (world.switches.scanDatabase === "filling") {
    throw new Refusal(400, "SCANNING_DB_NOT_READY", "The database of vulnerabilities is not ready: try again later.");
  }
  if (!flag(call, "online", false)) {
    if (!/^multipart\/form-data; *boundary=/.test(request.headers["content-type"] ?? "")) throw refusal("UNSUPPORTED_MEDIA_TYPE");
    if (!/^content-disposition: form-data;.*\bname="file"/im.test(request.body.toString("latin1"))) {
      throw refusal("INVALID_PARAMETERS", "The form has no file.");
    }
  }
  updateDatabase(world);
  return { status: 200 };
}

function status({ world }: Call) {
  scanningEnabled(world);
  const { databaseVersion, databaseUpdatedAt, workers } = services(world);
  const updated = dateText(world, databaseUpdatedAt);
  const fingerprint = { scannerType: 1, version: [String(SCANNER_VERSION), String(databaseVersion)] };
  const json = {
    ...{ state: 0, scanner_version: SCANNER_VERSION, scannerUpdatedAt: updated, db_version: databaseVersion, db_updated_at: updated },
    ...{ lastDBUpdateFailed: false, lastVulnOverridesDBUpdateFailed: false },
    replicas: Object.fromEntries([...workers.keys()].map((id) => [id, fingerprint])),
  };
  return { status: 200, json };
}
