import { connectOci, parseRepository } from "../../../provider/registries/oci";
import { later, scripted } from "./scripted";

describe("a registry's address", () => {
  it.each([
    ["https://r.example.com", "https://r.example.com"],
    ["https://r.example.com/", "https://r.example.com"],
    ["r.example.com:5000", "https://r.example.com:5000"],
    ["localhost:5000", "http://localhost:5000"],
    ["127.0.0.1:5000", "http://127.0.0.1:5000"],
    ["https://r.example.com/prefix", "https://r.example.com/prefix"],
    ["docker.io", "https://registry-1.docker.io"],
    ["https://index.docker.io/v1/", "https://registry-1.docker.io"],
  ])("%s means %s", (url, expected) => {
    const client = connectOci({ url });
    later(() => client.close());
    expect(client.url).toBe(expected);
  });

  it.each(["ftp://r.example.com", "https://me:secret-1@r.example.com", "https://r.example.com?x=1", "https://"])(
    "%s is none, and the error repeats no password",
    (url) => {
      expect(() => connectOci({ url })).toThrow(TypeError);
      expect(() => connectOci({ url })).not.toThrow("secret-1");
    },
  );

  it("may have a path, below which everything lies", async () => {
    const server = await scripted(() => ({ json: { tags: [] } }));
    const client = connectOci({ url: `${server.url}/artifactory/api/docker/local`, env: {} });
    later(() => client.close());
    await client.ping();
    await Array.fromAsync(client.tags(parseRepository("a/b")));
    expect(server.lines()).toEqual(["GET /artifactory/api/docker/local/v2/", "GET /artifactory/api/docker/local/v2/a/b/tags/list?n=1000"]);
  });
});
