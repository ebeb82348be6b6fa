import { counted } from "./counted";

/** Different warnings that are remembered; there are not many, unless a text of the registry is in them. */
const most = 1_000;

/** Warnings of repositories. What holds for many of them is said once. */
export class Warnings {
  readonly #found = new Map<string, { readonly first: string; count: number }>();

  add(text: string, repository: string): void {
    const known = this.#found.get(text);
    if (known) known.count++;
    else if (this.#found.size < most) this.#found.set(text, { first: repository, count: 1 });
  }

  lines(): string[] {
    return [...this.#found].map(([text, { first, count }]) => {
      const others = count > 1 ? ` and ${counted(count - 1, "more repository", "more repositories")}` : "";
      return `${first}${others}: ${text}`;
    });
  }
}
