import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { ErrorState } from "./states";

const messages = catalogue({ en: { loading: "Loading" }, th: { loading: "กำลังโหลด" } });

/** Lines where a list will be. */
export function SkeletonRows({ rows = 3 }: { rows?: number }) {
  const t = useMessages(messages);
  return (
    <div role="status" aria-label={t.loading} className="flex flex-col gap-3 py-1">
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <div key={row} className="flex items-center gap-3">
          <div className="skeleton size-9 shrink-0" />
          <div className="flex flex-1 flex-col gap-1.5">
            <div className="skeleton h-3.5 w-2/5" />
            <div className="skeleton h-3 w-3/5" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** What a query brought; until then lines, and what went wrong when it failed. */
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<T>;
  rows?: number;
  children(data: T): ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <SkeletonRows {...(rows === undefined ? {} : { rows })} />;
}
