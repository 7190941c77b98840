import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Hub } from "./hub";

export interface Person {
  name: string;
  email: string;
  password: string;
}

export const OWNER: Person = {
  name: "Olga Owner",
  email: "olga@example.com",
  password: "four plain words here",
};

/** Refusals that belong to a scenario: part of the address that is refused, and the status. */
interface Refusal {
  path: string;
  status: number;
}

/** The console in a browser of one person, which notes all that must not happen. */
export class Console {
  private readonly faults: string[] = [];
  private readonly refusals: Refusal[] = [
    // Nobody is signed in at first.
    { path: "/api/auth/refresh", status: 401 },
  ];
  private mayBeCut = false;

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly hub: Hub,
  ) {}

  static async open(browser: Browser, hub: Hub, options: BrowserContextOptions = {}): Promise<Console> {
    const context = await browser.newContext({
      baseURL: hub.url,
      viewport: { width: 1280, height: 800 },
      locale: "en-GB",
      colorScheme: "light",
      ...options,
    });
    context.setDefaultTimeout(20_000);
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    const page = await context.newPage();
    const console_ = new Console(page, context, hub);
    console_.watch();
    return console_;
  }

  private watch(): void {
    const { page } = this;
    page.on("pageerror", (error) => this.faults.push(`page error: ${error.stack ?? error.message}`));
    page.on("dialog", (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      const { url } = message.location();
      const text = message.text();
      const expected = this.refusals.some(
        ({ path, status }) => url.includes(path) && text.includes(`status of ${status}`),
      );
      const cut = this.mayBeCut && /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_SOCKET|WebSocket/.test(text);
      if (!expected && !cut) this.faults.push(`console: ${text} (${url})`);
    });
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== this.hub.url) {
        this.faults.push(`request to another host: ${url.href}`);
      }
    });
  }

  /** From here on the server may refuse this. */
  expectRefusal(path: string, status: number): void {
    this.refusals.push({ path, status });
  }

  /** From here on the server may be gone. */
  expectCuts(): void {
    this.mayBeCut = true;
  }

  /** Nothing happened that must not. */
  calm(): void {
    expect(this.faults).toEqual([]);
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Goes in by an invitation, and opens the inbox. */
  async accept(link: string, who: Person): Promise<void> {
    const { page } = this;
    // The first answer says that an owner's link needs an address.
    this.expectRefusal("/api/auth/accept-invitation", 422);
    await page.goto(link);
    await page.getByLabel("Your name").fill(who.name);
    await page.getByLabel("Choose a password").fill(who.password);
    await page.getByRole("button", { name: "Go in" }).click();
    const email = page.getByLabel("Your e-mail address");
    await email
      .or(page.getByRole("navigation", { name: "Main" }))
      .first()
      .waitFor();
    if (await email.isVisible()) {
      await email.fill(who.email);
      await page.getByRole("button", { name: "Go in" }).click();
    }
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  }

  /** Logs in by the form, which has to be there. */
  async logIn(who: Person): Promise<void> {
    const { page } = this;
    await page.getByLabel("E-mail address").fill(who.email);
    await page.getByLabel("Password").fill(who.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();
  }

  async toInbox(): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inbox" }).click();
    await this.page.getByRole("region", { name: "Inbox" }).waitFor();
  }

  /** The row of a customer in the list. */
  row(name: string): Locator {
    return this.page.getByRole("listbox", { name: "Conversations" }).getByRole("option").filter({
      hasText: name,
    });
  }

  /** Opens the conversation of a customer, and waits for its messages. */
  async openThread(name: string): Promise<void> {
    await this.row(name).click();
    await this.page.getByRole("region", { name, exact: true }).waitFor();
    await this.log.waitFor();
  }

  /** The messages of the open conversation. */
  get log(): Locator {
    return this.page.getByRole("log", { name: "Messages" });
  }

  /** A message of the open conversation, by its words. */
  bubble(text: string | RegExp): Locator {
    return this.log.getByRole("article").filter({ hasText: text });
  }

  /** How far a message of ours has come. */
  tick(bubble: Locator, words: string): Locator {
    return bubble.getByRole("img", { name: words, exact: true });
  }

  get composer(): Locator {
    return this.page.getByRole("textbox", { name: /^Reply to / });
  }

  /** Writes a reply and sends it by Enter. */
  async reply(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press("Enter");
  }

  /** The person and the lead beside the open thread. */
  details(name: string): Locator {
    return this.page.getByRole("complementary", { name, exact: true });
  }

  /** Chooses from a menu. */
  async choose(menu: Locator, item: string | RegExp): Promise<void> {
    await menu.click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  lane(name: string): Locator {
    return this.page
      .getByRole("navigation", { name: "Lanes" })
      .getByRole("button", { name: new RegExp(`^${name}`) });
  }

  /** A picture of the page, if pictures are wanted. */
  async shot(name: string): Promise<void> {
    const folder = process.env.HUBCHAT_SHOTS;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  }
}

/** Waits until something is so, and tells what it was at last. */
export function eventually<T>(what: () => Promise<T>) {
  return expect.poll(what, { timeout: 20_000, interval: 50 });
}
