import { withScheme } from "../../provider/http";

describe("an address without a scheme", () => {
  it.each([
    ["registry.example.com", "https://registry.example.com"],
    ["registry.example.com:80", "https://registry.example.com:80"],
    ["localhost", "http://localhost"],
    ["localhost:5000/v2", "http://localhost:5000/v2"],
    ["LOCALHOST:5000", "http://LOCALHOST:5000"],
    ["127.0.0.1", "http://127.0.0.1"],
    ["127.1.2.3:5000", "http://127.1.2.3:5000"],
    ["[::1]:5000", "http://[::1]:5000"],
    ["localhost.example.com", "https://localhost.example.com"],
    ["127.0.0.1.example.com", "https://127.0.0.1.example.com"],
    ["10.0.0.1:5000", "https://10.0.0.1:5000"],
    ["http://registry.example.com", "http://registry.example.com"],
    ["https://localhost", "https://localhost"],
  ])("%s means %s", (address, url) => {
    expect(withScheme(address)).toBe(url);
  });
});
