import { connectionInputNames } from "../../action/connection-inputs";

interface Declared {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: unknown }>>;
  readonly outputs: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly description: string;
  readonly branding: unknown;
  readonly inputs: unknown;
  readonly outputs: object;
}

/** What is true of every action's manifest: it says what the program declares, and the Marketplace takes it. */
export function itDeclares(manifest: Manifest, { inputs, outputs }: Declared): void {
  it("declares every input and output of the program with its default and description, and no other", () => {
    expect(manifest.inputs).toEqual(
      Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { required: false, ...input }])),
    );
    expect(Object.keys(manifest.outputs)).toEqual(Object.keys(outputs));
  });

  it("is what the Marketplace takes", () => {
    expect(manifest.description.length).toBeLessThanOrEqual(125);
    expect(manifest.branding).toEqual({ icon: expect.any(String), color: "blue" });
  });
}

/** How every action spells what it declares. */
export function itSpells({ inputs, outputs }: Declared): void {
  it("are spelt in kebab case, with a sentence that says what they are, and defaults as text", () => {
    for (const [name, input] of Object.entries(inputs)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(input.description).toMatch(/^\S.{10,}\.$/);
      expect(["string", "undefined"]).toContain(typeof input.default);
    }
    for (const description of Object.values(outputs)) expect(description).toMatch(/^\S.+\.$/);
  });

  it("of the connection come first", () => {
    expect(Object.keys(inputs).slice(0, connectionInputNames.length)).toEqual(connectionInputNames);
  });
}
