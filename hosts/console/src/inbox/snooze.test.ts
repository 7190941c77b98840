import { describe, expect, it } from "vitest";
import { snoozeChoices } from "./snooze";

const local = (at: number) => {
  const date = new Date(at);
  return [date.getDay(), date.getHours(), date.getMinutes()];
};

describe("the choices to snooze", () => {
  it("are all ahead, on every day of the week", () => {
    for (let day = 1; day <= 7; day += 1) {
      const now = new Date(2026, 5, day, 23, 30).getTime();
      const choices = snoozeChoices(now);
      expect(choices.every(({ at }) => at > now)).toBe(true);
      expect(local(choices[3]?.at ?? 0)).toEqual([1, 9, 0]);
      expect((choices[3]?.at ?? 0) - now).toBeLessThanOrEqual(7 * 86_400_000);
    }
  });
  it("mean nine in the morning by tomorrow", () => {
    const now = new Date(2026, 5, 3, 15, 20).getTime();
    expect(local(snoozeChoices(now)[2]?.at ?? 0)).toEqual([4, 9, 0]);
  });
});
