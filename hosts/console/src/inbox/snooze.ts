// When a snoozed conversation comes back, from what an agent chooses. Hours are of the agent's own time zone.

const HOUR = 3_600_000;

function morning(now: number, daysAhead: number): number {
  const at = new Date(now);
  at.setDate(at.getDate() + daysAhead);
  at.setHours(9, 0, 0, 0);
  return at.getTime();
}

export interface SnoozeChoice {
  name: "hour" | "threeHours" | "tomorrow" | "nextWeek";
  at: number;
}

export function snoozeChoices(now: number): SnoozeChoice[] {
  // From Monday on the next Monday, a week later.
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { name: "hour", at: now + HOUR },
    { name: "threeHours", at: now + 3 * HOUR },
    { name: "tomorrow", at: morning(now, 1) },
    { name: "nextWeek", at: morning(now, toMonday) },
  ];
}
