import { withoutTurns } from "~/i18n/isolation";

/**
 * What somebody gave (a name, words, the name of a file) beside or within words of ours: in its own direction, which
 * ends where it ends.
 */
export function Given({ children, className }: { children: string; className?: string }) {
  return <bdi className={className}>{withoutTurns(children)}</bdi>;
}
