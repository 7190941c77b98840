import type { ReactNode } from "react";

/** A message's words, beside the room for its time: whatever turns their letters around ends with them. */
export function Own({ children }: { children: ReactNode }) {
  return <span className="[unicode-bidi:isolate]">{children}</span>;
}
