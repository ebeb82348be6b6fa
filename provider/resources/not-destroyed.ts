/**
 * Why something that holds content is not destroyed, and the ways out. `what` and `held` as in `repository team/app` and `2 tags (v1, v2)`; `all`
 * is what `forceDelete` would take along.
 * What a replacement left over is deleted with the inputs that it had: no change to the program reaches it.
 */
export function notDestroyed(what: string, held: string, all: string): string {
  const ways = `Set forceDelete: true and run \`pulumi up\` before destroying it with ${all}, or keep it with retainOnDelete`;
  return `${what} holds ${held} and is not destroyed. ${ways}. If a replacement left it over, neither reaches it any more: delete that by hand, and run \`pulumi up\` again`;
}
