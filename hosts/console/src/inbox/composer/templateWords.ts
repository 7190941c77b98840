const PLACE = /\{\{\s*([^{}]+?)\s*\}\}/g;

/** The words of a template with what was filled in; a place without a value yet stays as it is. */
export function filled(body: string, parameters: readonly string[]): string {
  // Values are given in the order of the places; one that stands twice takes one value.
  const names = [...new Set([...body.matchAll(PLACE)].map(([, name = ""]) => name))];
  const numbered = names.every((name) => /^\d+$/.test(name));
  if (numbered) names.sort((a, b) => Number(a) - Number(b));
  return body.replace(PLACE, (place, name: string) => parameters[names.indexOf(name)]?.trim() || place);
}
