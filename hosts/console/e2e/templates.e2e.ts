import { expect, test } from "vitest";
import { Console, eventually, OWNER } from "./console";
import { setStage } from "./stage";

const stage = setStage();

test("a customer who was silent for a day is written to by a template", async () => {
  const { owner, customers } = stage;
  const { page } = owner;
  const nok = await customers.named("Nok Dee");
  await customers.saidBefore(nok, "Is it on its way?", 25);
  await owner.openThread("Nok Dee");
  await page.getByText("Template needed: no free window is open").waitFor();
  expect(await owner.composer.isDisabled()).toBe(true);
  await owner.shot("template-needed");

  await page.getByRole("button", { name: "Choose a template" }).click();
  const dialog = page.getByRole("dialog", { name: "Templates" });
  await dialog.getByRole("button", { name: /^order_update en / }).click();
  const send = dialog.getByRole("button", { name: "Send template" });
  expect(await send.isDisabled()).toBe(true);
  await dialog.getByLabel("Value 1").fill("Nok");
  await dialog.getByText("Hello Nok, your order {{2}} is on its way.").waitFor();
  await dialog.getByLabel("Value 2").fill("A-42");
  await dialog.getByText("Hello Nok, your order A-42 is on its way.").waitFor();
  await owner.shot("template-picker");
  await send.click();
  await dialog.waitFor({ state: "detached" });

  const bubble = owner.bubble("Hello Nok, your order A-42 is on its way.");
  await owner.tick(bubble, "Sent").waitFor();
  expect(await bubble.count()).toBe(1);
  await eventually(() => customers.received(nok, "whatsapp")).toMatchObject([
    { kind: "template", text: "order_update | en | Nok | A-42" },
  ]);
  // The thread keeps what the customer reads, and the list shows it.
  await owner.row("Nok Dee").getByText("Hello Nok, your order A-42 is on its way.").waitFor();

  // Its answer opens the window again.
  await customers.say(nok, "whatsapp", "Thank you!");
  await page.getByText(/^Window closes in /).waitFor();
  expect(await owner.composer.isDisabled()).toBe(false);
});

test("where no window was ever open, the Thai console offers templates too", async () => {
  const { hub, browser, customers } = stage;
  const piya = await customers.named("ปิยะ ดีใจ");
  await customers.shopWrote(piya, "สวัสดีค่ะ ร้านเราเปิดแล้วนะคะ");
  const thai = await Console.open(browser, hub, { locale: "th-TH" });
  const { page } = thai;
  await page.goto("/login");
  await page.getByLabel("อีเมล").fill(OWNER.email);
  await page.getByLabel("รหัสผ่าน").fill(OWNER.password);
  await page.keyboard.press("Enter");
  // Nobody has told a name yet: the customer has said nothing.
  await page.getByRole("option").filter({ hasText: "ร้านเราเปิดแล้ว" }).click();
  await page.getByText("ต้องใช้เทมเพลต: ไม่อยู่ในช่วงตอบฟรี").waitFor();

  await page.getByRole("button", { name: "เลือกเทมเพลต" }).click();
  const dialog = page.getByRole("dialog", { name: "เทมเพลต" });
  await dialog.getByRole("button", { name: /^follow_up/ }).click();
  await dialog.getByLabel("ค่าที่ 1").fill("ปิยะ");
  await thai.shot("thai-template-picker");
  await dialog.getByRole("button", { name: "ส่งเทมเพลต" }).click();
  const words = "สวัสดีค่ะคุณ ปิยะ ยังสนใจสินค้าอยู่ไหมคะ ทางร้านพร้อมช่วยเลือกค่ะ";
  await page.getByRole("article").filter({ hasText: words }).getByRole("img", { name: "ส่งแล้ว" }).waitFor();
  await eventually(() => customers.received(piya, "whatsapp")).toMatchObject([
    { kind: "template", text: "follow_up | th | ปิยะ" },
  ]);
  thai.calm();
  await thai.close();
});
