import { useNavigate } from "@tanstack/react-router";
import { LogOut, Monitor, Moon, Sun, UserRound } from "lucide-react";
import { problemWordsSoon } from "~/api/problemWords";
import { session } from "~/auth/session";
import { useSignedIn } from "~/auth/useSession";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { type Language, setPreferences, type Theme, usePreferences } from "~/state/preferences";
import { Avatar } from "~/ui/Avatar";
import { Given } from "~/ui/Given";
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuLine } from "~/ui/Menu";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";

const messages = catalogue({
  en: {
    open: (name: string) => `${name}: account and appearance`,
    theme: "Appearance",
    system: "Like the system",
    light: "Light",
    dark: "Dark",
    language: "Language",
    send: "Send with",
    account: "Account and password",
    leave: "Log out",
  },
  th: {
    open: (name: string) => `${name}: บัญชีและการแสดงผล`,
    theme: "การแสดงผล",
    system: "ตามระบบ",
    light: "สว่าง",
    dark: "มืด",
    language: "ภาษา",
    send: "ส่งด้วย",
    account: "บัญชีและรหัสผ่าน",
    leave: "ออกจากระบบ",
  },
});

export function UserMenu() {
  const t = useMessages(messages);
  const { member, tenant } = useSignedIn();
  const { theme, language, sendKey } = usePreferences();
  const navigate = useNavigate();
  const words = useProblemWords();
  const leave = () =>
    session.leave().catch(async (error) => {
      await problemWordsSoon();
      toast("failed", words(error));
    });
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={t.open(member.name)}
          className="flex size-12 items-center justify-center rounded-xl hover:bg-rail-active"
        >
          <Avatar name={member.name} size={34} />
        </button>
      }
    >
      <div className="px-2.5 pt-1.5 pb-2">
        <p className="max-w-56 truncate text-base font-semibold text-ink">
          <Given>{member.name}</Given>
        </p>
        <p className="max-w-56 truncate text-sm text-ink-faint">{tenant.name}</p>
      </div>
      <MenuLine />
      <MenuGroup label={t.theme}>
        <MenuChoice<Theme>
          value={theme}
          onChange={(value) => setPreferences({ theme: value })}
          options={[
            { value: "system", label: t.system, icon: <Monitor size={16} /> },
            { value: "light", label: t.light, icon: <Sun size={16} /> },
            { value: "dark", label: t.dark, icon: <Moon size={16} /> },
          ]}
        />
      </MenuGroup>
      <MenuGroup label={t.language}>
        <MenuChoice<Language>
          value={language}
          onChange={(value) => setPreferences({ language: value })}
          options={[
            { value: "en", label: "English" },
            { value: "th", label: "ไทย" },
          ]}
        />
      </MenuGroup>
      <MenuGroup label={t.send}>
        <MenuChoice
          value={sendKey[member.id] ?? "enter"}
          onChange={(value) => setPreferences({ sendKey: { ...sendKey, [member.id]: value } })}
          options={[
            { value: "enter", label: "Enter" },
            { value: "mod-enter", label: "Ctrl/⌘ + Enter" },
          ]}
        />
      </MenuGroup>
      <MenuLine />
      <MenuItem icon={<UserRound size={16} />} onSelect={() => void navigate({ to: "/profile" })}>
        {t.account}
      </MenuItem>
      <MenuItem icon={<LogOut size={16} />} onSelect={() => void leave()}>
        {t.leave}
      </MenuItem>
    </Menu>
  );
}
