import { expect, test } from "vitest";
import { eventually } from "./console";
import { setStage } from "./stage";

const stage = setStage();

test("what a customer writes appears in the list and in the open thread, and is counted", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  const loads: string[] = [];
  owner.page.on("framenavigated", (frame) => loads.push(frame.url()));

  await customers.say(anna, "line", "Is the blue dress still there?");
  const row = owner.row("Anna Berg");
  await row.getByText("Is the blue dress still there?").waitFor();
  await row.getByText("1 unread").waitFor();
  await owner.lane("Unassigned").getByText("1, 1 unread").waitFor();
  await eventually(() => owner.page.title()).toContain("1");

  await owner.openThread("Anna Berg");
  await owner.bubble("Is the blue dress still there?").waitFor();
  await eventually(() => row.getByText("unread").count()).toBe(0);
  await owner.lane("Unassigned").getByText("1", { exact: true }).first().waitFor();
  await eventually(() => owner.lane("Unassigned").getByText("unread").count()).toBe(0);

  await customers.say(anna, "line", "And in size M?");
  await owner.bubble("And in size M?").waitFor();
  await row.getByText("And in size M?").waitFor();
  expect(await owner.log.getByRole("article").count()).toBe(2);
  // Read at once, as the thread is open.
  await eventually(() => row.getByText("unread").count()).toBe(0);

  // Another customer goes to the head of the list and is unread; the open thread stays.
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "messenger", "Hello from Messenger");
  await owner.row("Ben Carter").getByText("1 unread").waitFor();
  await eventually(() => owner.row("Ben Carter").getAttribute("aria-posinset")).toBe("1");
  await owner.lane("All").getByText("2, 1 unread").waitFor();
  await owner.composer.waitFor();
  // The address of the open thread changed inside the page; nothing was loaded anew.
  expect(await owner.page.evaluate(() => performance.getEntriesByType("navigation").length)).toBe(1);
  expect(new Set(loads.map((url) => new URL(url).origin)).size).toBe(1);
});
