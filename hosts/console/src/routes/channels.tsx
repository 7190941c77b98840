import { Plus, Radio } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useChannels, useMay } from "~/api/people";
import { ChannelRow } from "~/channels/ChannelRow";
import { ConnectDialog } from "~/channels/ConnectDialog";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { Loaded } from "~/ui/Loaded";
import { Page, Sheet } from "~/ui/Page";
import { Permitted } from "~/ui/Permitted";
import { EmptyState } from "~/ui/states";

const messages = catalogue({
  en: {
    title: "Channels",
    intro: "The accounts at which customers reach you.",
    connect: "Connect a channel",
    none: "No channel yet",
    noneWords: "Connect one, and what customers write there appears in the inbox.",
  },
  th: {
    title: "ช่องทาง",
    intro: "บัญชีที่ลูกค้าใช้ติดต่อคุณ",
    connect: "เชื่อมต่อช่องทาง",
    none: "ยังไม่มีช่องทาง",
    noneWords: "เชื่อมต่อหนึ่งช่องทาง แล้วข้อความของลูกค้าจะเข้ามาในกล่องข้อความ",
  },
});

export function Screen() {
  const t = useMessages(messages);
  const may = useMay("channels:manage");
  const [connects, setConnects] = useState(false);
  const connect = (
    <Button look="primary" onClick={() => setConnects(true)}>
      <Plus size={16} aria-hidden="true" />
      {t.connect}
    </Button>
  );
  return (
    <Page title={t.title} intro={t.intro} actions={may && connect}>
      <Sheet>
        <Permitted permission="channels:manage">
          <List connect={connect} />
        </Permitted>
      </Sheet>
      <ConnectDialog open={connects} onClose={() => setConnects(false)} />
    </Page>
  );
}

function List({ connect }: { connect: ReactNode }) {
  const t = useMessages(messages);
  const channels = useChannels();
  return (
    <Loaded query={channels}>
      {(list) => {
        const shown = list.filter((channel) => channel.status !== "REMOVED");
        return shown.length === 0 ? (
          <EmptyState icon={<Radio size={28} />} title={t.none}>
            <p className="mb-3">{t.noneWords}</p>
            {connect}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {shown.map((channel) => (
              <ChannelRow key={channel.id} channel={channel} />
            ))}
          </ul>
        );
      }}
    </Loaded>
  );
}
