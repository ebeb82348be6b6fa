/** An input of an action: `action.yml`, the parser and the README are held against this. */
export interface InputDeclaration {
  readonly description: string;
  readonly default?: string;
}

/** All inputs of an action, in the order in which they are shown. */
export type InputDeclarations<Name extends string = string> = Readonly<Record<Name, InputDeclaration>>;

/** The names of what is declared, in the declaration's order. (Object.keys is typed for any object; a declaration is a constant.) */
export const namesOf = <T extends object>(declared: T): readonly (keyof T & string)[] => Object.keys(declared) as (keyof T & string)[];
