import { table } from "../table";
import type { CleanupBench } from "./index";
import type { Planner } from "./planner";
import type { Contender, Planning } from "./planning";
import type { Bundle, StartUp } from "./start-up";

/** Text for people of what was measured. */
export function cleanupText({ missing, startUp, bundle, planner, planning }: Partial<CleanupBench>): string {
  return [
    ...(missing ?? []).map((line) => `\n${line}`),
    ...(missing && missing.length > 0 ? ["\n"] : []),
    startUp ? startUpText(startUp) : "",
    bundle ? bundleText(bundle) : "",
    planner ? plannerText(planner) : "",
    ...(planning ?? []).map(planningText),
  ].join("");
}

const startUpText = ({ ours, empty, difference, goal, met }: StartUp) =>
  `\nCleanup action: start until its first connection, beside an action with nothing but @actions/core, milliseconds\n${table(
    ["", "ours", "empty", "difference", "goal", ""],
    [["start", ours.toFixed(0), empty.toFixed(0), difference.toFixed(0), `<= ${goal}`, verdict(met)]],
  )}`;

const bundleText = ({ bytes, empty, goal, undici, met }: Bundle) =>
  `\nCleanup action: its bundle\n${table(
    ["", "bytes", "empty", "goal", "copies of undici", ""],
    [["bundle", String(bytes), String(empty), `< ${goal}`, String(undici), verdict(met)]],
  )}`;

const plannerText = (planner: readonly Planner[]) =>
  `\nCleanup planner alone, in a new process\n${table(
    ["registry", "digests to go", "CPU ms before", "CPU ms", "goal", "peak MB", "goal", ""],
    planner.map(({ registry, planned, before, cpu, peak, goal, met }) => [
      registry,
      String(planned),
      before?.toFixed(0) ?? "",
      cpu?.toFixed(0) ?? "",
      goal.cpu === undefined ? "" : `< ${goal.cpu}`,
      megabytes(peak),
      goal.peak === undefined ? "" : `< ${megabytes(goal.peak)}`,
      verdict(met),
    ]),
  )}`;

function planningText({ server, tags, images, ceiling, ours, goal, met, peers, apart }: Planning): string {
  const row = ({ name, seconds, requests, cpu, peak, share }: Contender, end: readonly string[]) => [
    name,
    seconds.toFixed(2),
    String(requests),
    cpu?.toFixed(2) ?? "",
    peak === undefined ? "" : megabytes(peak),
    share === undefined ? "" : percent(share),
    ...end,
  ];
  const verdictOfOurs = ceiling ? [`>= ${percent(goal)}`, verdict(met)] : ["", "no wrk"];
  const rates = ceiling && `${ceiling.manifests.toFixed(0)} manifests/s, ${ceiling.configs.toFixed(0)} configs/s`;
  const place = apart ? ", which has a processor of its own" : ", which shares the processors with those who ask it";
  return `\nCleanup: the age of ${tags} tags over ${images} images on ${server}${place}${rates ? `; wrk gets ${rates}` : ""}\n${table(
    ["", "seconds", "requests", "CPU s", "peak MB", "of the ceiling", "goal", ""],
    [
      ...(ceiling ? [["ceiling (wrk)", ceiling.seconds.toFixed(2), String(tags + images), "", "", "100 %", "", ""]] : []),
      row(ours, verdictOfOurs),
      ...peers.map((peer) => row(peer, ["", ""])),
    ],
  )}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
const verdict = (met: boolean): string => (met ? "met" : "MISSED");
