/** What stands behind `#token=` in the address of a link; the part that browsers send to no server. */
export function linkToken(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token");
  return token?.trim() || undefined;
}
