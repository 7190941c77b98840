import { expect, test } from "vitest";
import { eventually } from "./console";
import { setStage } from "./stage";

const stage = setStage();

test("a server that dies and comes back costs no message, and no reload", async () => {
  const { hub, owner, customers } = stage;
  const { page } = owner;
  const anna = await customers.named("Anna Berg");
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "messenger", "I was first.");
  await customers.say(anna, "line", "Before 1");
  await owner.openThread("Anna Berg");
  await owner.bubble("Before 1").waitFor();
  await owner.composer.fill("Half a sentence");
  await page.evaluate(() => {
    document.body.dataset.sameDocument = "yes";
  });

  // What the server took before it died is not lost, whether or not anybody has seen it.
  owner.expectCuts();
  await customers.say(anna, "line", "Before 2");
  await customers.say(anna, "line", "Before 3");
  await hub.kill();
  await page.getByRole("status").getByText("Connection lost. Reconnecting…").waitFor();
  await owner.shot("reconnecting");
  await expect(customers.say(anna, "line", "Nobody takes this")).rejects.toThrow();

  await hub.run();
  await customers.say(anna, "line", "After 1");
  await customers.say(ben, "messenger", "After by Ben");
  await customers.say(anna, "line", "After 2");
  await page
    .getByRole("status")
    .getByText(/^Back online\. .*what is still in work follows/)
    .waitFor({ timeout: 60_000 });
  await owner.shot("caught-up");
  // What was in work when the server died is taken up once nobody can be at it any more.
  await owner.bubble("After 2").waitFor({ timeout: 150_000 });

  const words = ["Before 1", "Before 2", "Before 3", "After 1", "After 2"];
  await eventually(() => owner.log.getByRole("article").allInnerTexts()).toHaveLength(words.length);
  const shown = await owner.log.getByRole("article").allInnerTexts();
  for (const [at, word] of words.entries()) expect(shown[at]).toContain(word);
  await eventually(() => owner.row("Anna Berg").getAttribute("aria-posinset")).toBe("1");
  await eventually(() => owner.row("Ben Carter").getAttribute("aria-posinset")).toBe("2");
  await owner.row("Anna Berg").getByText("After 2").waitFor();
  await owner.row("Ben Carter").getByText("After by Ben").waitFor();
  await owner.row("Ben Carter").getByText("2 unread").waitFor();
  expect(await owner.page.getByRole("option").count()).toBe(2);

  // The page is the same, with what was being written in it, and live again.
  expect(await page.evaluate(() => document.body.dataset.sameDocument)).toBe("yes");
  expect(await owner.composer.inputValue()).toBe("Half a sentence");
  await customers.say(ben, "messenger", "Live again");
  await owner.row("Ben Carter").getByText("Live again").waitFor();
  await eventually(() => owner.row("Ben Carter").getAttribute("aria-posinset")).toBe("1");
  await owner.composer.press("Enter");
  const sendAnyway = page.getByRole("button", { name: "Send anyway" });
  await sendAnyway.or(owner.bubble("Half a sentence")).first().waitFor();
  if (await sendAnyway.isVisible()) await sendAnyway.click();
  await owner.tick(owner.bubble("Half a sentence"), "Sent").waitFor();
  expect(await customers.received(anna, "line")).toMatchObject([{ text: "Half a sentence" }]);
});
