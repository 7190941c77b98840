import { expect, test } from "vitest";
import { setStage } from "./stage";

const stage = setStage();

test("the first steps name the shop", async () => {
  const { owner } = stage;
  await owner.page.goto("/settings/setup");
  await owner.page.getByRole("button", { name: "Name it" }).click();
  const dialog = owner.page.getByRole("dialog", { name: "What is your shop called?" });
  await dialog.getByLabel("Name").fill("ร้านมาลี");
  await owner.shot("name-the-shop");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await owner.page.getByRole("heading", { name: "First steps of ร้านมาลี" }).waitFor();
  await owner.page.getByRole("button", { name: "Change" }).waitFor();
  await owner.page.goto("/settings");
  await owner.page.getByRole("textbox", { name: "Name", exact: true }).waitFor();
  expect(await owner.page.getByRole("textbox", { name: "Name", exact: true }).inputValue()).toBe("ร้านมาลี");
});
