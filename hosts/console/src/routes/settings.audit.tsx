import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download, ScrollText } from "lucide-react";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { type AuditFilter, keys } from "~/api/keys";
import { useMembers } from "~/api/people";
import { dayStart } from "~/audit/changes";
import { downloadAudit, parametersOf } from "~/audit/download";
import { EntryRow } from "~/audit/EntryRow";
import { AUDIT_ACTIONS, actionMessages } from "~/audit/words";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { SelectField, TextField } from "~/ui/Field";
import { SkeletonRows } from "~/ui/Loaded";
import { Sheet } from "~/ui/Page";
import { Permitted } from "~/ui/Permitted";
import { EmptyState, ErrorState, useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";

const messages = catalogue({
  en: {
    title: "Audit log",
    intro: "Who changed what. Nothing takes an entry out again.",
    action: "What was done",
    actor: "By whom",
    any: "Anything",
    anyone: "Anybody",
    system: "hubchat or an operator",
    from: "From",
    to: "To",
    more: "Show earlier entries",
    none: "Nothing of the kind",
    noneWords: "No entry fits what you chose.",
    export: (format: string) => `Export as ${format}`,
    exported: "The export is an entry of the log itself.",
  },
  th: {
    title: "บันทึกการตรวจสอบ",
    intro: "ใครเปลี่ยนอะไร ไม่มีอะไรลบรายการออกได้",
    action: "สิ่งที่ทำ",
    actor: "โดย",
    any: "ทั้งหมด",
    anyone: "ทุกคน",
    system: "hubchat หรือผู้ดูแลเครื่อง",
    from: "ตั้งแต่",
    to: "ถึง",
    more: "แสดงรายการก่อนหน้า",
    none: "ไม่พบรายการ",
    noneWords: "ไม่มีรายการที่ตรงกับที่เลือก",
    export: (format: string) => `ส่งออกเป็น ${format}`,
    exported: "การส่งออกนี้ถูกบันทึกไว้ด้วย",
  },
});

const PAGE = 50;

export function Screen() {
  const t = useMessages(messages);
  return (
    <Sheet title={t.title} intro={t.intro}>
      <Permitted permission="audit:read">
        <AuditLog />
      </Permitted>
    </Sheet>
  );
}

function AuditLog() {
  const t = useMessages(messages);
  const actions = useMessages(actionMessages);
  const words = useProblemWords();
  const members = useMembers().data ?? [];
  const [action, setAction] = useState("");
  const [actor, setActor] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const filter: AuditFilter = {
    action: action || undefined,
    actor: actor || undefined,
    from: dayStart(from),
    to: dayStart(to, 1),
  };
  const log = useInfiniteQuery({
    queryKey: keys.audit(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { ...parametersOf(filter), limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answer(api.GET("/api/audit", { params: { query } }));
    },
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
  });
  const take = useMutation({
    mutationFn: (format: "csv" | "jsonl") => downloadAudit(filter, format),
    onSuccess: () => toast("done", t.exported),
    onError: (error) => toast("failed", words(error)),
  });
  const entries = log.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <div className="flex flex-col gap-5">
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <SelectField label={t.action} value={action} onChange={(event) => setAction(event.target.value)}>
          <option value="">{t.any}</option>
          {AUDIT_ACTIONS.map((one) => (
            <option key={one} value={one}>
              {actions[one]}
            </option>
          ))}
        </SelectField>
        <SelectField label={t.actor} value={actor} onChange={(event) => setActor(event.target.value)}>
          <option value="">{t.anyone}</option>
          {members.map((member) => (
            <option key={member.id} value={`MEMBER:${member.id}`}>
              {member.name}
            </option>
          ))}
          <option value="SYSTEM">{t.system}</option>
        </SelectField>
        <TextField
          label={t.from}
          type="date"
          value={from}
          max={to || undefined}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          label={t.to}
          type="date"
          value={to}
          min={from || undefined}
          onChange={(event) => setTo(event.target.value)}
        />
      </div>
      <div className="flex flex-wrap gap-2">
        {(["csv", "jsonl"] as const).map((format) => (
          <Button
            key={format}
            size="sm"
            busy={take.isPending && take.variables === format}
            onClick={() => take.mutate(format)}
          >
            <Download size={14} aria-hidden="true" />
            {t.export(format === "csv" ? "CSV" : "JSON Lines")}
          </Button>
        ))}
      </div>
      {log.isPending && <SkeletonRows rows={6} />}
      {log.isError && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && entries.length === 0 && (
        <EmptyState icon={<ScrollText size={26} />} title={t.none}>
          {t.noneWords}
        </EmptyState>
      )}
      {entries.length > 0 && (
        <ol className="divide-y divide-line">
          {entries.map((entry) => (
            <EntryRow key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
      {log.hasNextPage && (
        <Button
          className="self-center"
          busy={log.isFetchingNextPage}
          onClick={() => void log.fetchNextPage()}
        >
          {t.more}
        </Button>
      )}
    </div>
  );
}
