import { useSignedIn } from "~/auth/useSession";
import { catalogue, useMessages } from "~/i18n/catalogue";
import type { Viewer } from "~/realtime/frames";
import { presence } from "~/realtime/presence";
import { useStore } from "~/state/store";
import { Avatar } from "~/ui/Avatar";

const messages = catalogue({
  en: {
    viewing: (names: string[]) => `${names.join(", ")} ${names.length > 1 ? "are" : "is"} here too`,
    typing: (names: string[]) => `${names.join(", ")} ${names.length > 1 ? "are" : "is"} writing…`,
  },
  th: {
    viewing: (names: string[]) => `${names.join(", ")} ก็เปิดอยู่`,
    typing: (names: string[]) => `${names.join(", ")} กำลังพิมพ์…`,
  },
});

function useColleagues(conversationId: string): readonly Viewer[] {
  const me = useSignedIn().member.id;
  const all = useStore(presence, (now) => now[conversationId]);
  return (all ?? []).filter((one) => one.memberId !== me);
}

/** The pictures of those who look at the conversation too. */
export function ColleagueFaces({ conversationId }: { conversationId: string }) {
  const others = useColleagues(conversationId);
  if (others.length === 0) return null;
  return (
    <span className="hidden -space-x-1.5 sm:flex">
      {others.slice(0, 3).map((one) => (
        <Avatar key={one.memberId} name={one.name} size={24} className="ring-2 ring-surface" />
      ))}
    </span>
  );
}

/** In words who else is here, and who of them writes. */
export function ColleagueLine({ conversationId }: { conversationId: string }) {
  const t = useMessages(messages);
  const others = useColleagues(conversationId);
  const writing = others.filter((one) => one.state === "typing");
  const told = writing.length > 0 ? writing : others;
  const names = told.map((one) => one.name);
  const words = told.length === 0 ? "" : (writing.length > 0 ? t.typing : t.viewing)(names);
  return (
    <p role="status" className={words ? "truncate px-5 pb-1 text-xs text-ink-faint" : "sr-only"}>
      {words}
    </p>
  );
}
