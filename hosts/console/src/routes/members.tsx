import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useMay, useMembers } from "~/api/people";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { InviteDialog } from "~/members/InviteDialog";
import { MemberRow } from "~/members/MemberRow";
import { Teams } from "~/members/Teams";
import { Button } from "~/ui/Button";
import { Loaded } from "~/ui/Loaded";
import { Page, Sheet } from "~/ui/Page";

const messages = catalogue({
  en: {
    title: "Members",
    intro: "Who answers customers here, and what they may do.",
    invite: "Invite",
    people: "People",
  },
  th: {
    title: "สมาชิก",
    intro: "ใครตอบลูกค้าที่นี่ และทำอะไรได้บ้าง",
    invite: "เชิญ",
    people: "ผู้ใช้",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const members = useMembers();
  const mayManage = useMay("members:manage");
  const [invites, setInvites] = useState(false);
  return (
    <Page
      title={t.title}
      intro={t.intro}
      actions={
        mayManage && (
          <Button look="primary" onClick={() => setInvites(true)}>
            <UserPlus size={16} aria-hidden="true" />
            {t.invite}
          </Button>
        )
      }
    >
      <Sheet title={t.people}>
        <Loaded query={members} rows={4}>
          {(list) => (
            <ul className="divide-y divide-line">
              {list.map((member) => (
                <MemberRow key={member.id} member={member} />
              ))}
            </ul>
          )}
        </Loaded>
      </Sheet>
      <Teams />
      <InviteDialog open={invites} onClose={() => setInvites(false)} />
    </Page>
  );
}
