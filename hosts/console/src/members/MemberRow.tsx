import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, MailPlus, UserRoundCheck, UserRoundX } from "lucide-react";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { useMay } from "~/api/people";
import type { Schemas } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Avatar } from "~/ui/Avatar";
import { Badge } from "~/ui/Badge";
import { Confirm } from "~/ui/Confirm";
import { Given } from "~/ui/Given";
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuLine } from "~/ui/Menu";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { type Role, roleMessages, rolesToGive } from "./roles";

const messages = catalogue({
  en: {
    you: "You",
    INVITED: "Invited",
    DISABLED: "Switched off",
    more: (name: string) => `What to do with ${name}`,
    role: "Role",
    again: "Send the invitation again",
    sent: "The invitation is sent again.",
    enable: "Let them in again",
    disable: "Switch off…",
    disableTitle: (name: string) => `Switch ${name} off?`,
    disableWords:
      "They are logged out at once and get no more leads. What they wrote stays. You can let them in again.",
    disableAction: "Switch off",
    changed: "Saved.",
  },
  th: {
    you: "คุณ",
    INVITED: "เชิญแล้ว",
    DISABLED: "ปิดใช้งาน",
    more: (name: string) => `จัดการ ${name}`,
    role: "บทบาท",
    again: "ส่งคำเชิญอีกครั้ง",
    sent: "ส่งคำเชิญอีกครั้งแล้ว",
    enable: "เปิดใช้งานอีกครั้ง",
    disable: "ปิดใช้งาน…",
    disableTitle: (name: string) => `ปิดใช้งาน ${name} หรือไม่`,
    disableWords: "ผู้ใช้นี้จะถูกออกจากระบบทันทีและไม่ได้รับงานใหม่ ข้อความเดิมยังอยู่ และเปิดใช้งานอีกครั้งได้",
    disableAction: "ปิดใช้งาน",
    changed: "บันทึกแล้ว",
  },
});

export function MemberRow({ member }: { member: Schemas["Member"] }) {
  const t = useMessages(messages);
  const roles = useMessages(roleMessages);
  const client = useQueryClient();
  const me = useSignedIn().member;
  const mayManage = useMay("members:manage");
  const mayMakeOwners = useMay("owners:manage");
  const [asks, setAsks] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.members });
  const words = useProblemWords();
  const say = (error: unknown) => toast("failed", words(error));

  const path = { params: { path: { id: member.id } } };
  const change = useMutation({
    mutationFn: (body: Schemas["MemberPatch"]) => answer(api.PATCH("/api/members/{id}", { ...path, body })),
    onSuccess: () => {
      toast("done", t.changed);
      return refresh();
    },
    onError: say,
  });
  const again = useMutation({
    mutationFn: () => answer(api.POST("/api/members/{id}/invite", path)),
    onSuccess: () => toast("done", t.sent),
    onError: say,
  });

  const own = member.id === me.id;
  const may = mayManage && (member.role !== "OWNER" || mayMakeOwners);
  return (
    <li className="flex items-center gap-3 py-2.5 first:pt-0 last:pb-0">
      <Avatar name={member.name} size={36} className={member.status === "DISABLED" ? "opacity-50" : ""} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-base font-medium text-ink">
          <Given className="truncate">{member.name}</Given>
          {own && <Badge tone="accent">{t.you}</Badge>}
          {member.status === "INVITED" && <Badge tone="info">{t.INVITED}</Badge>}
          {member.status === "DISABLED" && <Badge tone="warn">{t.DISABLED}</Badge>}
        </p>
        <p className="truncate text-sm text-ink-faint">
          {member.email}
          <span className="sm:hidden"> · {roles[member.role]}</span>
        </p>
      </div>
      <span className="hidden text-base text-ink-soft sm:block">{roles[member.role]}</span>
      {may ? (
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={t.more(member.name)}
              className="touch-target inline-flex size-8 items-center justify-center rounded-lg text-ink-soft hover:bg-hover"
            >
              <Ellipsis size={18} aria-hidden="true" />
            </button>
          }
        >
          <MenuGroup label={t.role}>
            <MenuChoice<Role>
              value={member.role}
              onChange={(role) => role !== member.role && change.mutate({ role })}
              options={rolesToGive(mayMakeOwners).map((value) => ({ value, label: roles[value] }))}
            />
          </MenuGroup>
          {(member.status === "INVITED" || !own) && <MenuLine />}
          {member.status === "INVITED" && (
            <MenuItem icon={<MailPlus size={16} />} onSelect={() => again.mutate()}>
              {t.again}
            </MenuItem>
          )}
          {member.status === "DISABLED" && (
            <MenuItem
              icon={<UserRoundCheck size={16} />}
              onSelect={() => change.mutate({ status: "ACTIVE" })}
            >
              {t.enable}
            </MenuItem>
          )}
          {member.status !== "DISABLED" && !own && (
            <MenuItem danger icon={<UserRoundX size={16} />} onSelect={() => setAsks(true)}>
              {t.disable}
            </MenuItem>
          )}
        </Menu>
      ) : (
        <span className="w-8" />
      )}
      <Confirm
        open={asks}
        onClose={() => setAsks(false)}
        title={t.disableTitle(member.name)}
        description={t.disableWords}
        action={t.disableAction}
        run={async () => {
          await answer(api.PATCH("/api/members/{id}", { ...path, body: { status: "DISABLED" } }));
          await refresh();
        }}
      />
    </li>
  );
}
