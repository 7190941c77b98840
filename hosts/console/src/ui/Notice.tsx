import type { ReactNode } from "react";
import { classes } from "./classes";

const tones = {
  danger: "bg-danger-soft text-danger",
  warn: "bg-warn-soft text-warn",
  ok: "bg-ok-soft text-ok",
  info: "bg-info-soft text-info",
} as const;

/** A sentence or two that should not be missed. What went wrong is read aloud at once. */
export function Notice({ tone, children }: { tone: keyof typeof tones; children: ReactNode }) {
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={classes("rounded-lg px-3 py-2 text-base break-words", tones[tone])}
    >
      {children}
    </div>
  );
}
