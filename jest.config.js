/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // Most of the time goes into processes and sockets, not into this one.
  maxWorkers: 2,
  testTimeout: 30_000,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.cache/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" }, sourceMaps: "inline" },
    ],
  },
};
