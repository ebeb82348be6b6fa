import { type Case, later, right, UNKNOWN_FLAG, UNKNOWN_RECORD, UNKNOWN_TEXT, wrong } from "./case";
import { bareToken, token } from "./inputs";

export const tokens: readonly Case[] = [
  // tokens-expire
  wrong("tokensExpire", "a token without end", "selectel:Token", { ...bareToken, expiresAt: "never" }, "endless", token),
  wrong("tokensExpire", "a token that lives too long", "selectel:Token", { ...token, expiresIn: "91d" }, "late", {
    ...token,
    expiresIn: "90d",
  }),
  wrong("tokensExpire", "a token that ends too late", "selectel:Token", { ...bareToken, expiresAt: "2030-04-02T00:00:00Z" }, "late", {
    ...bareToken,
    expiresAt: "2030-04-01T00:00:00Z",
  }),
  wrong(
    "tokensExpire",
    "a shorter limit",
    "selectel:Token",
    token,
    "late",
    { ...token, expiresIn: "7d", rotateBefore: "1d" },
    {
      configuration: { days: 7 },
    },
  ),
  wrong("tokensExpire", "a simple token of a year", "selectel:BasicToken", { ttl: "1y" }, "year", { ttl: "12h" }),
  right(
    "tokensExpire",
    "a simple token of a year where a year is allowed",
    "selectel:BasicToken",
    { ttl: "1y" },
    { configuration: { days: 365 } },
  ),
  wrong("tokensExpire", "a token of DTR", "dtr:ApiToken", { label: "ci" }, "api", { label: "ci", rotationTriggers: { month: "2030-01" } }),
  right("tokensExpire", "a token of DTR that is not active", "dtr:ApiToken", { label: "ci", active: false }),
  right("tokensExpire", "an exception", "dtr:ApiToken", { label: "legacy-1" }, { configuration: { except: ["legacy-*"] } }),
  ...(["tokensExpire", "tokensAreRotated"] as const).flatMap((rule) => [
    right(
      rule,
      "an exception whose name is free text",
      "dtr:ApiToken",
      { label: "Jenkins (eu): deploy" },
      { configuration: { except: ["Jenkins (eu): *"] } },
    ),
    wrong(
      rule,
      "a name beside such an exception",
      "dtr:ApiToken",
      { label: "Jenkins (us): deploy" },
      "api",
      { label: "Jenkins (us): deploy", rotationTriggers: { n: "1" } },
      {
        configuration: { except: ["Jenkins (eu): *", "Jenkins: *"] },
      },
    ),
  ]),
  right(
    "noWriteTokenForAllRegistries",
    "an exception whose name is free text",
    "selectel:Token",
    { name: "Сборка №1", mode: "write", allRegistries: true, expiresIn: "30d" },
    { configuration: { except: ["Сборка №?"] } },
  ),
  later("tokensExpire", "a life that is not known", "selectel:Token", { ...token, expiresIn: UNKNOWN_TEXT }, ["expiresIn"]),
  later(
    "tokensExpire",
    "a name that may be an exception",
    "selectel:Token",
    { ...bareToken, name: UNKNOWN_TEXT, expiresAt: "never" },
    ["name"],
    {
      configuration: { except: ["legacy"] },
    },
  ),
  right("tokensExpire", "triggers of which one is not known", "dtr:ApiToken", { label: "ci", rotationTriggers: { id: UNKNOWN_TEXT } }),

  // no-write-token-for-all-registries
  wrong(
    "noWriteTokenForAllRegistries",
    "a write token for all",
    "selectel:Token",
    { name: "ci", mode: "write", allRegistries: true, expiresIn: "30d" },
    "all",
    { ...token, mode: "write" },
  ),
  right("noWriteTokenForAllRegistries", "a read token for all", "selectel:Token", { name: "ci", allRegistries: true, expiresIn: "30d" }),
  right(
    "noWriteTokenForAllRegistries",
    "an exception",
    "selectel:Token",
    { name: "admin", mode: "write", allRegistries: true, expiresIn: "30d" },
    { configuration: { except: ["admin"] } },
  ),
  {
    rule: "noWriteTokenForAllRegistries",
    what: "a simple token",
    resources: [{ type: "selectel:BasicToken", props: {} }],
    says: [[0, "basic"]],
  },
  right(
    "noWriteTokenForAllRegistries",
    "an allowed simple token",
    "selectel:BasicToken",
    {},
    { configuration: { allowBasicTokens: true } },
  ),
  later(
    "noWriteTokenForAllRegistries",
    "a mode that is not known",
    "selectel:Token",
    { name: "ci", mode: UNKNOWN_TEXT, allRegistries: true },
    ["mode"],
  ),
  right("noWriteTokenForAllRegistries", "a read token, whatever it reaches", "selectel:Token", {
    name: "ci",
    mode: "read",
    allRegistries: UNKNOWN_FLAG,
  }),

  // tokens-are-rotated
  wrong("tokensAreRotated", "a token that nothing rotates", "selectel:Token", { ...bareToken, expiresIn: "30d" }, "token", token),
  right("tokensAreRotated", "a token that triggers rotate", "selectel:Token", {
    ...bareToken,
    expiresIn: "30d",
    rotationTriggers: { n: "1" },
  }),
  wrong("tokensAreRotated", "a simple token of a year", "selectel:BasicToken", { ttl: "1y" }, "basic", { ttl: "12h" }),
  wrong("tokensAreRotated", "a token of DTR", "dtr:ApiToken", { label: "ci" }, "api", { label: "ci", rotationTriggers: { n: "1" } }),
  right("tokensAreRotated", "an exception", "dtr:ApiToken", { label: "ci" }, { configuration: { except: ["*", "!other"] } }),
  later("tokensAreRotated", "triggers that are not known", "dtr:ApiToken", { label: "ci", rotationTriggers: UNKNOWN_RECORD }, [
    "rotationTriggers",
  ]),
  right("tokensAreRotated", "a life at whose end it is rotated, whatever the triggers", "selectel:Token", {
    ...token,
    rotationTriggers: UNKNOWN_RECORD,
  }),
];
