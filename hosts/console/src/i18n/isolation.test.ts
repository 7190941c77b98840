import { expect, test } from "vitest";
import { catalogue } from "./catalogue";
import { directionOf, isolated, withoutTurns } from "./isolation";

test("what turns letters around is taken out, and nothing else", () => {
  expect(withoutTurns("invoice\u202Efdp.exe")).toBe("invoicefdp.exe");
  expect(withoutTurns("\u2067a\u2069 \u202Ab\u202C \u200Fc")).toBe("a b \u200Fc");
  expect(withoutTurns("มะลิ 🌸 محمد")).toBe("มะลิ 🌸 محمد");
});

test("a text is written from where its first letter is", () => {
  expect(directionOf("590 هل الفستان متوفر")).toBe("rtl");
  expect(directionOf("- Anna: שלום")).toBe("ltr");
  expect(directionOf("สวัสดี محمد")).toBe("ltr");
  expect(directionOf("590 !")).toBe("ltr");
});

test("only what is written from the right needs a place of its own in a sentence", () => {
  expect(isolated("Anna")).toBe("Anna");
  expect(isolated("มะลิ")).toBe("มะลิ");
  expect(isolated("محمد")).toBe("\u2068محمد\u2069");
  expect(isolated(isolated("محمد"))).toBe("\u2068محمد\u2069");
});

test("a name cannot end its place early to turn the rest of the sentence", () => {
  expect(isolated("\u2069\u202Eשלום")).toBe("\u2068שלום\u2069");
});

test("every value that a message takes is kept to its place", () => {
  const messages = catalogue({
    en: {
      plain: "Nothing",
      told: (name: string, many: number) => `${name} wrote ${many} times`,
      all: (names: string[]) => `${names.join(", ")} are here`,
    },
    th: {
      plain: "ไม่มี",
      told: (name: string, many: number) => `${name} เขียน ${many} ครั้ง`,
      all: (names: string[]) => `${names.join(", ")} อยู่ที่นี่`,
    },
  });
  expect(messages.en.told("\u202Elive", 2)).toBe("live wrote 2 times");
  expect(messages.th.told("דנה", 2)).toBe("\u2068דנה\u2069 เขียน 2 ครั้ง");
  expect(messages.en.all(["Ann", "דנה"])).toBe("Ann, \u2068דנה\u2069 are here");
  expect(messages.en.plain).toBe("Nothing");
});
