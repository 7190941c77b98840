import { ChangePassword } from "~/account/ChangePassword";
import { Sessions } from "~/account/Sessions";
import { accountMessages } from "~/account/words";
import { useSignedIn } from "~/auth/useSession";
import { useMessages } from "~/i18n/catalogue";
import { roleMessages } from "~/members/roles";
import { Avatar } from "~/ui/Avatar";
import { Given } from "~/ui/Given";
import { Page, Sheet } from "~/ui/Page";

export function Screen() {
  const t = useMessages(accountMessages);
  const roles = useMessages(roleMessages);
  const { member, tenant } = useSignedIn();
  return (
    <Page title={t.title}>
      <Sheet>
        <div className="flex items-center gap-4">
          <Avatar name={member.name} size={52} />
          <div className="min-w-0">
            <p className="truncate text-lg font-semibold text-ink">
              <Given>{member.name}</Given>
            </p>
            <p className="truncate text-base text-ink-soft">{member.email}</p>
            <p className="truncate text-sm text-ink-faint">{t.at(roles[member.role], tenant.name)}</p>
          </div>
        </div>
      </Sheet>
      <ChangePassword />
      <Sessions />
    </Page>
  );
}
