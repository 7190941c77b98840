// What the first load of the console weighs on the wire, from the log-in to the inbox: the page, all that it names, all
// that these import, and the inbox; compressed, each with the headers of its answer. Above the budget the build fails.
// `scripts/console speed` measures the same in a browser.
import { readFile } from "node:fs/promises";

const BUDGET = 250 * 1024;
/** What an answer costs beside its body: measured 0.8 to 0.9 KB, most of it the headers that keep the page safe. */
const HEADERS = 1024;

const dist = new URL("../dist/", import.meta.url);
const page = await readFile(new URL("index.html", dist), "utf8");
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));
const chunks = Object.values(manifest);

const files = new Set(["index.html"]);
const take = (file) => {
  if (files.has(file)) return;
  files.add(file);
  const chunk = chunks.find((one) => one.file === file);
  for (const sheet of chunk?.css ?? []) files.add(sheet);
  for (const key of chunk?.imports ?? []) take(manifest[key].file);
};
for (const [, file] of page.matchAll(/(?:src|href)="\/([^"]+)"/g)) take(file);
const inbox = chunks.find((chunk) => chunk.name === "inbox");
if (!inbox) throw new Error("the build has no inbox");
take(inbox.file);

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1).padStart(8)} KB`;
let total = 0;
for (const file of [...files].sort()) {
  const bytes = (await readFile(new URL(`${file}.gz`, dist))).length + HEADERS;
  total += bytes;
  console.log(`${kilobytes(bytes)}  ${file}`);
}
console.log(
  `${kilobytes(total)}  first load on the wire: ${files.size} compressed files, each with 1 KB for headers; the budget is ${BUDGET / 1024} KB`,
);
if (total > BUDGET) {
  console.error("the first load is over its budget");
  process.exit(1);
}
