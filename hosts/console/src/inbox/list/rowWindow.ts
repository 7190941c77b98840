import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** Rows drawn above and below what is in sight, so that scrolling finds them there. */
const SPARE = 6;

/** The rows that are drawn: from `first` to just before `end`. */
export interface RowWindow {
  first: number;
  end: number;
  /** The first one that is wholly in sight. */
  seen: number;
}

export interface Sight {
  top: number;
  height: number;
}

export function windowOf(sight: Sight, rowHeight: number, count: number): RowWindow {
  const first = Math.floor(sight.top / rowHeight) - SPARE;
  const end = Math.ceil((sight.top + sight.height) / rowHeight) + SPARE;
  const within = (row: number, last: number) => Math.max(0, Math.min(row, last));
  return {
    first: within(first, count),
    end: within(end, count),
    seen: within(Math.ceil(sight.top / rowHeight), count - 1),
  };
}

/** Where to scroll so that a row is wholly in sight, by the shortest way; undefined when it is. */
export function scrollFor(sight: Sight, rowHeight: number, index: number): number | undefined {
  const top = index * rowHeight;
  if (top < sight.top) return top;
  const below = top + rowHeight - sight.height;
  return below > sight.top ? below : undefined;
}

function sightOf(box: HTMLElement): Sight {
  return { top: box.scrollTop, height: box.clientHeight };
}

/**
 * Which rows of a long list to draw. All rows are equally high, so nothing has to be measured but the box: a general
 * library for this would be ten times the code.
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, rowHeight: number, count: number) {
  const [drawn, setDrawn] = useState<RowWindow>({ first: 0, end: Math.min(count, 2 * SPARE), seen: 0 });

  // Not a dependency of `look`: who scrolls to a row does so when that row changes, not when the list grows.
  const counted = useRef(count);
  counted.current = count;

  const look = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const next = windowOf(sightOf(box), rowHeight, counted.current);
    setDrawn((now) =>
      now.first === next.first && now.end === next.end && now.seen === next.seen ? now : next,
    );
  }, [scroller, rowHeight]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows may be more to draw.
  useLayoutEffect(look, [look, count]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const watch = new ResizeObserver(look);
    watch.observe(box);
    box.addEventListener("scroll", look, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", look);
    };
  }, [scroller, look]);

  const show = useCallback(
    (index: number) => {
      const box = scroller.current;
      if (!box) return;
      const top = scrollFor(sightOf(box), rowHeight, index);
      if (top !== undefined) box.scrollTop = top;
      look();
    },
    [scroller, rowHeight, look],
  );

  return { drawn, show };
}
