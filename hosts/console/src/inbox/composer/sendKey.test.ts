import { describe, expect, it } from "vitest";
import { sends } from "./sendKey";

const enter = {
  key: "Enter",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
};

describe("sending by keys", () => {
  it("is by Enter, with Shift for a new line", () => {
    expect(sends(enter, "enter")).toBe(true);
    expect(sends({ ...enter, shiftKey: true }, "enter")).toBe(false);
    expect(sends({ ...enter, ctrlKey: true }, "enter")).toBe(true);
  });
  it("is by Ctrl or Cmd with Enter for those who chose so", () => {
    expect(sends(enter, "mod-enter")).toBe(false);
    expect(sends({ ...enter, ctrlKey: true }, "mod-enter")).toBe(true);
    expect(sends({ ...enter, metaKey: true }, "mod-enter")).toBe(true);
  });
  it("is never while an input method composes", () => {
    for (const by of ["enter", "mod-enter"] as const) {
      expect(sends({ ...enter, metaKey: true, isComposing: true }, by)).toBe(false);
      expect(sends({ ...enter, metaKey: true, keyCode: 229 }, by)).toBe(false);
    }
  });
  it("is by no other key", () => {
    expect(sends({ ...enter, key: "a", metaKey: true }, "enter")).toBe(false);
    expect(sends({ ...enter, altKey: true }, "enter")).toBe(false);
  });
});
