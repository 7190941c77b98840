import { useMembers } from "~/api/people";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { changesIn } from "./changes";
import { actionMessages, subjectMessages } from "./words";

const messages = catalogue({
  en: {
    system: "hubchat or an operator",
    key: (id: string) => `API key ${id}`,
    member: (id: string) => `Member ${id}`,
    was: "Before",
    is: "After",
    what: "What",
    address: (address: string) => `From ${address}`,
    request: (id: string) => `Request ${id}`,
    number: (seq: number) => `Entry ${seq}`,
  },
  th: {
    system: "hubchat หรือผู้ดูแลเครื่อง",
    key: (id: string) => `API key ${id}`,
    member: (id: string) => `สมาชิก ${id}`,
    was: "ก่อน",
    is: "หลัง",
    what: "สิ่งที่เปลี่ยน",
    address: (address: string) => `จาก ${address}`,
    request: (id: string) => `คำขอ ${id}`,
    number: (seq: number) => `รายการที่ ${seq}`,
  },
});

export function EntryRow({ entry }: { entry: Schemas["AuditEntry"] }) {
  const t = useMessages(messages);
  const actions = useMessages(actionMessages);
  const subjects = useMessages(subjectMessages);
  const language = useLanguage();
  const members = useMembers().data ?? [];
  const nameOf = (id: string | undefined) => members.find((member) => member.id === id)?.name;
  const short = (id: string) => id.slice(-8);

  const actor = () => {
    const { type, id = "" } = entry.actor;
    if (type === "MEMBER") return nameOf(id) ?? t.member(short(id));
    return type === "API_KEY" ? t.key(short(id)) : t.system;
  };
  const { subject } = entry;
  const named = subject.type === "MEMBER" ? nameOf(subject.id) : undefined;
  const changes = changesIn(entry.before, entry.after);
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <details className="group">
        <summary className="flex cursor-pointer list-none flex-wrap items-baseline gap-x-3 gap-y-0.5 rounded-md hover:bg-hover">
          <span className="text-base font-medium text-ink">{actions[entry.action] ?? entry.action}</span>
          <span className="min-w-0 flex-1 basis-40 truncate text-base text-ink-soft">
            {actor()} · {subjects[subject.type]} {named ?? short(subject.id)}
          </span>
          <time dateTime={entry.at} className="text-sm text-ink-faint">
            {fullMoment(Date.parse(entry.at), language)}
          </time>
        </summary>
        <div className="mt-2 flex flex-col gap-2 rounded-lg bg-sunken px-3 py-2 text-sm">
          {changes.length > 0 && (
            <div className="overflow-x-auto">
              <table className="w-full text-left">
                <thead className="text-ink-faint">
                  <tr>
                    <th className="pr-3 font-medium">{t.what}</th>
                    <th className="pr-3 font-medium">{t.was}</th>
                    <th className="font-medium">{t.is}</th>
                  </tr>
                </thead>
                <tbody className="align-top text-ink">
                  {changes.map((change) => (
                    <tr key={change.name}>
                      <td className="pr-3 font-mono">{change.name}</td>
                      <td className="pr-3 break-all">{change.before ?? "–"}</td>
                      <td className="break-all">{change.after ?? "–"}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <p className="break-all text-ink-faint">
            {[
              `${subjects[subject.type]} ${subject.id}`,
              entry.address && t.address(entry.address),
              entry.requestId && t.request(entry.requestId),
              t.number(entry.seq),
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
      </details>
    </li>
  );
}
