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

test("a file that was attached and not sent is there when the page is opened anew", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  const before = (await customers.received(anna, "messenger")).length;
  await owner.openThread("Anna Berg");
  const kept = () =>
    owner.page.waitForResponse(
      (response) => response.url().endsWith("/draft") && response.request().method() === "PUT",
    );
  const withFile = kept();
  await choose(owner, "kept.png", "image/png", png(32, 24, [20, 160, 90]));
  expect((await withFile).status()).toBe(200);
  await owner.page.reload();
  await owner.openThread("Anna Berg");
  await owner.page.getByText("kept.png").waitFor();
  await owner.page.getByText("Ready to send").waitFor();

  // What is removed stays away.
  const without = owner.page.waitForResponse(
    (response) => response.url().endsWith("/draft") && response.request().method() === "DELETE",
  );
  await owner.page.getByRole("button", { name: "Remove the file" }).click();
  expect((await without).status()).toBe(204);
  const again = kept();
  await choose(owner, "kept-again.png", "image/png", png(32, 24, [20, 160, 90]));
  await again;
  await owner.page.reload();
  await owner.openThread("Anna Berg");
  await owner.page.getByText("kept-again.png").waitFor();
  const sent = owner.page.waitForResponse(
    (response) => response.url().endsWith("/draft") && response.request().method() === "DELETE",
  );
  await owner.page.getByRole("button", { name: "Send", exact: true }).click();
  await eventually(async () => (await customers.received(anna, "messenger")).length).toBe(before + 1);
  await sent;
  await owner.page.reload();
  await owner.openThread("Anna Berg");
  await owner.composer.waitFor();
  expect(await owner.page.getByText("kept-again.png").count()).toBe(0);
});

test("a customer's picture is shown, and what is no picture is refused", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await owner.openThread("Anna Berg");
  const pictures = owner.log.getByRole("button", { name: /^Open picture/ });
  await pictures.first().waitFor();
  const before = await pictures.count();
  await customers.act(anna, "messenger", { type: "picture", file: { sample: "cat.jpg" } });
  await eventually(() => pictures.count()).toBe(before + 1);
  const drawn = pictures.last().getByRole("img");
  await eventually(() => drawn.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);

  const chooser = owner.page.waitForEvent("filechooser");
  await owner.page.getByRole("button", { name: "Attach a picture or PDF" }).click();
  await (await chooser).setFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") });
  await owner.page.getByText("Only pictures (JPEG, PNG, WebP) and PDF can be sent here.").waitFor();
  await owner.page.getByText("page.html").waitFor({ state: "detached" });
});
