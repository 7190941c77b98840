import { describe, expect, it } from "vitest";
import {
  changesOf,
  numberSettings,
  readNumber,
  readOrigins,
  showNumber,
  type TenantSettings,
} from "./fields";

describe("a number", () => {
  it("may be left out, and has limits", () => {
    const { retentionDays } = numberSettings;
    expect(readNumber(" ", retentionDays)).toBeNull();
    expect(readNumber("365", retentionDays)).toBe(365);
    expect(readNumber("36,500", retentionDays)).toBe(36_500);
    for (const wrong of ["0", "36501", "-1", "1.5", "1e3", "x"])
      expect(readNumber(wrong, retentionDays), wrong).toBeUndefined();
  });
  it("is told in the reader's unit and back", () => {
    const { uploadMaxBytes } = numberSettings;
    expect(readNumber("2.5", uploadMaxBytes)).toBe(2_621_440);
    expect(showNumber(2_621_440, uploadMaxBytes)).toBe("2.5");
    expect(showNumber(null, uploadMaxBytes)).toBe("");
    expect(readNumber("2000", uploadMaxBytes)).toBeUndefined();
  });
});

describe("origins", () => {
  it("are as browsers write them, each once", () => {
    expect(
      readOrigins("https://a.example\nhttps://a.example https://b.example:8443\nhttp://localhost:3000"),
    ).toEqual({
      origins: ["https://a.example", "https://b.example:8443", "http://localhost:3000"],
    });
    expect(readOrigins("")).toEqual({ origins: [] });
  });
  it("are refused with a path, in capitals, or plain", () => {
    for (const wrong of ["https://a.example/", "https://A.example", "http://a.example", "*"])
      expect(readOrigins(`https://ok.example\n${wrong}`)).toEqual({ wrong });
    expect(
      readOrigins(Array.from({ length: 51 }, (_, at) => `https://a${at}.example`).join("\n")),
    ).toHaveProperty("wrong");
  });
});

it("only what differs is sent", () => {
  const stored = { allowedOrigins: [], showSeen: true, retentionDays: null } as unknown as TenantSettings;
  expect(changesOf(stored, { ...stored, allowedOrigins: [] })).toEqual({});
  expect(changesOf(stored, { ...stored, showSeen: false, retentionDays: 30 })).toEqual({
    showSeen: false,
    retentionDays: 30,
  });
});
