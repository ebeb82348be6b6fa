/** A word as a shell takes it. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A command line with the options that were given; those that read standard input are named again, so that nobody forgets them. */
export function commandLine(
  words: readonly string[],
  options: Readonly<Record<string, string | undefined>>,
  { passwordStdin, tokenStdin }: { readonly passwordStdin?: unknown; readonly tokenStdin?: unknown },
): string {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
  const piped = [...(passwordStdin ? ["--password-stdin", "--yes"] : []), ...(tokenStdin ? ["--token-stdin", "--yes"] : [])];
  return [...words, ...given, ...piped].map(shellWord).join(" ");
}
