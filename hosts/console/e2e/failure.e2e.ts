import { expect, test } from "vitest";
import { eventually } from "./console";
import { setStage } from "./stage";

const stage = setStage();

test("what the provider refuses is shown as failed with its reason, and Retry delivers it once", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "line", "Are you there?");
  await owner.openThread("Anna Berg");
  await customers.fault("line", { name: "refused", action: { type: "status", code: 400 } });
  await owner.reply("We are.");
  const bubble = owner.bubble("We are.");
  await owner.tick(bubble, "Not sent").waitFor();
  const reason = bubble.getByText(/^Not sent: ./);
  await reason.waitFor();
  expect(await customers.received(anna, "line")).toEqual([]);

  // As long as the provider refuses, Retry changes nothing.
  const retried = owner.page.waitForResponse((one) => one.url().endsWith("/retry"));
  await bubble.getByRole("button", { name: "Retry" }).click();
  await (await retried).finished();
  await owner.tick(bubble, "Not sent").waitFor();
  await bubble.getByRole("button", { name: "Retry" }).waitFor();
  expect(await customers.received(anna, "line")).toEqual([]);

  await customers.noFault("line", "refused");
  await bubble.getByRole("button", { name: "Retry" }).click();
  await owner.tick(bubble, "Sent").waitFor();
  await reason.waitFor({ state: "detached" });
  await eventually(() => customers.received(anna, "line")).toMatchObject([{ kind: "text", text: "We are." }]);
  expect(await bubble.count()).toBe(1);
});

test("an answer that is lost where nothing protects from twice is uncertain, until somebody decides", async () => {
  const { owner, customers } = stage;
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "telegram", "How much?");
  await owner.openThread("Ben Carter");
  await customers.fault("telegram", { name: "lost", action: { type: "lostAnswerAfterEffect" }, times: 1 });
  await owner.reply("590 baht.");
  const bubble = owner.bubble("590 baht.");
  await bubble.getByText("Uncertain: the customer may have it. Check before resending.").waitFor();
  // The customer has it, and it is not sent again by itself.
  expect(await customers.received(ben, "telegram")).toMatchObject([{ text: "590 baht." }]);

  await bubble.getByRole("button", { name: "Resend anyway" }).click();
  await owner.tick(bubble, "Sent").waitFor();
  await eventually(() => customers.received(ben, "telegram")).toHaveLength(2);
  expect(await bubble.count()).toBe(1);
});

test("an answer that is lost where the provider knows the key again is no trouble", async () => {
  const { owner, customers } = stage;
  const chai = await customers.named("Chai");
  await customers.say(chai, "line", "Hello");
  await owner.openThread("Chai");
  // The first answer spends the reply token, which has no key; what follows is pushed under one.
  await owner.reply("Good morning.");
  await owner.tick(owner.bubble("Good morning."), "Sent").waitFor();
  await customers.fault("line", { name: "lost", action: { type: "lostAnswerAfterEffect" }, times: 1 });
  await owner.reply("What can we do for you?");
  await owner.tick(owner.bubble("What can we do for you?"), "Sent").waitFor({ timeout: 60_000 });
  expect(await customers.received(chai, "line")).toMatchObject([
    { text: "Good morning." },
    { text: "What can we do for you?" },
  ]);
});

test("an answer that comes after its own events takes nothing back", async () => {
  const { owner, customers } = stage;
  const dao = await customers.named("Dao");
  await customers.say(dao, "messenger", "Hello");
  await owner.openThread("Dao");
  const late = async (address: string, ask: () => Promise<void>, words: string) => {
    let release = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    await owner.page.route(address, async (route) => {
      const response = await route.fetch();
      await held;
      await route.fulfill({ response });
    });
    const answered = owner.page.waitForResponse(address);
    await ask();
    await owner.tick(owner.bubble("Late."), words).waitFor();
    release();
    await (await answered).finished();
    await owner.page.unroute(address);
    // What the answer does to the page is done once the page has drawn again.
    await owner.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    await owner.tick(owner.bubble("Late."), words).waitFor();
    expect(await owner.bubble("Late.").count()).toBe(1);
  };
  await customers.fault("messenger", { name: "refused", action: { type: "status", code: 400 } });
  await late("**/api/conversations/*/messages", () => owner.reply("Late."), "Not sent");
  await customers.noFault("messenger", "refused");
  const retry = owner.bubble("Late.").getByRole("button", { name: "Retry" });
  await late("**/api/messages/*/retry", () => retry.click(), "Sent");
});
