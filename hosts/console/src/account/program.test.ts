import { expect, it } from "vitest";
import { programOf } from "./program";

it("knows browsers that call themselves each other", () => {
  const edge =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0";
  expect(programOf(edge)).toEqual({ name: "Edge · Windows", mobile: false });
  const iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1";
  expect(programOf(iphone)).toEqual({ name: "Safari · iOS", mobile: true });
  expect(programOf("curl/8.5.0")).toEqual({ name: "curl/8.5.0", mobile: false });
  expect(programOf(undefined)).toEqual({ name: undefined, mobile: false });
});
