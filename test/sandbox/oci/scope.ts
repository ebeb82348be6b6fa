/** One entry of a token's `access`. */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Scopes from any number of parameters, each with one or several separated by spaces; malformed ones are dropped. */
export function scopesOf(parameters: readonly string[]): Scope[] {
  return parameters.flatMap((parameter) => parameter.split(" ")).flatMap(scopeOf);
}

/** `type(class):name:action,action`. A name may hold a colon (host:port), so the type ends at the first and the actions start at the last. */
function scopeOf(text: string): Scope[] {
  const first = text.indexOf(":");
  const last = text.lastIndexOf(":");
  if (first <= 0 || last <= first) return [];
  const type = text.slice(0, first).replace(/\(.*\)$/, "");
  const actions = text.slice(last + 1).split(",");
  return [{ type, name: text.slice(first + 1, last), actions: actions.filter((action) => action !== "") }];
}
