// What this tab holds of whoever is logged in, outside of the cache: files, words that were not sent. Whoever comes next
// at the same browser must find none of it.

const holders: (() => void)[] = [];

/** A module that holds something of the member says here how to forget it. */
export function whenMemberLeaves(forget: () => void): void {
  holders.push(forget);
}

export function forgetMember(): void {
  for (const forget of holders) forget();
}
