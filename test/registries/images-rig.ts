import type { HttpClock } from "../../provider/http";
import type { ImageRegistry } from "../../provider/registries/image-registry";
import type { Clock, Sandbox } from "../sandbox";

/** What a test of an API's images has in hand. */
export interface ImagesRig<C> {
  readonly sandbox: Sandbox;
  readonly client: C;
  readonly images: ImageRegistry;
  readonly time: Clock;
  /** Another user's view. */
  as(username: string, secret: string): ImageRegistry;
  /** `METHOD path?query`, without what comes before the API's own part, since the last `forget`. */
  asked(): string[];
  /** Those that change something. */
  writes(): string[];
  forget(): void;
}

/** One API's part of it. */
export interface ImagesOf<C> {
  readonly sandbox: Sandbox;
  readonly time: Clock;
  /** Name and password, or token, of the first user. */
  readonly user: readonly [username: string, secret: string];
  readonly connect: (username: string, secret: string, clock: HttpClock) => { readonly client: C; readonly images: ImageRegistry };
  readonly asked: () => string[];
}

/** Runs a test on a sandbox, and closes the sandbox and all that was opened on it. Whoever sleeps moves its clock. */
export async function onImages<C>(
  { sandbox, time, user, connect, asked }: ImagesOf<C>,
  run: (rig: ImagesRig<C>) => Promise<void>,
): Promise<void> {
  const clock = sleepsMove(time);
  const open: ImageRegistry[] = [];
  const opened = (username: string, secret: string) => {
    const { client, images } = connect(username, secret, clock);
    open.push(images);
    return { client, images };
  };
  try {
    await run({
      sandbox,
      ...opened(...user),
      time,
      as: (username, secret) => opened(username, secret).images,
      asked,
      writes: () => asked().filter((line) => !/^(GET|HEAD) /.test(line)),
      forget: () => sandbox.control.clearRequests(),
    });
  } finally {
    for (const each of open) await each.close();
    await sandbox.close();
  }
}

/** A client's clock that is a sandbox's: whoever sleeps moves it. */
export function sleepsMove(time: Clock): HttpClock {
  return {
    now: () => time.now().getTime(),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      time.advance(milliseconds);
    },
  };
}
