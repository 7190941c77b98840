import { expect, it } from "vitest";
import { changesIn, dayStart } from "./changes";

it("tells what changed and leaves out what stayed", () => {
  expect(changesIn({ role: "SALES", name: "A" }, { role: "ADMIN", name: "A", teams: ["x"] })).toEqual([
    { name: "role", before: "SALES", after: "ADMIN" },
    { name: "teams", before: undefined, after: '["x"]' },
  ]);
  expect(changesIn(undefined, { retentionDays: null })).toEqual([
    { name: "retentionDays", before: undefined, after: "null" },
  ]);
  expect(changesIn(undefined, undefined)).toEqual([]);
  expect(changesIn("a", "b")).toEqual([{ name: "value", before: "a", after: "b" }]);
});

it("knows where a day begins and ends", () => {
  const begins = dayStart("2026-03-01");
  expect(begins && new Date(begins).getHours()).toBe(0);
  expect(Date.parse(dayStart("2026-03-01", 1) ?? "") - Date.parse(begins ?? "")).toBeGreaterThan(80_000_000);
  expect(dayStart("")).toBeUndefined();
  expect(dayStart("tomorrow")).toBeUndefined();
});
