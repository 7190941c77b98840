import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Console, eventually, OWNER } from "./console";
import { setStage } from "./stage";

const stage = setStage();

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const SCREENS = [
  ["inbox", "/inbox"],
  ["channels", "/channels"],
  ["members", "/members"],
  ["settings", "/settings"],
  ["keys", "/settings/keys"],
  ["audit", "/settings/audit"],
  ["setup", "/settings/setup"],
  ["profile", "/profile"],
] as const;

const LOOKS = [
  { look: "light", theme: "light", language: "en", width: 1280 },
  { look: "dark", theme: "dark", language: "en", width: 1280 },
  { look: "thai", theme: "light", language: "th", width: 1280 },
  { look: "thai-narrow", theme: "light", language: "th", width: 360 },
  { look: "dark-narrow", theme: "dark", language: "en", width: 360 },
] as const;

interface Found {
  impact: string | null;
  id: string;
  nodes: string[];
}

/** What axe finds on the page as it is. */
async function violations(page: Console["page"]): Promise<Found[]> {
  // The page's policy lets no script in but its own; the debugger is not the page.
  await page.evaluate(await readFile(AXE, "utf8"));
  return page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[]; passes: unknown[] }> } }
    ).axe;
    interface AxeViolation {
      impact: string | null;
      id: string;
      nodes: { html: string; failureSummary?: string }[];
    }
    const { violations, passes } = await axe.run();
    if (passes.length === 0) throw new Error("axe has looked at nothing");
    return violations.map(({ impact, id, nodes }) => ({
      impact,
      id,
      nodes: nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`),
    }));
  });
}

/** Words that lie outside of the page, or that a box cuts without a sign of it. */
function cutWords(page: Console["page"]): Promise<string[]> {
  return page.evaluate(() => {
    const cut: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const words = node.textContent?.trim();
      const parent = node.parentElement;
      if (!words || !parent?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      for (let at: Element | null = parent; at; at = at.parentElement) {
        const style = getComputedStyle(at);
        // What is for ears only, and what scrolls or ends in dots on purpose.
        if (at.getBoundingClientRect().width <= 1) break;
        if (style.position === "fixed") break;
        if (/auto|scroll/.test(`${style.overflowX}${style.overflowY}`)) break;
        if (style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none") break;
        const frame = at.getBoundingClientRect();
        const clips =
          style.overflowX === "hidden" || style.overflowX === "clip" || at === document.documentElement;
        if (clips && (box.right > frame.right + 1 || box.left < frame.left - 1)) cut.push(words.slice(0, 60));
        const clipsDown = style.overflowY === "hidden" || style.overflowY === "clip";
        if (clipsDown && (box.bottom > frame.bottom + 3 || box.top < frame.top - 3))
          cut.push(words.slice(0, 60));
      }
    }
    return [...new Set(cut)];
  });
}

async function examine(console_: Console, name: string): Promise<void> {
  const { page } = console_;
  // Half-way through a change of colours nothing has its contrast.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined))),
  );
  await console_.shot(name);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways, `${name} scrolls sideways`).toBe(0);
  expect(await cutWords(page), `${name} cuts words`).toEqual([]);
  expect(await violations(page), `axe on ${name}`).toEqual([]);
}

beforeAll(async () => {
  const { customers, hub, owner } = stage;
  const mali = await customers.named("มะลิ ใจดี");
  const anna = await customers.named("Anna Berg");
  await customers.say(
    anna,
    "messenger",
    "Hello! Is the linen dress still there, and could you send it to Chiang Mai?",
  );
  await customers.act(mali, "line", { type: "picture", file: { sample: "dress.jpg" } });
  await customers.say(
    mali,
    "line",
    "สวัสดีค่ะ ชุดนี้ยังมีไซส์ M ไหมคะ ขอดูรูปเพิ่มหน่อยค่ะ https://example.com/a/very/long/address/of/a/dress",
  );
  await customers.say(await customers.named("Ben Carter"), "whatsapp", "How long does delivery take?");
  await customers.say(await customers.named("ปิยะ 🌸"), "telegram", "ราคาเท่าไหร่ครับ");
  await hub.invite({ name: "Max Member", email: "max@example.com" }, "SALES");
  await owner.openThread("มะลิ ใจดี");
  await owner.reply("มีค่ะ 590 บาท");
  await owner.tick(owner.bubble("มีค่ะ 590 บาท"), "Sent").waitFor();
});

for (const { look, theme, language, width } of LOOKS) {
  describe(look, () => {
    let here: Console;
    beforeAll(async () => {
      here = await Console.open(stage.browser, stage.hub, {
        viewport: { width, height: width < 500 ? 740 : 800 },
        colorScheme: theme,
        locale: language === "th" ? "th-TH" : "en-GB",
      });
      await here.page.goto("/login");
    });
    afterAll(() => here?.close());

    test("log-in", async () => {
      const { page } = here;
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(language);
      await examine(here, `${look}-login`);
      await page.getByLabel(language === "th" ? "อีเมล" : "E-mail address").fill(OWNER.email);
      await page.getByLabel(language === "th" ? "รหัสผ่าน" : "Password").fill(OWNER.password);
      await page.keyboard.press("Enter");
      await page.getByRole("option").first().waitFor();
      here.calm();
    });

    for (const [name, path] of SCREENS) {
      test(name, async () => {
        // By a link where there is one: loading each page anew would be more log-ins than one address may do.
        const link = here.page.locator(`a[href="${path}"]`).first();
        if ((await link.count()) > 0) await link.click();
        else await here.page.goto(path);
        await here.page.waitForURL((url) => url.pathname === path);
        await here.page.getByRole("heading", { level: 1 }).first().waitFor();
        await here.page.waitForLoadState("networkidle");
        await examine(here, `${look}-${name}`);
        here.calm();
      });
    }

    test("thread", async () => {
      const { page } = here;
      await page.locator('a[href="/inbox"]').first().click();
      await page.getByRole("option").filter({ hasText: "มะลิ" }).click();
      await page.getByRole("log").getByText("มีค่ะ 590 บาท").waitFor();
      const picture = page.getByRole("log").getByRole("img").first();
      await eventually(() =>
        picture.evaluate((one) => (one as HTMLImageElement).naturalWidth),
      ).toBeGreaterThan(0);
      await page.waitForLoadState("networkidle");
      await examine(here, `${look}-thread`);
      here.calm();
    });
  });
}
