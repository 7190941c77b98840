import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { launchBrowser } from "./browser";
import { Console, OWNER } from "./console";
import { Customers } from "./customers";
import { Hub } from "./hub";

interface Stage {
  hub: Hub;
  browser: Browser;
  customers: Customers;
  /** The owner's console, signed in and at the inbox. */
  owner: Console;
}

/**
 * A server, its customers and the owner's console for the tests of a file. After each test the console must have
 * stayed calm.
 */
export function setStage(): Stage {
  const stage = {} as Stage;
  beforeAll(async () => {
    stage.hub = await Hub.start();
    stage.customers = new Customers(stage.hub.sandboxUrl);
    stage.browser = await launchBrowser();
    stage.owner = await Console.open(stage.browser, stage.hub);
    await stage.owner.accept(stage.hub.ownerLink, OWNER);
    await stage.owner.toInbox();
  });
  afterEach(() => stage.owner.calm());
  afterAll(async () => {
    await stage.browser?.close();
    await stage.hub?.close();
  });
  return stage;
}
