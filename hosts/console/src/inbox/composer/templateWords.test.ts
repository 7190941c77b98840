import { expect, test } from "vitest";
import { filled } from "./templateWords";

test("values go to their places by number, wherever these stand", () => {
  expect(filled("{{2}} for {{1}}, yes {{2}}", ["Anna", "A-1"])).toBe("A-1 for Anna, yes A-1");
});

test("named places take values in the order in which they first stand", () => {
  expect(filled("Hello {{ name }}, {{order}}. {{name}}!", ["Anna", "A-1"])).toBe("Hello Anna, A-1. Anna!");
});

test("a place without a value stays, so that one sees what is missing", () => {
  expect(filled("สวัสดีคุณ {{1}} คำสั่งซื้อ {{2}}", ["", "A-1"])).toBe("สวัสดีคุณ {{1}} คำสั่งซื้อ A-1");
});

test("what is filled in is never taken for a place", () => {
  expect(filled("{{1}} {{2}}", ["{{2}}", "$&"])).toBe("{{2}} $&");
});
