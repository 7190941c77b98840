import { useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { KeyRow } from "~/keys/KeyRow";
import { NewKeyDialog } from "~/keys/NewKeyDialog";
import { Button } from "~/ui/Button";
import { Loaded } from "~/ui/Loaded";
import { Sheet } from "~/ui/Page";
import { Permitted } from "~/ui/Permitted";
import { EmptyState } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "API keys",
    intro: "For programs. People log in with their own password.",
    create: "New API key",
    none: "No key yet",
    noneWords: "A program needs one to read conversations or to send messages.",
  },
  th: {
    title: "API key",
    intro: "สำหรับโปรแกรม ผู้ใช้แต่ละคนเข้าสู่ระบบด้วยรหัสผ่านของตน",
    create: "API key ใหม่",
    none: "ยังไม่มีคีย์",
    noneWords: "โปรแกรมต้องใช้คีย์เพื่ออ่านบทสนทนาหรือส่งข้อความ",
  },
});

export function Screen() {
  const t = useMessages(messages);
  return (
    <Sheet title={t.title} intro={t.intro}>
      <Permitted permission="keys:manage">
        <Keys />
      </Permitted>
    </Sheet>
  );
}

function Keys() {
  const t = useMessages(messages);
  const [creates, setCreates] = useState(false);
  const query = useQuery({
    queryKey: keys.apiKeys,
    queryFn: async () => (await answer(api.GET("/api/keys"))).items,
  });
  return (
    <div className="flex flex-col gap-4">
      <Loaded query={query}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={<KeyRound size={26} />} title={t.none}>
              {t.noneWords}
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line">
              {list.map((apiKey) => (
                <KeyRow key={apiKey.id} apiKey={apiKey} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Button className="self-start" onClick={() => setCreates(true)}>
        <Plus size={16} aria-hidden="true" />
        {t.create}
      </Button>
      <NewKeyDialog open={creates} onClose={() => setCreates(false)} />
    </div>
  );
}
