/**
 * What a violation does: `mandatory` stops the preview, `advisory` is shown, `disabled` is not looked at, and `remediate` puts the input right and
 * says so; what cannot be put right stops the preview then.
 */
export type Level = "advisory" | "mandatory" | "remediate" | "disabled";

export type Severity = "low" | "medium" | "high" | "critical";

/** Of a rule that cannot put anything right. */
export type PlainLevel = Exclude<Level, "remediate">;

/** A rule's level, or its configuration with or without one. */
export type Setting<Configuration, Allowed extends Level = PlainLevel> = Allowed | ({ level?: Allowed } & Configuration);
