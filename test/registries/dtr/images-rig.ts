import { connectDtr, type DtrClient } from "../../../provider/registries/dtr";
import { type DtrImagesOptions, dtrImageRegistry } from "../../../provider/registries/dtr/images";
import { type Dtr, type SandboxDtrOptions, standingClock, startSandbox } from "../../sandbox";
import { type ImagesRig, onImages } from "../images-rig";

export const START = "2026-03-01T12:00:00.000Z";
export const DAY = 86_400_000;

export interface Rig extends ImagesRig<DtrClient> {
  readonly dtr: Dtr;
}

/** Runs a test on DTR's sandbox with an organization `team` and its repository `app`; whoever sleeps moves its clock. */
export async function onSandbox(given: SandboxDtrOptions, run: (rig: Rig) => Promise<void>, options: DtrImagesOptions = {}): Promise<void> {
  const time = standingClock(new Date(START));
  const sandbox = await startSandbox({
    apis: ["dtr"],
    clock: time,
    dtr: { organizations: { team: {} }, repositories: { "team/app": {} }, ...given },
  });
  const { dtr, info } = sandbox;
  if (!dtr || !info.dtr) throw new Error("the sandbox has no Docker Trusted Registry");
  const { url } = info.dtr;
  await onImages(
    {
      sandbox,
      time,
      user: [info.dtr.username, info.dtr.password],
      connect: (username, password, clock) => {
        const client = connectDtr({ url, username, password, clock, random: () => 0.5, env: {} });
        return { client, images: dtrImageRegistry(client, { clock, nonce: () => "4711", ...options }) };
      },
      asked: () =>
        sandbox.control
          .requests({ api: "dtr" })
          .filter(({ path }) => path !== "/auth/token")
          .map(({ method, path, query }) => `${method} ${path.replace("/api/v0/", "")}${query === "" ? "" : `?${query}`}`),
    },
    (rig) => run({ ...rig, dtr }),
  );
}
