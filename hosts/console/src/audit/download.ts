import type { AuditFilter } from "~/api/keys";
import { ApiProblem } from "~/api/problem";
import { problemWordsSoon } from "~/api/problemWords";
import { session } from "~/auth/session";

/** The parameters of a filter, without what it leaves open. */
export function parametersOf(filter: AuditFilter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filter).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== "",
    ),
  );
}

/** Hands the log to the browser as a file. A plain link would not carry the access token. */
export async function downloadAudit(filter: AuditFilter, format: "csv" | "jsonl"): Promise<void> {
  const query = new URLSearchParams({ ...parametersOf(filter), format });
  const response = await session.fetch(new Request(`${location.origin}/api/audit/export?${query}`));
  if (!response.ok) {
    await problemWordsSoon();
    throw ApiProblem.of(response, await response.json().catch(() => undefined));
  }
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = `audit.${format}`;
  link.click();
  // The browser has taken the file over once the click is done.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
