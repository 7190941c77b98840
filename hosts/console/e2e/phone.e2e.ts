import { expect, test } from "vitest";
import { setStage } from "./stage";

const stage = setStage();

test("who comments at Instagram on the phone reads there what the shop answers", async () => {
  const { owner, browser, hub } = stage;
  const phone = await browser.newPage({ baseURL: hub.sandboxUrl });
  phone.setDefaultTimeout(20_000);
  const faults: string[] = [];
  phone.on("pageerror", (error) => faults.push(error.message));
  phone.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await phone.goto("/phone#comment/Anna%20Berg");
  const kinds = phone.getByRole("group", { name: "Comments at" });
  await kinds.getByRole("button", { name: "Instagram" }).click();
  expect(await phone.getByRole("tab", { selected: true }).innerText()).toContain("Comments");
  const words = phone.getByRole("textbox", { name: "Message" });
  await words.fill("How much is the red one?");
  await words.press("Enter");
  await phone.getByRole("log").getByText("How much is the red one?").waitFor();
  expect(await phone.getByRole("log").getByRole("button", { name: "Edit" }).count()).toBe(0);
  // The posts are apart.
  await kinds.getByRole("button", { name: "Facebook" }).click();
  await phone.getByText("No comments yet.").waitFor();
  await kinds.getByRole("button", { name: "Instagram" }).click();

  await owner.page.getByRole("option").filter({ hasText: "How much is the red one?" }).click();
  await owner.bubble("How much is the red one?").waitFor();
  await owner.reply("590 baht, free shipping");
  const log = phone.getByRole("log");
  await log.getByText("The shop answered in private").waitFor();
  await log.getByText("590 baht, free shipping", { exact: true }).waitFor();
  // In public the shop says what its settings say.
  await log.locator(".answers .remark").waitFor();
  await log.getByRole("button", { name: "Open in Instagram" }).click();
  await log.getByText("590 baht, free shipping", { exact: true }).waitFor();
  expect(await phone.getByRole("tab", { selected: true }).innerText()).toContain("Instagram");
  expect(faults).toEqual([]);
  await phone.close();
});
