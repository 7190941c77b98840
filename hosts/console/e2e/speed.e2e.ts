import { expect, test } from "vitest";
import { Console, OWNER } from "./console";
import { setStage } from "./stage";

const stage = setStage();

// Figures of the machine that runs this, printed. Only what is far off fails: other work may share the machine.

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

function told(name: string, values: readonly number[]): void {
  const figures = [0.5, 0.95, 1].map((part) => quantile(values, part).toFixed(0));
  console.log(
    `${name}: p50 ${figures[0]} ms, p95 ${figures[1]} ms, most ${figures[2]} ms, of ${values.length}`,
  );
}

test("the first load", async () => {
  const fresh = await Console.open(stage.browser, stage.hub);
  const wire = await fresh.context.newCDPSession(fresh.page);
  let bytes = 0;
  let own = 0;
  // What the console is made of, in contrast to the data that it shows.
  const files = new Set<string>();
  await wire.send("Network.enable");
  wire.on("Network.responseReceived", ({ requestId, response }) => {
    if (/^\/(assets\/.*|[a-z]+\.(js|svg)|login)?$/.test(new URL(response.url).pathname)) files.add(requestId);
  });
  // The length of what came over the wire: the headers, and the body as it was packed.
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    bytes += encodedDataLength;
    if (files.has(requestId)) own += encodedDataLength;
  });
  const start = performance.now();
  await fresh.page.goto("/login");
  await fresh.page.getByRole("button", { name: "Log in" }).waitFor();
  const login = performance.now() - start;
  await fresh.logIn(OWNER);
  await fresh.page.getByRole("region", { name: "Inbox" }).waitFor();
  await fresh.page.waitForLoadState("networkidle");
  console.log(
    `first load to the inbox: ${(own / 1024).toFixed(1)} KB of the console in ${files.size} files with their headers, ${((bytes - own) / 1024).toFixed(1)} KB of data; log-in drawn after ${login.toFixed(0)} ms`,
  );
  expect(own).toBeLessThan(250 * 1024);
  fresh.calm();
  await fresh.close();
});

test("from a customer's word to the screen", async () => {
  const { owner, customers } = stage;
  const anna = await customers.named("Anna Berg");
  await customers.say(anna, "line", "word 0");
  await owner.openThread("Anna Berg");
  await owner.bubble("word 0").waitFor();
  // The page notes when a word is drawn: in the frame after it came into the document.
  await owner.page.evaluate(() => {
    const drawn: Record<string, number> = {};
    Object.assign(window, { drawn });
    const log = document.querySelector('[role="log"]');
    if (!log) throw new Error("there is no thread");
    new MutationObserver(() => {
      const words = log.textContent?.match(/word \d+;/g) ?? [];
      requestAnimationFrame(() => {
        for (const word of words) drawn[word] ??= Date.now();
      });
    }).observe(log, { childList: true, subtree: true, characterData: true });
  });
  const took: number[] = [];
  for (let at = 1; at <= 30; at++) {
    const word = `word ${at};`;
    const said = Date.now();
    await customers.say(anna, "line", word);
    await owner.bubble(word).waitFor();
    const handle = await owner.page.waitForFunction(
      (one) => (window as unknown as { drawn: Record<string, number> }).drawn[one],
      word,
    );
    took.push(((await handle.jsonValue()) ?? Number.NaN) - said);
  }
  told("webhook to pixel", took);
  expect(quantile(took, 0.5)).toBeLessThan(2_000);
});

test("switching to a conversation that is cached", async () => {
  const { owner, customers } = stage;
  const names = ["Anna Berg", "Ben Carter"];
  const ben = await customers.named("Ben Carter");
  for (let at = 0; at < 30; at++) await customers.say(ben, "messenger", `Line ${at}`);
  for (const name of names) {
    await owner.openThread(name);
    await owner.log.getByRole("article").first().waitFor();
  }
  const took: number[] = [];
  for (let at = 0; at < 20; at++) {
    const name = names[at % 2] ?? "";
    took.push(
      await owner.row(name).evaluate(
        (row, wanted) =>
          new Promise<number>((done) => {
            const start = performance.now();
            const look = () => {
              const open = document.querySelector(`section[aria-label="${wanted}"] [role="log"] article`);
              if (open) requestAnimationFrame(() => done(performance.now() - start));
              else requestAnimationFrame(look);
            };
            (row as HTMLElement).click();
            requestAnimationFrame(look);
          }),
        name,
      ),
    );
  }
  told("switch to a cached conversation", took);
  expect(quantile(took, 0.5)).toBeLessThan(1_000);
});
