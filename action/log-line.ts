/**
 * Text from a registry or GitHub as one line of a log that cannot be a workflow command and cannot move the cursor. The runner takes `::` for a
 * command at the start of a line (after white space), and `##[` anywhere in it (actions/runner, ActionCommand.cs).
 */
export function logLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Cs}]/gu, "\u{fffd}") // invisible ones, which can turn the direction around, and halves of characters
    .replaceAll("##[", "## [")
    .replace(/^\s*::/, (start: string) => `${start.slice(0, -1)} :`);
}
