import { type Subject, withStack } from "./stack";

/** Bytes of the constant text by which state refers to the package. */
export const PROVIDER_TEXT_GOAL = 120;

export interface StateSize {
  /** `oci.Tag` */
  readonly type: string;
  /** The resource as it lies in the state, as JSON without blanks. */
  readonly bytes: number;
  readonly providerText: number;
  readonly goal: number;
  readonly met: boolean;
}

/** What one resource of each type takes in the state. */
export function measureState(subject: Subject): Promise<StateSize[]> {
  return withStack(subject, "types", {}, async (stack) => {
    const { resources } = await stack.export();
    return resources
      .filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"))
      .map((resource) => {
        const text = resource.outputs?.__provider;
        const providerText = typeof text === "string" ? Buffer.byteLength(text) : Number.NaN;
        return {
          type: resource.type.replace(/^.*\//, "").replace(":", "."),
          bytes: Buffer.byteLength(JSON.stringify(resource)),
          providerText,
          goal: PROVIDER_TEXT_GOAL,
          met: providerText < PROVIDER_TEXT_GOAL,
        };
      })
      .sort((a, b) => a.type.localeCompare(b.type));
  });
}
