import { expect, test } from "vitest";
import { eventually } from "./console";
import { setStage } from "./stage";

const stage = setStage();

test("a reply is there at once, gets its tick, and reaches the customer once", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "line", "Do you ship to Chiang Mai?");
  await owner.openThread("Anna Berg");

  // The provider takes its time: what is shown meanwhile is the console's own.
  await customers.fault("line", { name: "slow", action: { type: "delay", ms: 3_000 }, times: 1 });
  await owner.reply("Yes, tomorrow.");
  const bubble = owner.bubble("Yes, tomorrow.");
  await bubble.waitFor();
  expect(await owner.composer.inputValue()).toBe("");
  await bubble.getByRole("img", { name: /^(Sending|Queued)$/ }).waitFor();
  expect(await customers.received(anna, "line")).toEqual([]);

  await owner.tick(bubble, "Sent").waitFor();
  await eventually(() => customers.received(anna, "line")).toMatchObject([
    { kind: "text", text: "Yes, tomorrow." },
  ]);
  expect(await bubble.count()).toBe(1);
  await owner.row("Anna Berg").getByText("Yes, tomorrow.").waitFor();
});

for (const channel of ["messenger", "whatsapp"] as const) {
  test(`delivered and read show live at ${channel}`, async () => {
    const { owner, customers } = stage;
    const ben = await customers.named(`Ben of ${channel}`);
    await customers.say(ben, channel, "Hello?");
    await owner.openThread(ben.name);
    await owner.reply("Good day to you.");
    const bubble = owner.bubble("Good day to you.");
    await owner.tick(bubble, "Sent").waitFor();
    await eventually(() => customers.received(ben, channel)).toHaveLength(1);
    const [message] = await customers.received(ben, channel);
    const messageIds = [message?.id ?? ""];

    await customers.act(ben, channel, { type: "delivered", messageIds });
    await owner.tick(bubble, "Delivered").waitFor();
    await customers.act(ben, channel, { type: "read", messageIds });
    await owner.tick(bubble, "Read").waitFor();
    expect(await customers.received(ben, channel)).toHaveLength(1);
  });
}
