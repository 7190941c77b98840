import { expect, it } from "vitest";
import { stepsOf } from "./steps";

const tenant = { name: "Main", slug: "main" };
const fresh = { tenant, channels: [], hasConversation: false, people: 1, keys: 0 };
const done = (facts: Parameters<typeof stepsOf>[0]) =>
  stepsOf(facts)
    .filter((step) => step.done)
    .map((step) => step.name);

it("begins with nothing done, and what needs a channel waits for one", () => {
  expect(done(fresh)).toEqual([]);
  expect(
    stepsOf(fresh)
      .filter((step) => step.blocked)
      .map((step) => step.name),
  ).toEqual(["health", "message"]);
});

it("takes each step as done when the server shows it", () => {
  expect(done({ ...fresh, channels: [{ status: "DEGRADED" }] })).toEqual(["channel"]);
  expect(done({ ...fresh, channels: [{ status: "ACTIVE" }], hasConversation: true })).toEqual([
    "channel",
    "health",
    "message",
  ]);
  expect(done({ ...fresh, tenant: { name: "ร้านมาลี", slug: "main" } })).toEqual(["name"]);
  expect(done({ ...fresh, people: 2, keys: 1 })).toEqual(["colleague", "key"]);
});
