import { Inbox } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useNow } from "~/i18n/moments";
import { classes } from "~/ui/classes";
import { Spinner } from "~/ui/Spinner";
import { EmptyState, ErrorState } from "~/ui/states";
import { useConversationFilter, useMyTeams, useOpenConversation } from "../filter";
import { useConversationList } from "../queries";
import { shownConversations } from "../shown";
import { ConversationRow, ROW_HEIGHT } from "./ConversationRow";
import { useRowWindow } from "./rowWindow";

const messages = catalogue({
  en: {
    list: "Conversations",
    empty: "Nothing here",
    emptyWords: "Conversations that belong here appear by themselves.",
    noTeam: "You are in no team",
    noTeamWords: "What is given to a team of yours appears here.",
    more: "Loading more",
  },
  th: {
    list: "บทสนทนา",
    empty: "ไม่มีบทสนทนา",
    emptyWords: "บทสนทนาที่ตรงกับกลุ่มนี้จะปรากฏขึ้นเอง",
    noTeam: "คุณยังไม่ได้อยู่ในทีม",
    noTeamWords: "บทสนทนาที่มอบหมายให้ทีมของคุณจะปรากฏที่นี่",
    more: "กำลังโหลดเพิ่ม",
  },
});

export function ConversationList({ openId }: { openId: string | undefined }) {
  const t = useMessages(messages);
  const filter = useConversationFilter();
  const teams = useMyTeams();
  const list = useConversationList(filter);
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);

  useEffect(() => {
    shownConversations.set(rows.map((row) => row.id));
  }, [rows]);

  if (!filter && teams.data) return <EmptyState title={t.noTeam}>{t.noTeamWords}</EmptyState>;
  if (!filter && teams.error) return <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />;
  if (list.isPending) return <ListSkeleton />;
  if (list.error && rows.length === 0)
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Inbox size={28} aria-hidden="true" />} title={t.empty}>
        {t.emptyWords}
      </EmptyState>
    );
  }
  return (
    <Rows
      rows={rows}
      name={JSON.stringify(filter)}
      openId={openId}
      label={t.list}
      moreLabel={t.more}
      loadsMore={list.isFetchingNextPage}
      onEnd={() => {
        if (list.hasNextPage && !list.isFetching) void list.fetchNextPage();
      }}
    />
  );
}

interface RowsProps {
  rows: Conversation[];
  /** Which list they are of. */
  name: string;
  openId: string | undefined;
  label: string;
  moreLabel: string;
  loadsMore: boolean;
  onEnd(): void;
}

function Rows({ rows, name, openId, label, moreLabel, loadsMore, onEnd }: RowsProps) {
  const open = useOpenConversation();
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string>();
  const { drawn, show } = useRowWindow(scroller, ROW_HEIGHT, rows.length);
  useEffect(() => {
    if (drawn.end > rows.length - 8) onEnd();
  });

  // One option takes the Tab key: the one the keys were on, else the open one, else the first. While that one is not
  // drawn, the keys begin where the eye is.
  const known = (id: string | undefined) => id !== undefined && rows.some((row) => row.id === id);
  const restId = known(activeId) ? activeId : known(openId) ? openId : rows[0]?.id;
  const isDrawn = rows.slice(drawn.first, drawn.end).some((row) => row.id === restId);
  const tabId = isDrawn ? restId : rows[drawn.seen]?.id;

  // Brought into sight when it is opened, or the list is another one. After that it moves with every message, and the
  // list is the agent's to scroll.
  const openIndex = rows.findIndex((row) => row.id === openId);
  const place = `${name} ${openId}`;
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    if (openIndex >= 0) show(openIndex);
  }, [place, openIndex, show]);

  // Back from a conversation that had the whole page: to the row that it was opened with. The list is measured and
  // drawn anew then, which takes some frames.
  const wasOpen = useRef(openId);
  const rest = useRef(restId);
  rest.current = restId;
  useEffect(() => {
    const closed = wasOpen.current !== undefined && openId === undefined;
    wasOpen.current = openId;
    if (!closed) return;
    let frame = 0;
    const focus = (tries: number) => {
      if (document.activeElement !== document.body) return;
      const ofKeys = tries > 0 ? `[data-id="${rest.current}"]` : '[tabindex="0"]';
      const row = scroller.current?.querySelector<HTMLElement>(`[role="option"]${ofKeys}`);
      if (row) row.focus();
      else if (tries > 0) frame = requestAnimationFrame(() => focus(tries - 1));
    };
    focus(20);
    return () => cancelAnimationFrame(frame);
  }, [openId]);

  const focusRow = (index: number) => {
    const row = rows[Math.max(0, Math.min(index, rows.length - 1))];
    if (!row) return;
    setActiveId(row.id);
    show(rows.indexOf(row));
    // The row may have to be drawn first.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-id="${row.id}"]`)?.focus(),
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = rows.findIndex((row) => row.id === tabId);
    const to: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + 8,
      PageUp: at - 8,
    };
    const target = to[event.key];
    if (target !== undefined) {
      event.preventDefault();
      focusRow(target);
    } else if ((event.key === "Enter" || event.key === " ") && tabId) {
      event.preventDefault();
      open(tabId);
    }
  };

  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={label}
      aria-busy={loadsMore}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="h-full overflow-y-auto overscroll-contain outline-none"
    >
      <div role="presentation" className="relative w-full" style={{ height: rows.length * ROW_HEIGHT }}>
        {rows.slice(drawn.first, drawn.end).map((row, at) => {
          const index = drawn.first + at;
          const isOpen = row.id === openId;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list box handles the keys of its options.
            <div
              key={row.id}
              role="option"
              data-id={row.id}
              aria-selected={isOpen}
              aria-posinset={index + 1}
              aria-setsize={rows.length}
              tabIndex={row.id === tabId ? 0 : -1}
              onFocus={() => setActiveId(row.id)}
              onClick={() => open(row.id)}
              className={classes(
                "absolute top-0 left-0 w-full border-b border-line/70 transition-colors focus-visible:-outline-offset-2",
                isOpen ? "bg-selected" : "hover:bg-hover",
              )}
              style={{ height: ROW_HEIGHT, transform: `translateY(${index * ROW_HEIGHT}px)` }}
            >
              {isOpen && <span className="absolute inset-y-2 left-0 w-[3px] rounded-r-full bg-accent" />}
              <ConversationRow row={row} now={now} />
            </div>
          );
        })}
      </div>
      {loadsMore && (
        <div role="status" aria-label={moreLabel} className="flex justify-center py-3 text-ink-faint">
          <Spinner />
        </div>
      )}
    </div>
  );
}

function ListSkeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col">
      {["a", "b", "c", "d", "e", "f", "g"].map((key) => (
        <div key={key} className="flex gap-2.5 px-3 py-3" style={{ height: ROW_HEIGHT }}>
          <div className="skeleton size-10 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <div className="skeleton h-3 w-2/5" />
            <div className="skeleton h-3 w-4/5" />
            <div className="skeleton h-3 w-3/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
