import { mkdtempSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Thousands of pushed images are tens of thousands of small files: on a disk they take three times as long. */
const ROOM = 2 ** 30;

/** A new folder in memory where there is room for a gigabyte, else where temporary files lie. The caller removes it. */
export function roomyFolder(prefix: string): string {
  return mkdtempSync(join(hasRoom("/dev/shm") ? "/dev/shm" : tmpdir(), prefix));
}

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ROOM;
  } catch {
    return false; // another system
  }
}
