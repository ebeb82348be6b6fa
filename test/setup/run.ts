/** Runs a command quietly: its output is told only when it fails, and then its end. */
import { spawn } from "node:child_process";
import type { Run } from "./step";

const TOLD = 2_000; // characters of output in an error

export const run: Run = (command, args, options = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, all] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      all += text;
    });
    child.once("error", (error) => {
      const missing = "code" in error && error.code === "ENOENT";
      reject(new Error(missing ? `${command} is not installed on this machine` : error.message));
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}:\n${all.trim().slice(-TOLD)}`));
    });
  });
