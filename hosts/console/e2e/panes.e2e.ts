import { afterAll, beforeAll, expect, test } from "vitest";
import { Console, OWNER } from "./console";
import { setStage } from "./stage";

const stage = setStage();
let here: Console;

beforeAll(async () => {
  const { customers, browser, hub } = stage;
  await customers.say(
    await customers.named("Anna Berg"),
    "line",
    "Is the blue dress still there, in size M?",
  );
  here = await Console.open(browser, hub);
  await here.page.goto("/login");
  await here.logIn(OWNER);
});
afterAll(() => here?.close());

/** The least that a thread needs to be read and answered in, beside whatever else is open. */
const ROOM = [
  { width: 1920, thread: 800, pane: true },
  { width: 1500, thread: 540, pane: true },
  { width: 1440, thread: 540, pane: true },
  { width: 1280, thread: 540, pane: true },
  { width: 1024, thread: 540, pane: false },
  { width: 768, thread: 420, pane: false },
  { width: 360, thread: 360, pane: false },
] as const;

for (const { width, thread, pane } of ROOM) {
  test(`the thread has its room on a page of ${width} px`, async () => {
    const { page } = here;
    await page.setViewportSize({ width, height: width < 500 ? 740 : 800 });
    await page.goto("/inbox");
    await here.openThread("Anna Berg");
    await here.bubble("Is the blue dress").waitFor();
    const section = page.getByRole("region", { name: "Anna Berg", exact: true });
    if (pane) await here.details("Anna Berg").waitFor();
    expect((await section.boundingBox())?.width).toBeGreaterThanOrEqual(thread);
    // What is said about the send window, and the button that sends, lie within the page.
    const send = await page.getByRole("button", { name: "Send", exact: true }).boundingBox();
    expect((send?.x ?? width) + (send?.width ?? 0)).toBeLessThanOrEqual(width);
    await here.shot(`panes-${width}`);

    if (!pane) {
      // The details lie over the thread, and take nothing from it.
      await page.getByRole("button", { name: "Details", exact: true }).click();
      await here.details("Anna Berg").waitFor();
      expect((await section.boundingBox())?.width).toBeGreaterThanOrEqual(thread);
      await here.shot(`panes-${width}-details`);
    }
    const sideways = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sideways).toBe(0);
    here.calm();
  });
}
