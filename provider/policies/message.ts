/**
 * A rule's message with its placeholders filled. What fills them is the rule's configuration, never a property of a resource: policies get
 * secrets in clear and without a mark, so any property may be one.
 */
export const fillIn = (message: string, values: Readonly<Record<string, string | number>>): string =>
  message.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));

/** What is reported in a preview for a resource that cannot be judged yet. Advisory, whatever the rule's level. */
export const notKnownMessage = (keys: readonly string[]): string =>
  `not known before up: ${keys.map((key) => `\`${key}\``).join(", ")}. The rule is checked again when it is known.`;
