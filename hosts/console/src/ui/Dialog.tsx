import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { classes } from "./classes";

const messages = catalogue({ en: { close: "Close" }, th: { close: "ปิด" } });

export interface DialogProps {
  open: boolean;
  onClose(): void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons at the end, the chosen way last. */
  actions?: ReactNode;
  wide?: boolean;
}

/** A window over the page. The focus stays in it, and goes back to where it was. */
export function Dialog({ open, onClose, title, description, children, actions, wide = false }: DialogProps) {
  const t = useMessages(messages);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup
          className={classes(
            "fixed top-1/2 left-1/2 z-40 flex max-h-[90dvh] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface shadow-pop",
            wide ? "max-w-2xl" : "max-w-md",
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-semibold text-ink">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-1 text-base text-ink-soft">{description}</Base.Description>
              )}
            </div>
            <Base.Close
              aria-label={t.close}
              className="touch-target -mr-2 inline-flex size-8 items-center justify-center rounded-lg text-ink-soft hover:bg-hover"
            >
              <X size={18} aria-hidden="true" />
            </Base.Close>
          </div>
          {children && <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>}
          {actions && (
            <div
              className={classes("flex flex-wrap justify-end gap-2 px-5 pb-4", children ? "pt-1" : "pt-4")}
            >
              {actions}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
