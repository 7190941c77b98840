import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { Loaded } from "~/ui/Loaded";
import { Sheet } from "~/ui/Page";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { programOf } from "./program";

const messages = catalogue({
  en: {
    title: "Where you are logged in",
    intro: "End what you do not know, and change your password then.",
    unknown: "Unknown program",
    here: "This browser",
    last: (at: string) => `Last used ${at}`,
    from: (address: string) => `from ${address}`,
    end: "End",
    endFor: (program: string) => `End the session of ${program}`,
    ended: "The session has ended.",
  },
  th: {
    title: "อุปกรณ์ที่เข้าสู่ระบบ",
    intro: "ถ้ามีรายการที่ไม่รู้จัก ให้สิ้นสุดเซสชันนั้นแล้วเปลี่ยนรหัสผ่าน",
    unknown: "โปรแกรมที่ไม่รู้จัก",
    here: "เบราว์เซอร์นี้",
    last: (at: string) => `ใช้ล่าสุด ${at}`,
    from: (address: string) => `จาก ${address}`,
    end: "สิ้นสุด",
    endFor: (program: string) => `สิ้นสุดเซสชันของ ${program}`,
    ended: "สิ้นสุดเซสชันแล้ว",
  },
});

export function Sessions() {
  const t = useMessages(messages);
  const query = useQuery({
    queryKey: keys.sessions,
    queryFn: async () => (await answer(api.GET("/api/auth/sessions"))).items,
    staleTime: 0,
  });
  return (
    <Sheet title={t.title} intro={t.intro}>
      <Loaded query={query}>
        {(sessions) => (
          <ul className="divide-y divide-line">
            {sessions.map((one) => (
              <SessionRow key={one.id} session={one} />
            ))}
          </ul>
        )}
      </Loaded>
    </Sheet>
  );
}

function SessionRow({ session }: { session: Schemas["Session"] }) {
  const t = useMessages(messages);
  const language = useLanguage();
  const words = useProblemWords();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => answer(api.DELETE("/api/auth/sessions/{id}", { params: { path: { id: session.id } } })),
    onSuccess: () => {
      toast("done", t.ended);
      return client.invalidateQueries({ queryKey: keys.sessions });
    },
    onError: (error) => toast("failed", words(error)),
  });
  const { name, mobile } = programOf(session.userAgent);
  const Icon = mobile ? Smartphone : Monitor;
  const program = name ?? t.unknown;
  return (
    <li className="flex items-center gap-3 py-3 first:pt-0 last:pb-0">
      <Icon size={20} className="shrink-0 text-ink-faint" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-base font-medium text-ink">
          {program}
          {session.current && <Badge tone="ok">{t.here}</Badge>}
        </p>
        <p className="text-sm text-ink-faint">
          {t.last(fullMoment(Date.parse(session.lastUsedAt), language))}
          {session.address && ` ${t.from(session.address)}`}
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          look="danger"
          aria-label={t.endFor(program)}
          busy={end.isPending}
          onClick={() => end.mutate()}
        >
          {t.end}
        </Button>
      )}
    </li>
  );
}
