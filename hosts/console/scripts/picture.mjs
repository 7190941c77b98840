// Draws docs/images/inbox.png: the console at work, and the sandbox's phone beside it. Needs a built console, a built
// hubchat (HUBCHAT_BIN) and Chromium (HUBCHAT_CHROMIUM), as the tests in a browser do.
import { mkdir, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const MOST_BYTES = 350 * 1024;
const CONSOLE = { width: 1120, height: 800 };
const PHONE = { width: 420, height: 800 };

const load = async (name) =>
  (await runnerImport(fileURLToPath(new URL(`../e2e/${name}.ts`, import.meta.url)))).module;
const { Hub } = await load("hub");
const { Customers } = await load("customers");
const { launchBrowser } = await load("browser");

const hub = await Hub.start();
let browser;
try {
  browser = await launchBrowser();
  await writeFile(await picturePath(), await draw());
} finally {
  await browser?.close();
  await hub.close();
}
const { size } = await stat(await picturePath());
console.log(`docs/images/inbox.png: ${(size / 1024).toFixed(0)} KB`);
if (size > MOST_BYTES) {
  console.error(`it may have ${MOST_BYTES / 1024} KB`);
  process.exitCode = 1;
}

async function picturePath() {
  const folder = new URL("../../../docs/images/", import.meta.url);
  await mkdir(folder, { recursive: true });
  return fileURLToPath(new URL("inbox.png", folder));
}

async function draw() {
  const context = await browser.newContext({ viewport: CONSOLE, locale: "en-GB", colorScheme: "light" });
  const page = await context.newPage();
  await signIn(page);
  await converse(page);
  await page.mouse.move(0, 0);
  const desk = await page.screenshot({ animations: "disabled" });

  const hand = await (
    await browser.newContext({ viewport: PHONE, locale: "en-GB", colorScheme: "light" })
  ).newPage();
  await hand.goto(`${hub.url}/sandbox`);
  await hand.goto(`${new URL(hand.url()).origin}/phone#line/${encodeURIComponent("มะลิ ใจดี")}`);
  await hand.getByRole("log").getByText("ได้เลยค่ะ", { exact: false }).first().waitFor();
  await hand.waitForLoadState("load");
  await hand.evaluate(() =>
    Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))),
  );
  const phone = await hand.screenshot({ animations: "disabled" });
  return join(desk, phone);
}

async function signIn(page) {
  await page.goto(hub.ownerLink);
  await page.getByLabel("Your name").fill("Nok");
  await page.getByLabel("Choose a password").fill("four plain words here");
  await page.getByRole("button", { name: "Go in" }).click();
  await page.getByLabel("Your e-mail address").fill("nok@example.com");
  await page.getByRole("button", { name: "Go in" }).click();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inbox" }).click();
  await page.getByRole("region", { name: "Inbox" }).waitFor();
}

async function converse(page) {
  const customers = new Customers(hub.sandboxUrl);
  const named = (name) => customers.named(name);
  const row = (name) => page.getByRole("option").filter({ hasText: name });
  const reply = async (words) => {
    const field = page.getByRole("textbox", { name: /^Reply to / });
    await field.fill(words);
    await field.press("Enter");
    const bubble = page.getByRole("log").getByRole("article").filter({ hasText: words });
    await bubble.getByRole("img", { name: "Sent", exact: true }).waitFor();
  };

  await customers.say(await named("Ben Carter"), "whatsapp", "How long does delivery to Phuket take?");
  await customers.say(await named("ปิยะ 🌸"), "telegram", "ราคาส่งเริ่มกี่ชิ้นครับ");
  await customers.say(await named("สมชาย แก้วมณี"), "instagram", "มีสีดำไหมครับ");
  await customers.say(await named("Anna Berg"), "messenger", "Hello! Can I change the size of my order?");

  const mali = await named("มะลิ ใจดี");
  await customers.act(mali, "line", { type: "picture", file: { sample: "dress.jpg" } });
  await customers.say(mali, "line", "สวัสดีค่ะ ชุดนี้มีไซส์ M ไหมคะ");
  await row("มะลิ ใจดี").click();
  await page.getByRole("log").getByText("สวัสดีค่ะ ชุดนี้มีไซส์ M ไหมคะ").waitFor();
  await page.getByRole("log").getByRole("img").first().waitFor();
  await reply("มีค่ะ ไซส์ M เหลือ 2 ตัว ราคา 590 บาทค่ะ 😊");
  await customers.say(mali, "line", "เอา 1 ตัวค่ะ ส่งเชียงใหม่ได้ไหมคะ");
  await page.getByRole("log").getByText("เอา 1 ตัวค่ะ").waitFor();
  await page.keyboard.press("Alt+p");
  const note = page.getByRole("textbox", { name: "Note", exact: true });
  await note.fill("Regular customer: free delivery.");
  await note.press("Enter");
  await page.getByRole("log").getByText("Regular customer").waitFor();
  await page.keyboard.press("Alt+a");
  await row("มะลิ ใจดี").getByText("assigned to Nok").waitFor();
  await page.keyboard.press("Alt+l");
  await reply("ได้เลยค่ะ ส่งฟรีนะคะ");
  await page
    .getByRole("log")
    .evaluate((log) =>
      Promise.all([...log.querySelectorAll("img")].map((image) => image.decode().catch(() => undefined))),
    );
  await page.waitForLoadState("networkidle");
}

/** Both pictures side by side, drawn by the browser itself. */
async function join(...pictures) {
  const gap = 24;
  const width = CONSOLE.width + PHONE.width + 3 * gap;
  const height = CONSOLE.height + 2 * gap;
  const page = await (await browser.newContext({ viewport: { width, height } })).newPage();
  const images = pictures.map((bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`);
  await page.setContent(`<style>
    body { margin: 0; display: flex; gap: ${gap}px; padding: ${gap}px; background: #e9eef0; }
    img { display: block; border-radius: 12px; box-shadow: 0 2px 12px #0003; }
  </style>${images.join("")}`);
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  return page.screenshot();
}
