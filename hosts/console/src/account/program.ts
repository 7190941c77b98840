export interface Program {
  /** In words such as `Firefox on Windows`. */
  name: string | undefined;
  mobile: boolean;
}

const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** What a program that logged in calls itself, in words; only for people to recognise it, it may be made up. */
export function programOf(userAgent: string | undefined): Program {
  const find = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(userAgent ?? ""))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  const name = browser && system ? `${browser} · ${system}` : (browser ?? system ?? userAgent?.slice(0, 60));
  return { name: name || undefined, mobile: system === "iOS" || system === "Android" };
}
