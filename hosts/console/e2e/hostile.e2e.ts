import { expect, test } from "vitest";
import { eventually } from "./console";
import { setStage } from "./stage";

const stage = setStage();

// Each of these would set the flag, if any of it ever ran.
const RUN = "window.pwned=1";
const PAYLOADS = [
  `<script>${RUN}</script>`,
  `<img src=x onerror=${RUN}>`,
  `"><svg/onload=${RUN}>`,
  `<svg><animate onbegin=${RUN} attributeName=x dur=1s>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<a href="javascript:${RUN}">press</a>`,
  `javascript:${RUN}`,
  `data:text/html,<script>${RUN}</script>`,
  `<math><mtext></form><style><img title="</style><img src=x onerror=${RUN}>">`,
  `\${${RUN}} {{constructor.constructor('${RUN}')()}} \`\${${RUN}}\``,
  `<base href="https://evil.example/"><link rel=stylesheet href=//evil.example/x.css>`,
  `<meta http-equiv=refresh content="0;url=https://evil.example/">`,
  `<form action=https://evil.example><button>Log in</button></form>`,
  `[press](javascript:${RUN}) ![x](x" onerror="${RUN})`,
  `https://evil.example/"onmouseover="${RUN}`,
  `http://evil.example/<script>${RUN}</script>`,
  `https://user:pass@evil.example:99999/ http://[ https://`,
  `\u202Egnp.exe\u202C \u2066isolated\u2069 \u200F\u200E`,
  `constructor __proto__ toString`,
];

test("what customers and colleagues write runs nothing", async () => {
  const { hub, owner, customers } = stage;
  const { page } = owner;
  const asked: string[] = [];
  owner.context.on("request", (request) => asked.push(request.url()));

  const name = `<img src=x onerror=${RUN}>`;
  const mallory = await customers.named(name);
  for (const payload of PAYLOADS.slice(0, -1)) {
    if (payload.trim()) await customers.say(mallory, "messenger", payload);
  }
  const others = [
    `<script>${RUN}</script>`,
    `\u202Eevil\u202C`,
    `\${alert(1)}`,
    `"onfocus="${RUN}" autofocus`,
  ];
  for (const other of others) {
    await customers.say(await customers.named(other), "line", `<b>${other}</b>`);
  }
  const file = { contentType: "application/pdf", data: Buffer.from("%PDF-1.4\n%%EOF").toString("base64") };
  await customers.act(mallory, "messenger", {
    type: "file",
    file,
    fileName: `"><img src=x onerror=${RUN}>\u202Efdp.exe`,
  });
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="parent.${RUN}"/>`);
  await customers.act(mallory, "whatsapp", {
    type: "file",
    file: { contentType: "image/svg+xml", data: svg.toString("base64") },
    fileName: "picture.svg",
  });
  await customers.act(mallory, "whatsapp", { type: "file", file, fileName: "invoice\u202Efdp.exe" });
  await hub.api("POST", "/api/members", { name, email: "mallory@example.com", role: "VIEWER" });
  await hub.api("POST", "/api/teams", { name: `<script>${RUN}</script>` });

  await owner.row(name).first().waitFor();
  await owner.row(name).filter({ hasText: /./ }).last().click();
  await owner.log.waitFor();
  for (const row of await page.getByRole("option").all()) {
    await row.click();
    await owner.log.getByRole("article").first().waitFor();
  }
  // What turns letters around is in none of the places that a name, a preview or a file's name share with others.
  const turns = /[\u202A-\u202E\u2066-\u2069]/;
  expect(await page.getByRole("listbox", { name: "Conversations" }).innerText()).not.toMatch(turns);
  await owner.row("evil").click();
  await page.getByRole("heading", { name: "evil", level: 2 }).waitFor();
  expect(await page.getByRole("complementary").innerText()).not.toMatch(turns);
  await owner.row("invoicefdp.exe").click();
  await owner.log.getByText("invoicefdp.exe", { exact: true }).waitFor();
  await page.getByRole("option").filter({ hasText: name }).last().click();

  // In our own words too: a reply, a note, a tag, the note on the lead.
  const reply = PAYLOADS[2] ?? "";
  await owner.reply(reply);
  await owner.tick(owner.bubble(reply).last(), "Sent").or(owner.bubble(reply).last()).first().waitFor();
  await page.getByRole("button", { name: "Note", exact: true }).click();
  const note = page.getByRole("textbox", { name: "Note", exact: true });
  await note.fill(`@${name} ${PAYLOADS[1]} ${PAYLOADS[6]} https://ok.example/?a=1`);
  await note.press("Enter");
  await owner.bubble("https://ok.example/?a=1").waitFor();
  const details = page.getByRole("complementary");
  await details.getByLabel("Add a tag").fill(`<img src=x onerror=${RUN}>`);
  await page.keyboard.press("Enter");
  await details.getByRole("button", { name: /^Remove tag </ }).waitFor();
  await details.getByLabel("Note on the lead").fill(PAYLOADS[3] ?? "");
  await details.getByRole("button", { name: "Save" }).click();
  await details.getByText("Note changed").waitFor();
  await owner.shot("hostile");

  // Every link leads out by http or https, and tells nobody where from.
  const links = await owner.log
    .getByRole("link")
    .evaluateAll((all) =>
      all.map((one) => ({ href: (one as HTMLAnchorElement).href, rel: (one as HTMLAnchorElement).rel })),
    );
  expect(links.length).toBeGreaterThan(0);
  for (const { href, rel } of links) {
    expect(["http:", "https:"]).toContain(new URL(href).protocol);
    expect(rel.split(" ")).toEqual(expect.arrayContaining(["noopener", "noreferrer"]));
  }
  for (const row of await page.getByRole("option").all()) {
    await row.click();
    const opened = await owner.log
      .getByRole("link")
      .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).protocol));
    expect(opened.filter((one) => one !== "http:" && one !== "https:")).toEqual([]);
  }
  // Nothing of it became an element of the page.
  const intruders =
    "main script, main iframe, main base, main form[action*=evil], main [onerror], main [onload]";
  expect(await page.locator(intruders).count()).toBe(0);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("img");
  await page
    .getByRole("option", { name: /onerror/ })
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  for (const place of ["Members", "Channels", "Settings"]) {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: place }).click();
    await page.getByRole("heading", { name: place, level: 1 }).waitFor();
  }
  await page.goto("/members");
  await page.getByText(name).first().waitFor();
  await page.getByText(`<script>${RUN}</script>`).first().waitFor();
  await page.goto("/settings/audit");
  await page.getByRole("heading", { name: "Audit log" }).waitFor();

  await eventually(() => page.evaluate(() => "pwned" in window)).toBe(false);
  expect(asked.filter((url) => url.startsWith("http") && new URL(url).origin !== hub.url)).toEqual([]);
});
