// Writes src/api/schema.d.ts from docs/openapi.json; with --check it only says whether the two agree.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../../docs/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.d.ts", import.meta.url);

// Otherwise every field with a default would be required in requests.
const nodes = await openapiTS(source, { defaultNonNullable: false });
const wanted = `// Generated from docs/openapi.json by \`npm run generate\`. Do not edit.\n\n${astToString(nodes)}`;

if (process.argv.includes("--check")) {
  const found = await readFile(target, "utf8").catch(() => "");
  if (found !== wanted) {
    console.error("src/api/schema.d.ts does not agree with docs/openapi.json: run `npm run generate`");
    process.exit(1);
  }
} else {
  await writeFile(target, wanted);
}
