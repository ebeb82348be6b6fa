import { redactor } from "../provider/http";
import { maskedForms } from "./secrets";
import type { AnyWorkflow } from "./workflow";

type Credentials = Parameters<typeof maskedForms>[0];

/** The secrets of a step: the runner hears of each before anything else is written, and they are taken out of whatever is logged. */
export class KnownSecrets {
  readonly #workflow: Pick<AnyWorkflow, "setSecret">;
  readonly #forms = new Set<string>();
  #redact = redactor([]);

  constructor(workflow: Pick<AnyWorkflow, "setSecret">) {
    this.#workflow = workflow;
  }

  add(credentials: Credentials): void {
    for (const form of maskedForms(credentials)) {
      if (this.#forms.has(form)) continue;
      this.#forms.add(form);
      this.#workflow.setSecret(form);
    }
    this.#redact = redactor(this.#forms);
  }

  readonly redact = (text: string): string => this.#redact(text);
}
