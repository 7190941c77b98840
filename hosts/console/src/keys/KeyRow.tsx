import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { Given } from "~/ui/Given";
import { scopeMessages } from "./scopes";

const messages = catalogue({
  en: {
    revoke: "Revoke",
    revokeOf: (name: string) => `Revoke ${name}`,
    title: (name: string) => `Revoke ${name}?`,
    words: "Programs that use it are refused from now on. This cannot be taken back.",
    revoked: "Revoked",
    ended: "Ended",
    used: (at: string) => `last used ${at}`,
    unused: "never used",
    ends: (at: string) => `ends ${at}`,
    never: "never ends",
  },
  th: {
    revoke: "เพิกถอน",
    revokeOf: (name: string) => `เพิกถอน ${name}`,
    title: (name: string) => `เพิกถอน ${name} หรือไม่`,
    words: "โปรแกรมที่ใช้คีย์นี้จะถูกปฏิเสธทันที และย้อนกลับไม่ได้",
    revoked: "เพิกถอนแล้ว",
    ended: "หมดอายุแล้ว",
    used: (at: string) => `ใช้ล่าสุด ${at}`,
    unused: "ยังไม่เคยใช้",
    ends: (at: string) => `หมดอายุ ${at}`,
    never: "ไม่หมดอายุ",
  },
});

export function KeyRow({ apiKey }: { apiKey: Schemas["ApiKey"] }) {
  const t = useMessages(messages);
  const names = useMessages(scopeMessages);
  const language = useLanguage();
  const client = useQueryClient();
  const [asks, setAsks] = useState(false);
  const moment = (at: string) => fullMoment(Date.parse(at), language);
  const ended = apiKey.expiresAt !== undefined && Date.parse(apiKey.expiresAt) <= Date.now();
  const good = !apiKey.revokedAt && !ended;
  return (
    <li className="flex items-start gap-3 py-3 first:pt-0 last:pb-0">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-base font-medium text-ink">
          <Given className="break-words">{apiKey.name}</Given>
          <code className="text-sm font-normal text-ink-faint">{apiKey.prefix}…</code>
          {apiKey.revokedAt && <Badge tone="danger">{t.revoked}</Badge>}
          {!apiKey.revokedAt && ended && <Badge tone="warn">{t.ended}</Badge>}
        </p>
        <p className="text-sm text-ink-soft">{apiKey.scopes.map((scope) => names[scope]).join(", ")}</p>
        <p className="text-sm text-ink-faint">
          {apiKey.lastUsedAt ? t.used(moment(apiKey.lastUsedAt)) : t.unused}
          {" · "}
          {apiKey.expiresAt ? t.ends(moment(apiKey.expiresAt)) : t.never}
        </p>
      </div>
      {good && (
        <Button size="sm" look="danger" aria-label={t.revokeOf(apiKey.name)} onClick={() => setAsks(true)}>
          {t.revoke}
        </Button>
      )}
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={t.title(apiKey.name)}
        description={t.words}
        action={t.revoke}
        run={async () => {
          await answer(api.DELETE("/api/keys/{id}", { params: { path: { id: apiKey.id } } }));
          await client.invalidateQueries({ queryKey: keys.apiKeys });
        }}
      />
    </li>
  );
}
