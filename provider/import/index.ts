/**
 * Brings what exists on a registry under code: reads it and writes an import file for `pulumi import --file … --generate-code=false` beside a
 * program of the same resources, so that the preview that follows is empty. Nothing is changed on the server.
 */
export { importRegistry } from "./import-registry";
export type { ImportedResource, ImportOptions, ImportProgress, ImportResult, ImportSecret, SkippedObject } from "./types";
