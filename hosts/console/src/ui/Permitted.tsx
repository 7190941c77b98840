import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { type Permission, useMe } from "~/api/people";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Loaded } from "./Loaded";
import { EmptyState } from "./states";

const messages = catalogue({
  en: {
    title: "This is not for your role",
    body: "An owner or admin of your workspace can open it for you.",
  },
  th: {
    title: "บทบาทของคุณเปิดหน้านี้ไม่ได้",
    body: "เจ้าของหรือผู้ดูแลของพื้นที่ทำงานเปิดสิทธิ์ให้คุณได้",
  },
});

/** Shows its content to whoever has the permission. The server decides; this only says so kindly. */
export function Permitted({ permission, children }: { permission: Permission; children: ReactNode }) {
  const t = useMessages(messages);
  const me = useMe();
  return (
    <Loaded query={me}>
      {({ permissions }) =>
        permissions.includes(permission) ? (
          children
        ) : (
          <EmptyState icon={<Lock size={26} />} title={t.title}>
            {t.body}
          </EmptyState>
        )
      }
    </Loaded>
  );
}
