import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Console, eventually, OWNER, type Person } from "./console";
import { setStage } from "./stage";

const stage = setStage();

const MAX: Person = { name: "Max Member", email: "max@example.com", password: "some other plain words" };

let max: Console;

beforeAll(async () => {
  const link = await stage.hub.invite(MAX, "SALES");
  max = await Console.open(stage.browser, stage.hub);
  await max.accept(link, MAX);
  await max.toInbox();
});
afterEach(() => max.calm());
afterAll(() => max?.close());

test("one sees who else looks at a conversation, and who writes", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "line", "Is anybody there?");
  await max.openThread("Anna Berg");
  await owner.openThread("Anna Berg");
  const told = max.page.getByRole("region", { name: "Anna Berg", exact: true }).getByRole("status");
  await told.getByText(`${OWNER.name} is here too`).waitFor();
  await owner.composer.pressSequentially("I wri");
  await told.getByText(`${OWNER.name} is writing…`).waitFor();
  await owner.reply("I write this.");
  await max.bubble("I write this.").getByText(OWNER.name).waitFor();

  // Who leaves is not there any more.
  await owner.toInbox();
  await owner.page.keyboard.press("Escape");
  await eventually(() => told.getByText(OWNER.name).count()).toBe(0);
});

test("what one reads stays unread for the other", async () => {
  const { owner, customers } = stage;
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "messenger", "For both of you");
  await owner.row("Ben Carter").getByText("1 unread").waitFor();
  await max.row("Ben Carter").getByText("1 unread").waitFor();
  await max.openThread("Ben Carter");
  await eventually(() => max.row("Ben Carter").getByText("unread").count()).toBe(0);
  await eventually(() => max.lane("All").getByText("unread").count()).toBe(0);

  // The next message is of both again, which shows that the owner's page has heard of the first reading.
  await customers.say(ben, "messenger", "And once more");
  await max.bubble("And once more").waitFor();
  await owner.row("Ben Carter").getByText("2 unread").waitFor();
  await owner.openThread("Ben Carter");
  await eventually(() => owner.row("Ben Carter").getByText("unread").count()).toBe(0);
});

test("a lead that is given to the other moves between the lanes of both at once", async () => {
  const { owner, customers } = stage;
  const chai = await customers.named("Chai");
  await customers.say(chai, "telegram", "Who helps me?");
  await max.lane("Mine").click();
  await owner.openThread("Chai");
  expect(await max.row("Chai").count()).toBe(0);
  await owner.choose(owner.details("Chai").getByRole("button", { name: "Change" }), MAX.name);
  await max.row("Chai").waitFor();
  await max.lane("Mine").getByText("1, 1 unread").waitFor();
  await owner.row("Chai").getByText(`assigned to ${MAX.name}`).waitFor();

  // Sales sees its own and what nobody has: what goes to somebody else goes away.
  await max.lane("All").click();
  await max.row("Chai").waitFor();
  await owner.details("Chai").getByRole("button", { name: "Assign to me" }).click();
  await max.row("Chai").waitFor({ state: "detached" });
  await owner.lane("Mine").getByText("1", { exact: true }).first().waitFor();
  await eventually(() => max.lane("Mine").innerText()).not.toMatch(/\d/);
});

test("who is called in a note finds it under Mentions", async () => {
  const { owner, customers } = stage;
  const dao = await customers.named("Dao");
  await customers.say(dao, "messenger", "A hard question");
  await owner.openThread("Dao");
  await owner.page.getByRole("button", { name: "Note", exact: true }).click();
  const field = owner.page.getByRole("textbox", { name: "Note", exact: true });
  await field.pressSequentially("Do you know this, @max");
  await owner.page.getByRole("option", { name: MAX.name }).click();
  await eventually(() => field.inputValue()).toContain(`@${MAX.name}`);
  await field.press("Enter");
  await owner.bubble("Do you know this").waitFor();
  await max.lane("Mentions").getByText(/^1/).first().waitFor();
  await max.lane("Mentions").click();
  await max.openThread("Dao");
  await max.bubble("Do you know this").getByText(`@${MAX.name}`).waitFor();
  expect(await customers.received(dao, "messenger")).toEqual([]);
  await max.lane("All").click();
});
