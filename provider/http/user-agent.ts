// `require` and not `import`: package.json lies outside of the compiled folder, at the same distance from the source as from the compiled file.
const { version } = require("../../package.json") as { version: string };

export const defaultUserAgent = `registry-as-code/${version}`;
