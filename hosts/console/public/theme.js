// Sets the chosen theme and language before the first paint. The console itself reads the same entry again, with checks.
try {
  const chosen = JSON.parse(localStorage.getItem("hubchat.preferences") || "{}");
  if (chosen.theme === "light" || chosen.theme === "dark")
    document.documentElement.dataset.theme = chosen.theme;
  if (chosen.language === "th" || chosen.language === "en") document.documentElement.lang = chosen.language;
} catch {
  // Without storage the system's theme holds.
}
