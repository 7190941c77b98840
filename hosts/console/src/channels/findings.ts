import type { Schemas } from "~/api/rows";

/** One thing that a test found, to be put into words. */
export type Finding =
  | { kind: "refused"; words: string }
  | { kind: "unanswered"; words: string }
  | { kind: "webhookOff" }
  | { kind: "otherAddress"; found: string; expected: string }
  | { kind: "noAddress"; expected: string }
  | { kind: "missing"; fields: readonly string[] }
  | { kind: "webhookFailed"; words: string }
  | { kind: "endsSoon"; at: string }
  | { kind: "allowanceUsed"; used: number; limit: number };

const SOON_MS = 7 * 24 * 60 * 60 * 1_000;

/** What is wrong or soon will be, the worst first. */
export function findingsOf(test: Schemas["ChannelTest"], now: number): Finding[] {
  const { check, expectedWebhookUrl: expected, webhookTest } = test;
  const findings: Finding[] = [];
  // An account keeps its status when the provider could not be asked.
  const refused = test.channel.status === "UNAUTHORIZED";
  if (!check.ok) findings.push({ kind: refused ? "refused" : "unanswered", words: check.error ?? "" });
  if (check.ok && check.webhookActive === false) findings.push({ kind: "webhookOff" });
  if (check.ok && expected && check.webhookUrl !== undefined && check.webhookUrl !== expected) {
    findings.push(
      check.webhookUrl === ""
        ? { kind: "noAddress", expected }
        : { kind: "otherAddress", found: check.webhookUrl, expected },
    );
  }
  if (check.missingSubscriptions?.length)
    findings.push({ kind: "missing", fields: check.missingSubscriptions });
  if (webhookTest && !webhookTest.success)
    findings.push({ kind: "webhookFailed", words: webhookTest.reason });
  if (check.expiresAt && Date.parse(check.expiresAt) - now < SOON_MS)
    findings.push({ kind: "endsSoon", at: check.expiresAt });
  const { quota } = check;
  if (quota?.limit !== undefined && quota.used >= quota.limit)
    findings.push({ kind: "allowanceUsed", used: quota.used, limit: quota.limit });
  return findings;
}
