// Answers every request with the same 700 bytes of JSON, as cheaply as Node can, so that the client's cost is what is measured.
// Prints its port, and ends when its parent does.
import { createServer } from "node:net";

const body = JSON.stringify({ digest: `sha256:${"0".repeat(64)}`, size: 700, tags: ["v1", "v2"], padding: "" }).replace(
  /""\}$/,
  (end) => `"${"x".repeat(700 - 117)}"${end.slice(-1)}`,
);
const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
const answer = Buffer.from(head + body);

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.on("data", (request) => {
    // Requests have no body and come one at a time on each connection: nothing is pipelined.
    if (request.toString("latin1").endsWith("\r\n\r\n")) socket.write(answer);
  });
  socket.on("error", () => socket.destroy());
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit());
