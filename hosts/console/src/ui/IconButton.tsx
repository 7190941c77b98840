import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";
import { Tooltip } from "./Tooltip";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  /** What it does, for the tooltip and for those who hear it. */
  label: string;
  /** The key that does the same, shown with the label. */
  keys?: string;
  pressed?: boolean;
  children: ReactNode;
}

export function IconButton({ label, keys, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={keys ? `${label} (${keys})` : label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          "touch-target inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-soft transition-colors",
          "hover:bg-hover hover:text-ink disabled:cursor-not-allowed disabled:opacity-50",
          pressed && "bg-accent-soft text-accent-strong",
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
