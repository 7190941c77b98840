import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Console, eventually, OWNER } from "./console";
import { setStage } from "./stage";

const stage = setStage();

// A browser of its own, in which nothing is ever clicked.
let keys: Console;
beforeAll(async () => {
  keys = await Console.open(stage.browser, stage.hub);
});
afterEach(() => keys.calm());
afterAll(() => keys?.close());

/** Goes on by Tab until something has the focus. */
async function tabTo(what: Locator): Promise<void> {
  await what.waitFor();
  for (let press = 0; press < 60; press++) {
    if (await what.evaluate((one) => one === document.activeElement)) return;
    await keys.page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${what}`);
}

test("everything from the log-in to a resolved conversation goes by keys", async () => {
  const { customers } = stage;
  const { page } = keys;
  const { keyboard } = page;
  const [first, second] = [await customers.named("Anna Berg"), await customers.named("Ben Carter")];
  await customers.say(second, "messenger", "Second in the list");
  await customers.say(first, "line", "First in the list");

  await page.goto("/login");
  await tabTo(page.getByLabel("E-mail address"));
  await keyboard.type(OWNER.email);
  await tabTo(page.getByLabel("Password"));
  await keyboard.type(OWNER.password);
  await keyboard.press("Enter");
  await keys.row("Anna Berg").waitFor();
  await keys.row("Ben Carter").waitFor();

  // By the list itself.
  await tabTo(keys.row("Anna Berg"));
  await keyboard.press("ArrowDown");
  await eventually(() => keys.row("Ben Carter").evaluate((row) => row === document.activeElement)).toBe(true);
  await keyboard.press("Home");
  await keyboard.press("Enter");
  await page.getByRole("region", { name: "Anna Berg", exact: true }).waitFor();

  // By the keys for the next and the one before.
  await keyboard.press("Alt+j");
  await page.getByRole("region", { name: "Ben Carter", exact: true }).waitFor();
  await keyboard.press("Alt+k");
  await page.getByRole("region", { name: "Anna Berg", exact: true }).waitFor();

  // Letters that are keys elsewhere are letters while one writes.
  await keyboard.press("Alt+l");
  await eventually(() => keys.composer.evaluate((one) => one === document.activeElement)).toBe(true);
  await keyboard.type("jkelapmo? /@");
  expect(await keys.composer.inputValue()).toBe("jkelapmo? /@");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.getByRole("region", { name: "Anna Berg", exact: true }).waitFor();
  await keyboard.press("Shift+Enter");
  await keyboard.type("second line");
  await keyboard.press("Enter");
  await keys.tick(keys.bubble("jkelapmo? /@"), "Sent").waitFor();
  await eventually(() => customers.received(first, "line")).toMatchObject([
    { text: "jkelapmo? /@\nsecond line" },
  ]);

  await keyboard.press("Alt+p");
  await page.getByRole("textbox", { name: "Note", exact: true }).waitFor();
  await keyboard.type("By keys");
  await keyboard.press("Enter");
  await keys.bubble("By keys").waitFor();

  await keyboard.press("Alt+a");
  await keys.row("Anna Berg").getByText(`assigned to ${OWNER.name}`).waitFor();
  await keyboard.press("Alt+e");
  await keys.row("Anna Berg").waitFor({ state: "detached" });
  await keyboard.press("Alt+e");
  await keys.row("Anna Berg").waitFor();
  await keyboard.press("Alt+m");
  await page.getByRole("menuitem", { name: /^In an hour/ }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("menuitem", { name: /^In an hour/ }).waitFor({ state: "detached" });
});

test("the palette finds commands, places and customers", async () => {
  const { page } = keys;
  const { keyboard } = page;
  const palette = page.getByRole("dialog", { name: "Find and do anything" });
  await keyboard.press("Control+k");
  await palette.getByRole("combobox").waitFor();
  await keys.shot("palette");
  await keyboard.type("Ben Car");
  await palette.getByRole("option", { name: /Ben Carter/ }).waitFor();
  await keyboard.press("Enter");
  await page.getByRole("region", { name: "Ben Carter", exact: true }).waitFor();
  await palette.waitFor({ state: "detached" });

  await keyboard.press("Control+k");
  await keyboard.type("Resolve");
  await palette.getByRole("option", { name: /^Resolve/ }).waitFor();
  await keyboard.press("Enter");
  await keys.row("Ben Carter").waitFor({ state: "detached" });

  await keyboard.press("Control+k");
  await keyboard.type("Members");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
  await keyboard.press("Control+k");
  await keyboard.type("nothing has this name");
  await palette.getByText("Nothing found").waitFor();
  await keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
});

test("the sheet of keys opens by ? outside of fields", async () => {
  const { page } = keys;
  const sheet = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("?");
  await sheet.getByText("Next conversation").waitFor();
  await keys.shot("keys");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
});
