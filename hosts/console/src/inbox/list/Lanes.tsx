import type { Counts } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { classes } from "~/ui/classes";
import { DEFAULT_LANE, LANES, type Lane, useChangeSearch, useInboxSearch } from "../filter";
import { useCounts } from "../queries";
import { laneIcons, laneMessages } from "./laneMessages";

/** Counts come with every answer of the server; until one came there is no figure, not a nought. */
function Count({ lane, counts, chosen }: { lane: Lane; counts: Counts | undefined; chosen: boolean }) {
  const t = useMessages(laneMessages);
  const count = counts?.[lane];
  if (!count || count.total === 0) return null;
  return (
    <span className="ml-auto flex items-center gap-1 text-xs tabular-nums">
      <span className="sr-only">{t.count(count.total, count.unread)}</span>
      <span aria-hidden="true" className={chosen ? "text-ink-soft" : "text-ink-faint"}>
        {count.total}
      </span>
      {count.unread > 0 && (
        <span aria-hidden="true" className="rounded-full bg-accent px-1.5 font-semibold text-on-accent">
          {count.unread > 99 ? "99+" : count.unread}
        </span>
      )}
    </span>
  );
}

/** The lanes of the inbox with what is in them: a column, or a row to scroll where it is narrow. */
export function Lanes({ row = false }: { row?: boolean }) {
  const t = useMessages(laneMessages);
  const search = useInboxSearch();
  const change = useChangeSearch();
  const { data: counts } = useCounts();
  const chosen = search.lane ?? DEFAULT_LANE;
  return (
    <nav aria-label={t.lanes} className={row ? "relative overflow-x-auto [scrollbar-width:none]" : ""}>
      <ul className={row ? "flex w-max gap-1 px-3 pb-2" : "flex flex-col gap-0.5 px-2"}>
        {LANES.map((lane) => {
          const Icon = laneIcons[lane];
          const isChosen = lane === chosen;
          return (
            <li key={lane}>
              <button
                type="button"
                aria-current={isChosen ? "page" : undefined}
                onClick={() =>
                  change({ lane, assignee: undefined, team: undefined, sort: undefined, status: undefined })
                }
                className={classes(
                  "touch-target flex h-8 w-full items-center gap-2 rounded-lg px-2.5 text-base transition-colors",
                  isChosen
                    ? "bg-selected font-semibold text-ink"
                    : "text-ink-soft hover:bg-hover hover:text-ink",
                  row && "border border-line whitespace-nowrap",
                )}
              >
                <Icon
                  size={16}
                  strokeWidth={1.9}
                  aria-hidden="true"
                  className={classes("shrink-0", isChosen ? "text-accent" : "text-ink-faint")}
                />
                <span className="min-w-0 truncate text-left">{t[lane]}</span>
                <Count lane={lane} counts={counts} chosen={isChosen} />
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
