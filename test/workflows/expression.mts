import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** What expressions can see: `github`, `secrets`, `vars`, `matrix`, `steps`, `needs`, … */
export type Contexts = Readonly<Record<string, unknown>>;

/** The functions of `if`: how the job, or the jobs that it needs, went so far. */
export interface Status {
  readonly failed: boolean;
  readonly cancelled: boolean;
}

/** A function as the library takes it; it does not export the type by name. */
type Call = NonNullable<ConstructorParameters<typeof Evaluator>[2]> extends Map<string, infer Definition> ? Definition : never;

/** A text with `${{ … }}` in it. */
export function fill(text: string, contexts: Contexts, status?: Status): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => evaluate(expression, contexts, status).coerceString());
}

/** The condition of a job or step: an expression with or without `${{ }}`; without a status function, `success()` is meant, too. */
export function holds(condition: string | undefined, contexts: Contexts, status: Status): boolean {
  const expression = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asked = /\b(success|failure|always|cancelled)\s*\(/.test(expression) ? expression : `success() && (${expression})`;
  return truthy(evaluate(asked, contexts, status));
}

function truthy(value: data.ExpressionData): boolean {
  if (value instanceof data.BooleanData) return value.value;
  if (value instanceof data.Null) return false;
  if (value instanceof data.NumberData) return value.value !== 0;
  if (value instanceof data.StringData) return value.value !== "";
  return true;
}

function evaluate(
  expression: string,
  contexts: Contexts,
  { failed, cancelled }: Status = { failed: false, cancelled: false },
): data.ExpressionData {
  const functions = new Map<string, Call>(
    Object.entries({ success: !failed && !cancelled, failure: failed, always: true, cancelled }).map(([name, value]) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) },
    ]),
  );
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), [...functions.values()]).parse();
  // The library's own way from JSON to its values.
  const known: data.Dictionary = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, known, functions).evaluate();
}
