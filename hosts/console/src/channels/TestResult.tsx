import { CircleAlert, CircleCheck, LoaderCircle } from "lucide-react";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { Button } from "~/ui/Button";
import { ErrorState } from "~/ui/states";
import { type Finding, findingsOf } from "./findings";
import type { useChannelTest } from "./useChannelTest";

const messages = catalogue({
  en: {
    testing: "Asking the provider…",
    healthy: "All is well: messages can come in and go out.",
    unwell: "Not everything works yet.",
    account: (name: string) => `The provider knows this account as “${name}”.`,
    refused: (words: string) => `The provider did not accept the credentials. It says: ${words}`,
    unanswered: (words: string) => `The provider could not be asked, so try again later. (${words})`,
    webhookOff: "Webhooks are switched off at the provider: switch “Use webhook” on there.",
    otherAddress: (found: string) => `The provider sends messages to another address: ${found}`,
    noAddress: "The provider does not know yet where to send messages.",
    missing: (fields: string) => `The provider does not tell us of: ${fields}.`,
    webhookFailed: (words: string) => `The provider tried our address and failed: ${words}`,
    endsSoon: (at: string) => `The access ends on ${at}. Give new credentials before.`,
    allowanceUsed: (used: number, limit: number) =>
      `This month's allowance is used up: ${used} of ${limit} messages.`,
    quota: (used: number) => `${used} messages of the monthly allowance are used.`,
    quotaOf: (used: number, limit: number) =>
      `${used} of ${limit} messages of the monthly allowance are used.`,
    set: "Set our address there",
    again: "Test again",
    noPublic:
      "hubchat does not know its public address (HUBCHAT_PUBLIC_URL), so the address cannot be checked from here.",
  },
  th: {
    testing: "กำลังสอบถามผู้ให้บริการ…",
    healthy: "เรียบร้อย รับและส่งข้อความได้",
    unwell: "ยังใช้งานได้ไม่ครบ",
    account: (name: string) => `ผู้ให้บริการรู้จักบัญชีนี้ในชื่อ “${name}”`,
    refused: (words: string) => `ผู้ให้บริการไม่ยอมรับข้อมูลรับรอง แจ้งว่า: ${words}`,
    unanswered: (words: string) => `สอบถามผู้ให้บริการไม่ได้ โปรดลองใหม่ภายหลัง (${words})`,
    webhookOff: "webhook ถูกปิดอยู่ที่ผู้ให้บริการ โปรดเปิด “Use webhook”",
    otherAddress: (found: string) => `ผู้ให้บริการส่งข้อความไปที่อยู่อื่น: ${found}`,
    noAddress: "ผู้ให้บริการยังไม่รู้ว่าจะส่งข้อความไปที่ใด",
    missing: (fields: string) => `ผู้ให้บริการไม่แจ้งเหตุการณ์เหล่านี้: ${fields}`,
    webhookFailed: (words: string) => `ผู้ให้บริการลองส่งมาที่เราแล้วไม่สำเร็จ: ${words}`,
    endsSoon: (at: string) => `สิทธิ์จะหมดอายุ ${at} โปรดใส่ข้อมูลใหม่ก่อนวันนั้น`,
    allowanceUsed: (used: number, limit: number) => `โควตาเดือนนี้หมดแล้ว: ใช้ ${used} จาก ${limit} ข้อความ`,
    quota: (used: number) => `ใช้โควตารายเดือนไปแล้ว ${used} ข้อความ`,
    quotaOf: (used: number, limit: number) => `ใช้โควตารายเดือนไปแล้ว ${used} จาก ${limit} ข้อความ`,
    set: "ตั้งที่อยู่ของเราที่นั่น",
    again: "ทดสอบอีกครั้ง",
    noPublic: "hubchat ไม่รู้ที่อยู่สาธารณะของตัวเอง (HUBCHAT_PUBLIC_URL) จึงตรวจที่อยู่จากที่นี่ไม่ได้",
  },
});

/** A test under way or done, in words, with what can be done about it. */
export function TestResult({ test }: { test: ReturnType<typeof useChannelTest> }) {
  const t = useMessages(messages);
  if (test.isPending) {
    return (
      <p role="status" className="flex items-center gap-2 text-base text-ink-soft">
        <LoaderCircle size={16} className="animate-spin" aria-hidden="true" />
        {t.testing}
      </p>
    );
  }
  if (test.error) return <ErrorState error={test.error} onRetry={() => test.mutate(false)} />;
  if (!test.data) return null;
  return <Findings result={test.data} onTest={(setWebhook) => test.mutate(setWebhook)} />;
}

function Findings({ result, onTest }: { result: Schemas["ChannelTest"]; onTest(setWebhook: boolean): void }) {
  const t = useMessages(messages);
  const language = useLanguage();
  const { check, healthy } = result;
  const findings = findingsOf(result, Date.now());
  const words = (finding: Finding): string => {
    switch (finding.kind) {
      case "refused":
        return t.refused(finding.words);
      case "unanswered":
        return t.unanswered(finding.words);
      case "webhookOff":
        return t.webhookOff;
      case "otherAddress":
        return t.otherAddress(finding.found);
      case "noAddress":
        return t.noAddress;
      case "missing":
        return t.missing(finding.fields.join(", "));
      case "webhookFailed":
        return t.webhookFailed(finding.words);
      case "endsSoon":
        return t.endsSoon(fullMoment(Date.parse(finding.at), language));
      case "allowanceUsed":
        return t.allowanceUsed(finding.used, finding.limit);
    }
  };
  const settable = findings.some(({ kind }) => ["otherAddress", "noAddress", "missing"].includes(kind));
  const Icon = healthy ? CircleCheck : CircleAlert;
  const { quota } = check;
  return (
    <div role="status" className="flex flex-col gap-2 text-base">
      <p className={`flex items-start gap-2 font-medium ${healthy ? "text-ok" : "text-danger"}`}>
        <Icon size={18} className="mt-0.5 shrink-0" aria-hidden="true" />
        {healthy ? t.healthy : t.unwell}
      </p>
      {findings.length > 0 && (
        <ul className="flex list-disc flex-col gap-1 pl-7 text-ink">
          {findings.map((finding) => (
            <li key={finding.kind} className="break-words">
              {words(finding)}
            </li>
          ))}
        </ul>
      )}
      <div className="pl-6.5 text-sm text-ink-faint">
        {check.ok && check.displayName && <p>{t.account(check.displayName)}</p>}
        {quota && (
          <p>{quota.limit === undefined ? t.quota(quota.used) : t.quotaOf(quota.used, quota.limit)}</p>
        )}
        {!result.expectedWebhookUrl && <p>{t.noPublic}</p>}
      </div>
      <div className="flex flex-wrap gap-2 pl-6.5">
        {settable && (
          <Button size="sm" look="primary" onClick={() => onTest(true)}>
            {t.set}
          </Button>
        )}
        <Button size="sm" onClick={() => onTest(false)}>
          {t.again}
        </Button>
      </div>
    </div>
  );
}
