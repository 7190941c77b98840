import { expect, test } from "vitest";
import { eventually, OWNER } from "./console";
import { isAmber, paintBehind } from "./paint";
import { setStage } from "./stage";

const stage = setStage();

test("a lead is assigned, moved a stage on, and tagged", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "line", "I would like the red one.");
  await owner.openThread("Anna Berg");
  const details = owner.details("Anna Berg");

  await details.getByRole("button", { name: "Assign to me" }).click();
  await details.getByRole("button", { name: "Assign to me" }).waitFor({ state: "detached" });
  await owner.row("Anna Berg").getByText(`assigned to ${OWNER.name}`).waitFor();
  await owner.lane("Mine").getByText("1", { exact: true }).first().waitFor();
  await eventually(() => owner.lane("Unassigned").innerText()).not.toMatch(/\d/);

  const next = details.getByRole("button", { name: /^Move to / });
  const stageName = (await next.innerText()).trim().replace("Move to ", "");
  await next.click();
  await owner.row("Anna Berg").getByText(stageName, { exact: true }).waitFor();
  await details.getByText(`Stage: ${stageName}`).waitFor();
  await eventually(async () => (await next.innerText()).trim()).not.toBe(`Move to ${stageName}`);

  await details.getByLabel("Add a tag").fill("vip");
  await owner.page.keyboard.press("Enter");
  await details.getByRole("button", { name: "Remove tag vip" }).waitFor();
  await details.getByLabel("Add a tag").fill("red");
  await owner.page.keyboard.press("Enter");
  await details.getByRole("button", { name: "Remove tag red" }).waitFor();
  await details.getByRole("button", { name: "Remove tag vip" }).click();
  await details.getByRole("button", { name: "Remove tag vip" }).waitFor({ state: "detached" });

  // The server has it all: a page that is loaded anew shows the same.
  await owner.page.reload();
  await owner.row("Anna Berg").getByText(stageName, { exact: true }).waitFor();
  await details.getByRole("button", { name: "Remove tag red" }).waitFor();
  expect(await details.getByRole("button", { name: "Remove tag vip" }).count()).toBe(0);
});

test("a note calls a colleague in amber, and the customer gets nothing", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  const { page } = owner;
  await owner.openThread("Anna Berg");
  const before = await paintBehind(owner.composer);
  await page.getByRole("button", { name: "Note", exact: true }).click();
  const field = page.getByRole("textbox", { name: "Note", exact: true });
  await field.waitFor();
  expect(isAmber(before)).toBe(false);
  await eventually(async () => isAmber(await paintBehind(field))).toBe(true);

  await field.pressSequentially("Please look, @ol");
  await page.getByRole("listbox", { name: "Members to call" }).getByRole("option").first().waitFor();
  await page.keyboard.press("Enter");
  await eventually(() => field.inputValue()).toBe(`Please look, @${OWNER.name} `);
  await owner.shot("note");
  await page.getByRole("button", { name: "Add note" }).click();
  const note = owner.bubble("Please look");
  await note.waitFor();
  await eventually(() => field.inputValue()).toBe("");
  await note.getByText(`@${OWNER.name}`).waitFor();
  // The bubble of what is on its way gives place to that of what was kept.
  await eventually(async () => isAmber(await paintBehind(note.getByText("Please look")))).toBe(true);
  // What is sent after the note arrives; the note did not.
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await owner.reply("It is yours.");
  await owner.tick(owner.bubble("It is yours."), "Sent").waitFor();
  expect(await customers.received(anna, "line")).toMatchObject([{ text: "It is yours." }]);
});

test("a conversation is resolved, reopened by the agent and by the customer, and snoozed", async () => {
  const { owner, customers } = stage;
  const { page } = owner;
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "messenger", "Thanks, all is well.");
  await owner.openThread("Ben Carter");
  const thread = page.getByRole("region", { name: "Ben Carter", exact: true });

  await thread.getByRole("button", { name: "Resolve" }).click();
  await owner.row("Ben Carter").waitFor({ state: "detached" });
  await thread.getByRole("button", { name: "Reopen" }).click();
  await owner.row("Ben Carter").waitFor();
  await thread.getByRole("button", { name: "Resolve" }).click();
  await owner.row("Ben Carter").waitFor({ state: "detached" });
  await customers.say(ben, "messenger", "One thing more.");
  await owner.row("Ben Carter").getByText("One thing more.").waitFor();
  await thread.getByRole("button", { name: "Resolve" }).waitFor();

  await owner.choose(thread.getByRole("button", { name: "Snooze" }), /^In an hour/);
  await thread.getByText(/^Snoozed until /).waitFor();
  await owner.row("Ben Carter").waitFor({ state: "detached" });
  await owner.lane("Snoozed").getByText("1").first().waitFor();
  await owner.lane("Snoozed").click();
  await owner.row("Ben Carter").getByText("Snoozed").waitFor();
  await owner.choose(thread.getByRole("button", { name: "Snooze" }), "Wake now");
  await owner.row("Ben Carter").waitFor({ state: "detached" });
  await owner.lane("All").click();
  await owner.row("Ben Carter").waitFor();
});
