export interface ByteRange {
  readonly first: number;
  /** The last byte, included. */
  readonly last: number;
}

/**
 * A `Range` header with one range of bytes. Undefined (send everything) when it is absent, of another unit, or several. A range that ends
 * before it starts is unsatisfiable here, as for distribution, though RFC 9110 would have it ignored.
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return first > last ? "unsatisfiable" : { first, last };
}

/** `Content-Range` of an upload's chunk, `<first>-<last>` as the specification writes it; undefined when it is no such thing. */
export function chunkRangeOf(header: string): ByteRange | undefined {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last)) return undefined;
  return { first: Number(first), last: Number(last) };
}
