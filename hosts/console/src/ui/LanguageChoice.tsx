import { setPreferences, usePreferences } from "~/state/preferences";
import { classes } from "./classes";

const languages = [
  { value: "en", label: "English" },
  { value: "th", label: "ไทย" },
] as const;

/** Both languages, each in its own words. */
export function LanguageChoice() {
  const { language } = usePreferences();
  return (
    <fieldset className="flex gap-1">
      <legend className="sr-only">Language / ภาษา</legend>
      {languages.map((one) => (
        <button
          key={one.value}
          type="button"
          lang={one.value}
          aria-pressed={language === one.value}
          onClick={() => setPreferences({ language: one.value })}
          className={classes(
            "touch-target rounded-lg px-2.5 py-1 text-sm",
            language === one.value ? "font-semibold text-ink" : "text-ink-faint hover:text-ink",
          )}
        >
          {one.label}
        </button>
      ))}
    </fieldset>
  );
}
