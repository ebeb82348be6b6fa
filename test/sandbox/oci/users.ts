/** What somebody may do in some repositories. */
export interface Right {
  /** A repository's name, or the beginning of names when it ends in `*`: `team/*`. */
  readonly repository: string;
  readonly actions: readonly ("pull" | "push" | "delete")[];
}

export interface OciUser {
  readonly password: string;
  /** Decides about a password in place of the comparison with `password`: for users who have several. */
  readonly accepts?: (password: string) => boolean;
  /** Default: everything, the catalog included. With rights the catalog is closed unless `catalog` is true. */
  readonly rights?: readonly Right[];
  readonly catalog?: boolean;
}

/** Whoever sends a request: a user, or nobody in particular with the rights of anonymous clients. */
export interface Principal {
  readonly name: string;
  readonly rights?: readonly Right[];
  readonly catalog?: boolean;
}

export interface Directory {
  readonly users: Readonly<Record<string, OciUser>>;
  /** What clients without credentials may do. Default: nothing. */
  readonly anonymous?: readonly Right[];
}

/** The user whose `Basic` credentials the header carries; `refused` for wrong ones; undefined when there are none. */
export function basicUser({ users }: Directory, header: string | undefined): Principal | "refused" | undefined {
  const [, encoded] = /^basic +(\S+)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [, name = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
  return passwordUser({ users }, name, password) ?? "refused";
}

export function passwordUser({ users }: Directory, name: string, password: string): Principal | undefined {
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  const accepted = user?.accepts ? user.accepts(password) : user?.password === password;
  return user && accepted ? principal(name, user) : undefined;
}

export function userByName({ users, anonymous }: Directory, name: string): Principal | undefined {
  if (name === "") return anonymous && { name, rights: anonymous };
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  return user && principal(name, user);
}

export function may({ rights, catalog }: Principal, action: string, repository: string | undefined): boolean {
  if (rights === undefined) return true;
  if (repository === undefined) return action === "catalog" && catalog === true;
  return rights.some((right) => reaches(right, repository) && right.actions.some((granted) => granted === action));
}

function principal(name: string, { rights, catalog }: OciUser): Principal {
  return { name, ...(rights && { rights }), ...(catalog !== undefined && { catalog }) };
}

function reaches({ repository: pattern }: Right, repository: string): boolean {
  return pattern.endsWith("*") ? repository.startsWith(pattern.slice(0, -1)) : pattern === repository;
}
