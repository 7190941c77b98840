import { useParams } from "@tanstack/react-router";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { ConversationPane } from "~/inbox/ConversationPane";
import { useNoStrayDrops } from "~/inbox/composer/attachment";
import { useOpenConversation } from "~/inbox/filter";
import { ConversationList } from "~/inbox/list/ConversationList";
import { Lanes } from "~/inbox/list/Lanes";
import { ListHeader } from "~/inbox/list/ListHeader";
import { neighbour, shownConversations } from "~/inbox/shown";
import { useChords } from "~/shell/keyboard";
import { usePreferences } from "~/state/preferences";
import { useLanesShape } from "~/state/ui";
import { classes } from "~/ui/classes";
import { Logo } from "~/ui/Logo";
import { EmptyState } from "~/ui/states";

const messages = catalogue({
  en: {
    inbox: "Inbox",
    none: "Choose a conversation",
    noneWords: "Alt+J opens the next one. Press ? for all keys.",
  },
  th: {
    inbox: "กล่องข้อความ",
    none: "เลือกบทสนทนา",
    noneWords: "Alt+J เปิดบทสนทนาถัดไป กด ? เพื่อดูปุ่มลัดทั้งหมด",
  },
});

/** The inbox: lanes, list, and the open conversation; one at a time where it is narrow. */
export function Screen() {
  const t = useMessages(messages);
  const { conversationId } = useParams({ strict: false });
  const open = useOpenConversation();
  const { detailsOpen } = usePreferences();
  const lanes = useLanesShape(detailsOpen);
  useNoStrayDrops();

  const go = (by: 1 | -1) => {
    const next = neighbour(shownConversations.get(), conversationId, by);
    if (next) open(next);
  };
  useChords({ "Alt+J": () => go(1), "Alt+K": () => go(-1) });

  return (
    <div className="flex h-full min-w-0">
      {lanes === "rail" && (
        <div className="flex w-14 shrink-0 flex-col border-r border-line bg-canvas pt-3">
          <Lanes shape="rail" />
        </div>
      )}
      {lanes === "column" && (
        <div className="flex w-54 shrink-0 flex-col border-r border-line bg-canvas pt-3">
          <p className="px-4.5 pb-2 text-lg font-semibold text-ink">{t.inbox}</p>
          <Lanes shape="column" />
        </div>
      )}
      <section
        aria-label={t.inbox}
        className={classes(
          "h-full w-full shrink-0 flex-col border-line bg-surface md:flex md:w-66 md:border-r lg:w-78 min-[1500px]:w-84",
          conversationId ? "hidden" : "flex",
        )}
      >
        <ListHeader />
        {lanes === "row" && <Lanes shape="row" />}
        <div className="min-h-0 flex-1 border-t border-line">
          <ConversationList openId={conversationId} />
        </div>
      </section>
      <div className={classes("h-full min-w-0 flex-1", conversationId ? "block" : "hidden md:block")}>
        {conversationId ? (
          <ConversationPane key={conversationId} id={conversationId} />
        ) : (
          <EmptyState icon={<Logo size={52} />} title={t.none}>
            {t.noneWords}
          </EmptyState>
        )}
      </div>
    </div>
  );
}
