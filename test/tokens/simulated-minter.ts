import { MintedToken, type Receipt, type TokenMinter } from "../../provider/tokens";

export const secret = "s3cret-of-the-token";
export const receipt: Receipt = {
  type: "selectel",
  registry: "registry.example",
  id: "id-1",
  name: "deploy-1",
  expiresAt: "2026-01-01T01:00:00Z",
};

export interface Course {
  /** What a step throws; by default it goes well. */
  readonly prepare?: unknown;
  readonly mint?: unknown;
  readonly verify?: unknown;
  readonly revoke?: unknown;
  readonly find?: unknown;
  readonly sweep?: unknown;
  /** What is found under the name. */
  readonly found?: readonly Receipt[];
  readonly revoked?: "revoked" | "gone" | "lives";
  readonly warnings?: readonly string[];
  /** Called with each step's name before it is done. */
  readonly onStep?: (step: string) => void;
}

/** A minter without a registry, which writes down what is asked of it. */
export function simulatedMinter(course: Course = {}): TokenMinter & { readonly steps: string[] } {
  const steps: string[] = [];
  const step = (name: string, failure?: unknown) => {
    steps.push(name);
    course.onStep?.(name);
    if (failure !== undefined) throw failure;
  };
  return {
    steps,
    type: "selectel",
    registry: receipt.registry,
    prepare: async () => {
      step("prepare", course.prepare);
      return {
        expiresAt: receipt.expiresAt,
        notes: ["a note"],
        mint: async () => {
          step("mint", course.mint);
          return new MintedToken(secret, { receipt, username: "token", warnings: course.warnings ?? [] });
        },
        verify: async () => step("verify", course.verify),
      };
    },
    find: async (name) => {
      step(`find ${name}`, course.find);
      return course.found ?? [];
    },
    revoke: async ({ id }) => {
      step(`revoke ${id}`, course.revoke);
      return course.revoked ?? "revoked";
    },
    sweep: async () => {
      step("sweep", course.sweep);
      return course.found ?? [];
    },
    close: async () => step("close"),
  };
}
