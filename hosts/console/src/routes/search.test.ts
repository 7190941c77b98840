import { describe, expect, it } from "vitest";
import { inboxSearch } from "./inbox.search";
import { loginSearch } from "./login.search";

describe("what an address says", () => {
  it("leads from the log-in into this console only", () => {
    expect(loginSearch.parse({ next: "/inbox?lane=mine" }).next).toBe("/inbox?lane=mine");
    for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", 3]) {
      expect(loginSearch.parse({ next }).next).toBeUndefined();
    }
  });
  it("falls away where it is unknown", () => {
    expect(inboxSearch.parse({ lane: "mine", status: "GONE", assignee: "none", account: "x" })).toEqual({
      lane: "mine",
      status: undefined,
      assignee: "none",
      account: undefined,
    });
  });
});
