import { useEffect, useState } from "react";
import { type Language, usePreferences } from "~/state/preferences";

// Times in words. All are of the reader's time zone; Thai keeps the common era, as providers' consoles do.

const locales: Record<Language, string> = { en: "en-GB", th: "th-TH-u-ca-gregory" };

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}/${name}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locales[language], options);
  formats.set(key, made);
  return made;
}

export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

export function clock(at: number, language: Language): string {
  return format(language, "clock", { hour: "2-digit", minute: "2-digit", hour12: false }).format(at);
}

export function fullMoment(at: number, language: Language): string {
  return format(language, "full", { dateStyle: "medium", timeStyle: "short", hour12: false }).format(at);
}

const DAY = 86_400_000;

/** Short, for lists: the clock today, then the weekday, then the date. */
export function shortMoment(at: number, now: number, language: Language): string {
  if (sameDay(at, now)) return clock(at, language);
  if (now - at < 6 * DAY && at < now) return format(language, "weekday", { weekday: "short" }).format(at);
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return thisYear
    ? format(language, "day", { day: "numeric", month: "short" }).format(at)
    : format(language, "date", { day: "numeric", month: "short", year: "2-digit" }).format(at);
}

/** A day, for the lines between messages. */
export function dayName(at: number, now: number, language: Language): string {
  const words =
    language === "th" ? { today: "วันนี้", yesterday: "เมื่อวาน" } : { today: "Today", yesterday: "Yesterday" };
  if (sameDay(at, now)) return words.today;
  if (sameDay(at, now - DAY)) return words.yesterday;
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return thisYear
    ? format(language, "weekdate", { weekday: "long", day: "numeric", month: "long" }).format(at)
    : format(language, "longdate", { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** A span in its largest unit. */
export function span(ms: number, language: Language): string {
  const thai = language === "th";
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return thai ? `${seconds} วินาที` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return thai ? `${minutes} นาที` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return thai ? `${hours} ชม.` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return thai ? `${days} วัน` : `${days} d`;
}

export function useLanguage(): Language {
  return usePreferences().language;
}

/** The time, as new as `every` milliseconds. */
export function useNow(every = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
