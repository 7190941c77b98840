import type { ComponentProps } from "react";
import { classes } from "./classes";
import { Spinner } from "./Spinner";

const looks = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent",
  plain: "bg-surface text-ink border-line-strong hover:bg-hover",
  quiet: "bg-transparent text-ink-soft border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-surface text-danger border-line-strong hover:bg-danger-soft",
  note: "bg-note-line/60 text-note-ink border-note-line hover:bg-note-line",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  look?: keyof typeof looks;
  size?: "md" | "sm";
  /** Shows that it works, and takes no second press meanwhile. */
  busy?: boolean;
}

export function Button({
  look = "plain",
  size = "md",
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classes(
        "touch-target inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap transition-colors",
        "disabled:cursor-not-allowed disabled:opacity-55",
        size === "md" ? "h-9 px-3.5 text-base" : "h-7 px-2.5 text-sm",
        looks[look],
        className,
      )}
    >
      {busy && <Spinner size={14} />}
      {children}
    </button>
  );
}
