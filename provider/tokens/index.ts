/** Scoped, short-lived registry tokens: minted, verified, ended, swept. Knows nothing of GitHub Actions. */

export { type LoginFiles, type LoginPlace, loginConfig, removeDockerLogin, writeDockerLogin } from "./docker-login";
export { dtrTokens } from "./dtr/minter";
export { type Ended, type EndSteps, endToken } from "./end-token";
export { type IssueSteps, issueToken } from "./issue-token";
export { MintedToken } from "./minted-token";
export type { TokenMinter, TokenOrder } from "./minter";
export { ociTokens } from "./oci/minter";
export { type Permission, permissions, type TokenRequest } from "./request";
export { type RequestProblem, TokenRequestError } from "./request-error";
export { type RequestPlace, requestProblems } from "./request-problems";
export { type SelectelTokens, selectelTokens } from "./selectel/minter";
export { sweepLeftovers } from "./sweep-tokens";
export { customTokenName, defaultTokenName, familyOf, parseTokenName, type RandomBytes, type Run, type TokenName } from "./token-name";
export { formatTokenState, parseTokenState, type Receipt, type TokenState, type TokenType, tokenTypes } from "./token-state";
export { withoutTokens } from "./without-tokens";
export { WrongToken } from "./wrong-token";
