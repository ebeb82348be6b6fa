import * as fc from "fast-check";
import {
  compareTimestamps,
  connectSelectel,
  dockerConfig,
  selectelOptionsFromEnv,
  timestampDate,
  timestampNanoseconds,
} from "../../../provider/registries/selectel";
import { apiRoot, authRoot } from "../../../provider/registries/selectel/urls";

describe("addresses are understood as people write them", () => {
  it.each([
    "https://cr.selcloud.ru/api",
    "https://cr.selcloud.ru/api/",
    "https://cr.selcloud.ru/api/v1",
    "https://cr.selcloud.ru/api/v2/",
    "https://cr.selcloud.ru:443/api//",
  ])("%s is the API", (url) => expect(apiRoot(url)).toBe("https://cr.selcloud.ru/api"));

  it.each([
    ["https://cloud.api.selcloud.ru/identity/v3"],
    ["https://cloud.api.selcloud.ru/identity/v3/"],
    ["https://cloud.api.selcloud.ru/identity/v3/auth/tokens"],
    ["https://cloud.api.selcloud.ru/identity/v3/auth/tokens/"],
    ["https://cloud.api.selcloud.ru/identity"],
  ])("%s is the identity service", (url) => expect(authRoot(url)).toBe("https://cloud.api.selcloud.ru/identity/v3"));

  it("one that is none is refused without telling what may be a password", () => {
    expect(() => connectSelectel({ apiUrl: "ftp://x", auth: { token: "t" } })).toThrow("https:// or http://");
    expect(() => connectSelectel({ apiUrl: "https://me:pass@x/api", auth: { token: "t" } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("pass@") }),
    );
  });
});

describe("where images lie", () => {
  const host = (options: object) => {
    const { registryHost, registryUrl, imagePrefix, endpoint } = connectSelectel({ auth: { token: "t" }, ...options });
    return [registryHost, registryUrl, imagePrefix("mine"), endpoint("mine")];
  };

  it("is the host of the API unless another is given", () => {
    expect(host({})).toEqual(["cr.selcloud.ru", "https://cr.selcloud.ru", "cr.selcloud.ru/mine", "https://cr.selcloud.ru/mine"]);
    expect(host({ apiUrl: "http://127.0.0.1:8080/api/v1" })).toEqual([
      "127.0.0.1:8080",
      "http://127.0.0.1:8080",
      "127.0.0.1:8080/mine",
      "http://127.0.0.1:8080/mine",
    ]);
    expect(host({ registryUrl: "http://127.0.0.1:5000/" })[0]).toBe("127.0.0.1:5000");
    expect(host({ registryUrl: "registry.example" })[1]).toBe("https://registry.example");
  });

  it("is where Docker gets its credentials for", () => {
    expect(dockerConfig("cr.selcloud.ru", "CRgAAA")).toEqual({ auths: { "cr.selcloud.ru": { auth: "dG9rZW46Q1JnQUFB" } } });
  });
});

describe("the environment", () => {
  const password = { accountId: "1", username: "u", password: "p" };
  const cases: [string, Record<string, string>, unknown][] = [
    [
      "of Terraform",
      {
        OS_DOMAIN_NAME: "1",
        OS_USERNAME: "u",
        OS_PASSWORD: "p",
        INFRA_PROJECT_ID: "i",
        OS_AUTH_URL: "https://a/v3",
        OS_USER_DOMAIN_NAME: "d",
      },
      { auth: { ...password, projectId: "i", authUrl: "https://a/v3", userDomainName: "d" } },
    ],
    [
      "of old Terraform",
      { OS_DOMAIN_NAME: "1", OS_USERNAME: "u", OS_PASSWORD: "p", SEL_PROJECT_ID: "i" },
      { auth: { ...password, projectId: "i" } },
    ],
    [
      "of the BroCodeX cleaners",
      { SEL_ACCOUNT_ID: "1", SEL_USERNAME: "u", SEL_PASSWORD: "p", SEL_PROJECT_NAME: "n" },
      { auth: { ...password, projectName: "n" } },
    ],
    [
      "of fussraider's UI",
      {
        SELECTEL_ACCOUNT_ID: "1",
        SELECTEL_USERNAME: "u",
        SELECTEL_PASSWORD: "p",
        SELECTEL_PROJECT_NAME: "n",
        SELECTEL_AUTH_URL: "https://a/v3/auth/tokens",
        SELECTEL_CRAAS_URL: "https://c/api/v1",
      },
      { auth: { ...password, projectName: "n", authUrl: "https://a/v3/auth/tokens" }, apiUrl: "https://c/api/v1" },
    ],
    ["with a token", { OS_TOKEN: "t", OS_USERNAME: "u" }, { auth: { token: "t" } }],
    ["with both tokens", { OS_TOKEN: "t", SELECTEL_TOKEN: "s" }, { auth: { token: "s" } }],
    [
      "that prefers the id of the project",
      { SELECTEL_ACCOUNT_ID: "1", OS_USERNAME: "u", SEL_PASSWORD: "p", SEL_PROJECT_NAME: "n", INFRA_PROJECT_ID: "i" },
      { auth: { ...password, projectId: "i" } },
    ],
  ];
  it.each(cases)("%s", (_, env, expected) => expect(selectelOptionsFromEnv(env)).toEqual(expected));

  it("that is incomplete gives no credentials and names what is missing", () => {
    const { auth, missing } = selectelOptionsFromEnv({ OS_USERNAME: "u", OS_PASSWORD: "", SELECTEL_CRAAS_URL: "https://c" });
    expect(auth).toBeUndefined();
    expect(missing).toEqual([
      "accountId (SELECTEL_ACCOUNT_ID, SEL_ACCOUNT_ID, OS_DOMAIN_NAME)",
      "password (SELECTEL_PASSWORD, SEL_PASSWORD, OS_PASSWORD)",
      expect.stringMatching(/^projectId \(.*INFRA_PROJECT_ID.*\) or projectName \(.*SEL_PROJECT_NAME.*\)$/),
    ]);
  });
});

describe("timestamps", () => {
  it("are read with any number of fraction digits", () => {
    expect(timestampNanoseconds("1970-01-01T00:00:01Z")).toBe(1_000_000_000n);
    expect(timestampNanoseconds("1970-01-01T00:00:01.5Z")).toBe(1_500_000_000n);
    expect(timestampNanoseconds("1970-01-01T02:00:00.000000001+02:00")).toBe(1n);
    expect(timestampDate("2022-05-17T22:37:17.011072851Z")?.toISOString()).toBe("2022-05-17T22:37:17.011Z");
  });

  it.each(["", "2022-05-17", "2022-02-30T00:00:00Z", "2022-05-17T22:37:17", "2022-05-17 22:37:17Z", "17.5.2022", "2022-13-01T00:00:00Z"])(
    "%j is none",
    (text) => {
      expect(timestampNanoseconds(text)).toBeUndefined();
      expect(timestampDate(text)).toBeUndefined();
    },
  );

  it("are compared as times, not as texts", () => {
    const order = [
      "nonsense",
      "2022-01-01T00:00:22Z",
      "2022-01-01T00:00:22.45Z",
      "2022-01-01T00:00:22.450000001Z",
      "2022-01-01T00:00:22.5Z",
    ];
    expect([...order].reverse().sort(compareTimestamps)).toEqual(order);
  });

  it("agree with Date", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }),
        (date) => {
          expect(timestampDate(date.toISOString())?.getTime()).toBe(date.getTime());
        },
      ),
    );
  });
});
