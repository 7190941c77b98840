import { expect, test } from "vitest";
import { type Console, eventually } from "./console";
import { pdf, png } from "./files";
import { setStage } from "./stage";

const stage = setStage();

async function choose(owner: Console, name: string, mimeType: string, buffer: Buffer): Promise<void> {
  const chooser = owner.page.waitForEvent("filechooser");
  await owner.page.getByRole("button", { name: "Attach a picture or PDF" }).click();
  await (await chooser).setFiles({ name, mimeType, buffer });
  await owner.page.getByText(name).waitFor();
}

test("a picture with words arrives as two messages in order, and opens large", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "messenger", "Have you a picture?");
  await owner.openThread("Anna Berg");

  // What is removed before sending is not sent.
  await choose(owner, "wrong.png", "image/png", png(40, 30, [200, 40, 40]));
  await owner.page.getByRole("button", { name: /^(Remove the file|Cancel the upload)$/ }).click();
  await owner.page.getByText("wrong.png").waitFor({ state: "detached" });

  await choose(owner, "dress.png", "image/png", png(320, 240, [60, 90, 200]));
  await owner.page.getByText("Ready to send").waitFor();
  await owner.composer.fill("Here it is:");
  await owner.page.getByRole("button", { name: "Send", exact: true }).click();
  const picture = owner.log.getByRole("button", { name: /^Open picture/ });
  await picture.waitFor();
  await owner.tick(owner.bubble("Here it is:"), "Sent").waitFor();
  await eventually(() => owner.log.getByRole("img", { name: "Sent", exact: true }).count()).toBe(2);
  expect(await customers.received(anna, "messenger")).toMatchObject([
    { kind: "text", text: "Here it is:" },
    { kind: "image" },
  ]);
  // The thread has the same order.
  const words = await owner.log.getByRole("article").allInnerTexts();
  expect(words).toHaveLength(3);
  expect(words[1]).toContain("Here it is:");

  await owner.page.getByText("Ready to send").waitFor({ state: "detached" });
  await picture.click();
  const large = owner.page.getByRole("dialog", { name: /^Picture:/ });
  const drawn = large.getByRole("img");
  await drawn.waitFor();
  await eventually(() => drawn.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(320);
  await owner.shot("lightbox");
  await owner.page.keyboard.press("Escape");
  await large.waitFor({ state: "detached" });
  await eventually(() => picture.evaluate((one) => one === document.activeElement)).toBe(true);
});

test("a PDF with words arrives as two messages in order", async () => {
  const { owner, customers } = stage;
  const ben = await customers.named("Ben Carter");
  await customers.say(ben, "whatsapp", "The price list, please.");
  await owner.openThread("Ben Carter");
  await choose(owner, "prices.pdf", "application/pdf", pdf());
  await owner.page.getByText("Ready to send").waitFor();
  await owner.composer.fill("Our prices:");
  await owner.composer.press("Enter");
  await owner.log.getByRole("link", { name: /prices\.pdf/ }).waitFor();
  await eventually(() => owner.log.getByRole("img", { name: "Sent", exact: true }).count()).toBe(2);
  expect(await customers.received(ben, "whatsapp")).toMatchObject([
    { kind: "text", text: "Our prices:" },
    { kind: "document" },
  ]);
});

test("a customer's picture is shown, and what is no picture is refused", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await owner.openThread("Anna Berg");
  const pictures = owner.log.getByRole("button", { name: /^Open picture/ });
  expect(await pictures.count()).toBe(1);
  await customers.act(anna, "messenger", { type: "picture", file: { sample: "cat.jpg" } });
  await eventually(() => pictures.count()).toBe(2);
  const drawn = pictures.last().getByRole("img");
  await eventually(() => drawn.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  const chooser = owner.page.waitForEvent("filechooser");
  await owner.page.getByRole("button", { name: "Attach a picture or PDF" }).click();
  await (await chooser).setFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
  await owner.page.getByText("Only pictures (JPEG, PNG, WebP) and PDF can be sent here.").waitFor();
  await owner.page.getByText("page.html").waitFor({ state: "detached" });
});
