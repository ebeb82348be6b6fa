/**
 * Throws in `.get` of what is only done and leaves no object of its own on the server: the zeros and empty texts that there would be to give look like an answer.
 * `.get` knows none of the inputs; a state, and an attempt that was cut off, know them all.
 */
export function expectState({ tag }: { readonly tag?: string }, instead: string): void {
  if (tag === undefined) throw new Error(`it cannot be read by .get: the server keeps no such object. ${instead}`);
}
