import { expect, it } from "vitest";
import { linkToken } from "./linkToken";

it("reads the token of a link and nothing else", () => {
  expect(linkToken("#token=hcl_abc")).toBe("hcl_abc");
  expect(linkToken("token=hcl_abc&x=1")).toBe("hcl_abc");
  expect(linkToken("#token=%20")).toBeUndefined();
  expect(linkToken("#other=1")).toBeUndefined();
  expect(linkToken("")).toBeUndefined();
});
