import { expect, test } from "vitest";
import { scrollFor, windowOf } from "./rowWindow";

test("what is in sight is drawn, with some spare rows on both sides", () => {
  expect(windowOf({ top: 5_000, height: 800 }, 100, 10_000)).toEqual({
    first: 44,
    end: 64,
    seen: 50,
  });
});

test("a row of which only a pixel is in sight is drawn", () => {
  expect(windowOf({ top: 99, height: 802 }, 100, 10_000)).toEqual({ first: 0, end: 16, seen: 1 });
});

test("nothing is drawn beyond the ends, also while the list grows shorter under the eye", () => {
  expect(windowOf({ top: 0, height: 800 }, 100, 3)).toEqual({ first: 0, end: 3, seen: 0 });
  expect(windowOf({ top: -40, height: 800 }, 100, 3)).toEqual({ first: 0, end: 3, seen: 0 });
  expect(windowOf({ top: 90_000, height: 800 }, 100, 20)).toEqual({ first: 20, end: 20, seen: 19 });
  expect(windowOf({ top: 0, height: 800 }, 100, 0)).toEqual({ first: 0, end: 0, seen: 0 });
});

test("scrolling to a row goes the shortest way", () => {
  const sight = { top: 1_000, height: 500 };
  expect(scrollFor(sight, 100, 12)).toBeUndefined();
  expect(scrollFor(sight, 100, 9)).toBe(900);
  expect(scrollFor(sight, 100, 15)).toBe(1_100);
  expect(scrollFor(sight, 100, 14)).toBeUndefined();
});
