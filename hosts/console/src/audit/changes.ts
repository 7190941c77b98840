/** One thing that an entry says was changed. */
export interface Change {
  name: string;
  before: string | undefined;
  after: string | undefined;
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function fields(value: unknown): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : { value };
}

/** What was and what is, name by name, without what stayed the same. */
export function changesIn(before: unknown, after: unknown): Change[] {
  const [was, is] = [fields(before), fields(after)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const text = (from: Record<string, unknown>, name: string) =>
    name in from ? shown(from[name]) : undefined;
  return names
    .map((name) => ({ name, before: text(was, name), after: text(is, name) }))
    .filter((change) => change.before !== change.after);
}

/** The first moment of a day of the reader's, or of the day after it. */
export function dayStart(date: string, daysLater = 0): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!match) return undefined;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + daysLater);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
