import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { ApiProblem } from "./problem";
import * as known from "./problemMessages";
import { problemWords } from "./problemWords";

/** The server has a page for every code that it answers with; a test of its own holds the two together. */
const CODES = readdirSync("../../docs/problems")
  .filter((name) => name !== "README.md")
  .map((name) => name.replace(/\.md$/, ""));

test("every kind of problem has words in both languages, and nothing else has", () => {
  expect(CODES.length).toBeGreaterThan(50);
  expect(Object.keys(known.problemMessages.en).sort()).toEqual(CODES.sort());
  expect(Object.keys(known.problemMessages.th).sort()).toEqual(CODES.sort());
  for (const words of Object.values(known.problemMessages.th)) expect(words).toMatch(/[\u0E00-\u0E7F]/);
});

const problem = (code: string) => new ApiProblem({ code, status: 422, words: "name: is too long" });

test("a problem is told in the reader's language, with what it is this time where its kind has many cases", () => {
  expect(problemWords(problem("forbidden"), "th", known)).toBe("บทบาทของคุณทำสิ่งนี้ไม่ได้");
  expect(problemWords(problem("validation_failed"), "th", known)).toBe("ค่านี้ใช้ไม่ได้ (name: is too long)");
  expect(problemWords(problem("validation_failed"), "en", known)).toBe("name: is too long");
});

test("a code that this console does not know, or has no words for yet, keeps the server's words", () => {
  expect(problemWords(problem("moon_eclipsed"), "th", known)).toBe("name: is too long");
  expect(problemWords(problem("constructor"), "th", known)).toBe("name: is too long");
  expect(problemWords(problem("forbidden"), "th", undefined)).toBe("name: is too long");
});
