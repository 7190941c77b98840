import type { Counts } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import type { LanesShape } from "~/state/ui";
import { classes } from "~/ui/classes";
import { Tooltip } from "~/ui/Tooltip";
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

/** Where there are icons only: how many have something unread, at the icon's corner. */
function CornerCount({ lane, counts }: { lane: Lane; counts: Counts | undefined }) {
  const t = useMessages(laneMessages);
  const count = counts?.[lane];
  if (!count || count.total === 0) return null;
  return (
    <>
      <span className="sr-only">{t.count(count.total, count.unread)}</span>
      {count.unread > 0 && (
        <span
          aria-hidden="true"
          className="absolute top-0.5 right-0.5 rounded-full bg-accent px-1 text-[0.6875rem] leading-[1.45] font-semibold text-on-accent tabular-nums"
        >
          {count.unread > 99 ? "99+" : count.unread}
        </span>
      )}
    </>
  );
}

const looks: Record<LanesShape, { nav: string; list: string; button: string }> = {
  column: {
    nav: "",
    list: "flex flex-col gap-0.5 px-2",
    button: "h-8 gap-2 px-2.5",
  },
  rail: {
    nav: "",
    list: "flex flex-col gap-1 px-1.5",
    button: "relative h-10 justify-center",
  },
  row: {
    nav: "relative overflow-x-auto [scrollbar-width:none]",
    list: "flex w-max gap-1 px-3 pb-2",
    button: "h-8 gap-2 border border-line px-2.5 whitespace-nowrap",
  },
};

/** The lanes of the inbox with what is in them. */
export function Lanes({ shape }: { shape: LanesShape }) {
  const t = useMessages(laneMessages);
  const search = useInboxSearch();
  const change = useChangeSearch();
  const { data: counts } = useCounts();
  const chosen = search.lane ?? DEFAULT_LANE;
  const look = looks[shape];
  const rail = shape === "rail";
  return (
    <nav aria-label={t.lanes} className={look.nav}>
      <ul className={look.list}>
        {LANES.map((lane) => {
          const Icon = laneIcons[lane];
          const isChosen = lane === chosen;
          const total = counts?.[lane]?.total;
          const button = (
            <button
              type="button"
              aria-current={isChosen ? "page" : undefined}
              onClick={() =>
                change({ lane, assignee: undefined, team: undefined, sort: undefined, status: undefined })
              }
              className={classes(
                "touch-target flex w-full items-center rounded-lg text-base transition-colors",
                look.button,
                isChosen
                  ? "bg-selected font-semibold text-ink"
                  : "text-ink-soft hover:bg-hover hover:text-ink",
              )}
            >
              <Icon
                size={rail ? 19 : 16}
                strokeWidth={1.9}
                aria-hidden="true"
                className={classes("shrink-0", isChosen ? "text-accent" : "text-ink-faint")}
              />
              <span className={rail ? "sr-only" : "min-w-0 truncate text-left"}>{t[lane]}</span>
              {rail ? (
                <CornerCount lane={lane} counts={counts} />
              ) : (
                <Count lane={lane} counts={counts} chosen={isChosen} />
              )}
            </button>
          );
          return (
            <li key={lane}>
              {rail ? (
                <Tooltip side="right" label={total ? `${t[lane]}: ${total}` : t[lane]}>
                  {button}
                </Tooltip>
              ) : (
                button
              )}
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
