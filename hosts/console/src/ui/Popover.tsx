import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";

/** A small window beside its button, for more than a list of things to do. */
export function Popover({
  trigger,
  title,
  children,
  open,
  onOpenChange,
  align = "start",
  side = "bottom",
}: {
  trigger: ReactElement<Record<string, unknown>>;
  title: string;
  children: ReactNode;
  open: boolean;
  onOpenChange(open: boolean): void;
  align?: "start" | "end";
  side?: "bottom" | "top";
}) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} side={side} className="z-50 outline-none">
          <Base.Popup className="max-h-(--available-height) w-80 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-xl border border-line bg-raised p-3 shadow-pop outline-none">
            <Base.Title className="sr-only">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
