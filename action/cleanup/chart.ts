import { bytes } from "./bytes";

/** A pie of bytes that stay and bytes that go, as GitHub draws it (Mermaid). No text of a registry is in it. Empty if there is nothing to draw. */
export function bytesChart(kept: number, freed: number, words: { readonly freed: string }): string {
  if (kept + freed <= 0) return "";
  // Mermaid refuses a slice of 0, and draws none below a percent.
  const slices = [
    { label: `stays: ${bytes(kept)}`, value: kept },
    { label: `${words.freed}: ${bytes(freed)}`, value: freed },
  ].filter(({ value }) => value > 0);
  const lines = slices.map(({ label, value }) => `    "${label}" : ${value}`);
  return ["```mermaid", "pie title Bytes", ...lines, "```", ""].join("\n");
}
