// What the first load of the console weighs, compressed: the entry, all that it imports statically, and the
// style sheets. Above the budget the build fails.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET = 250 * 1024;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set();
const seen = new Set();
const visit = (key) => {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const sheet of chunk.css ?? []) files.add(sheet);
  for (const next of chunk.imports ?? []) visit(next);
};

const entries = Object.keys(manifest).filter((key) => manifest[key].isEntry);
if (entries.length === 0) throw new Error("the build has no entry");
for (const key of entries) visit(key);
// What everyone sees first after the log-in counts too.
for (const key of Object.keys(manifest)) if (/routes\/(inbox|login)\.tsx$/.test(key)) visit(key);

let total = 0;
for (const file of [...files].sort()) {
  const bytes = gzipSync(await readFile(new URL(file, dist))).length;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KB  ${file}`);
}
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KB  first load, compressed; the budget is ${BUDGET / 1024} KB`,
);
if (total > BUDGET) {
  console.error("the first load is over its budget");
  process.exit(1);
}
