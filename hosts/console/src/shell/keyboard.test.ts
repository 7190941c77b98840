import { describe, expect, it } from "vitest";
import { chordOf } from "./keyboard";

const press = (facts: Partial<KeyboardEvent>) =>
  ({
    key: "",
    code: "",
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    isComposing: false,
    ...facts,
  }) as KeyboardEvent;

describe("a chord", () => {
  it("goes by the place of the key, whatever the layout writes there", () => {
    expect(chordOf(press({ code: "KeyJ", key: "่", altKey: true }), true)).toBe("Alt+J");
    expect(chordOf(press({ code: "KeyK", key: "า", ctrlKey: true }), true)).toBe("Mod+K");
    expect(chordOf(press({ code: "KeyK", key: "k", metaKey: true }), false)).toBe("Mod+K");
  });
  it("is no plain letter", () => {
    expect(chordOf(press({ code: "KeyE", key: "e" }), false)).toBeUndefined();
    expect(chordOf(press({ code: "KeyE", key: "E", shiftKey: true }), false)).toBeUndefined();
  });
  it("is no letter with AltGr, which some layouts write with", () => {
    expect(chordOf(press({ code: "KeyE", key: "€", altKey: true, ctrlKey: true }), true)).toBeUndefined();
  });
  it("asks for help outside fields only, on a Thai layout too", () => {
    expect(chordOf(press({ code: "Slash", key: "?", shiftKey: true }), false)).toBe("?");
    expect(chordOf(press({ code: "Slash", key: "ฦ", shiftKey: true }), false)).toBe("?");
    expect(chordOf(press({ code: "Slash", key: "?", shiftKey: true }), true)).toBeUndefined();
  });
  it("is none while an input method composes", () => {
    expect(chordOf(press({ key: "Escape", isComposing: true }), true)).toBeUndefined();
  });
});
