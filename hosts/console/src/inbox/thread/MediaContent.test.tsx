import { readFileSync } from "node:fs";
import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { Message } from "~/api/rows";
import { setPreferences } from "~/state/preferences";
import { MediaContent } from "./MediaContent";

afterEach(() => {
  cleanup();
  setPreferences({ language: "en" });
});

const show = (failure: string | undefined) =>
  render(<MediaContent message={{ id: "m", media: { status: "FAILED", failure } } as Message} />).container;

test("why a file could not be fetched is told in the reader's language", () => {
  setPreferences({ language: "th" });
  for (const failure of [
    "the channel account was removed",
    "the provider never finished preparing the file",
    undefined,
  ])
    expect(show(failure).textContent, failure).toMatch(/^ดึงไฟล์ไม่สำเร็จ[^a-z]*$/);
  expect(show("the file is larger than 26214400 bytes").textContent).toBe("ดึงไฟล์ไม่สำเร็จ: ไฟล์ใหญ่กว่า 25.0 MB");
});

test("the sentences that are known are those that hubchat writes", () => {
  const source = readFileSync("../../core/src/media/fetch_media.rs", "utf8");
  for (const sentence of [
    "the channel account was removed",
    "the provider never finished preparing the file",
    "the file is larger than {limit} bytes",
  ])
    expect(source).toContain(`"${sentence}"`);
});

test("what a provider said stands behind, in its own words and its own place", () => {
  setPreferences({ language: "th" });
  const shown = show("Telegram answered \u202E404");
  expect(shown.textContent).toBe("ดึงไฟล์ไม่สำเร็จ “Telegram answered 404”");
  expect(shown.querySelector("bdi")?.textContent).toBe("“Telegram answered 404”");
});
