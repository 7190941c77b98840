import { describe, expect, it } from "vitest";
import { movesFrom } from "./stages";

describe("the moves of a lead", () => {
  it("are one step on, or lost", () => {
    expect(movesFrom("NEW")).toEqual(["ASSIGNED", "LOST"]);
    expect(movesFrom("CONTACTED")).toEqual(["QUALIFIED", "LOST"]);
    expect(movesFrom("NEGOTIATION")).toEqual(["WON", "LOST"]);
  });
  it("are none at an end", () => {
    expect(movesFrom("WON")).toEqual([]);
    expect(movesFrom("LOST")).toEqual([]);
  });
});
