import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Check, Circle, PartyPopper } from "lucide-react";
import { type ReactNode, useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { useChannels, useMay, useMembers } from "~/api/people";
import { useSignedIn } from "~/auth/useSession";
import { ConnectDialog } from "~/channels/ConnectDialog";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { NewKeyDialog } from "~/keys/NewKeyDialog";
import { InviteDialog } from "~/members/InviteDialog";
import { NameDialog } from "~/setup/NameDialog";
import { type StepName, stepsOf } from "~/setup/steps";
import { Badge } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { classes } from "~/ui/classes";
import { SkeletonRows } from "~/ui/Loaded";
import { Sheet } from "~/ui/Page";
import { Permitted } from "~/ui/Permitted";
import { ErrorState } from "~/ui/states";

const messages = catalogue({
  en: {
    title: (shop: string) => `First steps of ${shop}`,
    intro: "Leave whenever you like: what is done stays done.",
    progress: (done: number, all: number) => `${done} of ${all} done`,
    optional: "optional",
    doneState: "done",
    openState: "to do",
    name: "Name your shop",
    nameWords: "So that your colleagues know where they are.",
    nameAction: "Name it",
    renameAction: "Change",
    channel: "Connect a channel",
    channelWords:
      "LINE, Facebook, Instagram, WhatsApp or Telegram: step by step, with a live test at the end.",
    channelAction: "Connect",
    health: "See that it works",
    healthWords: "Every connected account is healthy. Test those that are not.",
    healthAction: "To the channels",
    message: "Get the first message",
    messageWords: "Write to your shop from your own phone, and answer in the inbox.",
    messageAction: "To the inbox",
    colleague: "Invite a colleague",
    colleagueWords: "Each with a role, and with a password of their own.",
    colleagueAction: "Invite",
    key: "Make an API key",
    keyWords: "Only if a program of yours is to read or send.",
    keyAction: "New key",
    all: "All is set. Welcome!",
  },
  th: {
    title: (shop: string) => `เริ่มต้นใช้งาน ${shop}`,
    intro: "ออกไปเมื่อไรก็ได้ สิ่งที่ทำแล้วจะยังอยู่",
    progress: (done: number, all: number) => `เสร็จแล้ว ${done} จาก ${all}`,
    optional: "ไม่บังคับ",
    doneState: "เสร็จแล้ว",
    openState: "ยังไม่ได้ทำ",
    name: "ตั้งชื่อร้าน",
    nameWords: "เพื่อให้เพื่อนร่วมงานรู้ว่าเป็นร้านไหน",
    nameAction: "ตั้งชื่อ",
    renameAction: "เปลี่ยน",
    channel: "เชื่อมต่อช่องทาง",
    channelWords: "LINE, Facebook, Instagram, WhatsApp หรือ Telegram ทีละขั้น พร้อมทดสอบจริงตอนท้าย",
    channelAction: "เชื่อมต่อ",
    health: "ตรวจว่าใช้งานได้",
    healthWords: "ทุกบัญชีที่เชื่อมต่อต้องใช้งานได้ ทดสอบบัญชีที่มีปัญหา",
    healthAction: "ไปที่ช่องทาง",
    message: "รับข้อความแรก",
    messageWords: "ลองทักร้านจากโทรศัพท์ของคุณ แล้วตอบในกล่องข้อความ",
    messageAction: "ไปที่กล่องข้อความ",
    colleague: "เชิญเพื่อนร่วมงาน",
    colleagueWords: "แต่ละคนมีบทบาทและรหัสผ่านของตัวเอง",
    colleagueAction: "เชิญ",
    key: "สร้าง API key",
    keyWords: "เฉพาะเมื่อมีโปรแกรมที่ต้องอ่านหรือส่งข้อความ",
    keyAction: "คีย์ใหม่",
    all: "พร้อมใช้งานแล้ว ยินดีต้อนรับ!",
  },
});

export function Screen() {
  return (
    <Permitted permission="channels:manage">
      <Checklist />
    </Permitted>
  );
}

function Checklist() {
  const t = useMessages(messages);
  const { tenant } = useSignedIn();
  const [dialog, setDialog] = useState<StepName>();
  const mayName = useMay("settings:manage");
  const mayInvite = useMay("members:manage");
  const mayKeys = useMay("keys:manage");
  const channels = useChannels();
  const members = useMembers();
  const apiKeys = useQuery({
    queryKey: keys.apiKeys,
    queryFn: async () => (await answer(api.GET("/api/keys"))).items,
    enabled: mayKeys,
  });
  const first = useQuery({
    queryKey: keys.firstConversation,
    queryFn: async () =>
      (await answer(api.GET("/api/conversations", { params: { query: { limit: 1 } } }))).items.length > 0,
    staleTime: 5_000,
  });

  const failed = [channels, members, first].find((query) => query.isError);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!channels.data || !members.data || first.data === undefined) return <SkeletonRows rows={5} />;

  const allowed: Partial<Record<StepName, boolean>> = { name: mayName, colleague: mayInvite, key: mayKeys };
  const steps = stepsOf({
    tenant,
    channels: channels.data.filter((channel) => channel.status !== "REMOVED"),
    hasConversation: first.data,
    people: members.data.length,
    keys: (apiKeys.data ?? []).filter((key) => !key.revokedAt).length,
  }).filter(({ name }) => allowed[name] ?? true);
  const named = steps.some(({ name, done }) => name === "name" && done);
  const done = steps.filter((step) => step.done).length;
  const ready = steps.every((step) => step.done || step.optional);
  const next = steps.find((step) => !step.done && !step.blocked)?.name;
  const look = (name: StepName) => (name === next ? "primary" : "plain");
  const goes =
    "touch-target inline-flex h-9 shrink-0 items-center rounded-lg border border-line-strong bg-surface px-3.5 text-base font-medium text-ink hover:bg-hover";
  const actions: Record<StepName, ReactNode> = {
    name: (
      <Button look={look("name")} onClick={() => setDialog("name")}>
        {named ? t.renameAction : t.nameAction}
      </Button>
    ),
    channel: (
      <Button look={look("channel")} onClick={() => setDialog("channel")}>
        {t.channelAction}
      </Button>
    ),
    health: (
      <Link to="/channels" className={goes}>
        {t.healthAction}
      </Link>
    ),
    message: (
      <Link to="/inbox" className={goes}>
        {t.messageAction}
      </Link>
    ),
    colleague: (
      <Button look={look("colleague")} onClick={() => setDialog("colleague")}>
        {t.colleagueAction}
      </Button>
    ),
    key: (
      <Button look={look("key")} onClick={() => setDialog("key")}>
        {t.keyAction}
      </Button>
    ),
  };
  const close = () => setDialog(undefined);

  return (
    <Sheet title={t.title(tenant.name)} intro={t.intro}>
      <div className="mb-4 flex items-center gap-3">
        <div className="h-1.5 flex-1 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
          <div
            className="h-full rounded-full bg-accent transition-[width]"
            style={{ width: `${(done / steps.length) * 100}%` }}
          />
        </div>
        <p className="text-sm text-ink-soft">{t.progress(done, steps.length)}</p>
      </div>
      {ready && (
        <p className="mb-3 flex items-center gap-2 rounded-lg bg-ok-soft px-3 py-2 text-base text-ok">
          <PartyPopper size={18} aria-hidden="true" />
          {t.all}
        </p>
      )}
      <ol className="divide-y divide-line">
        {steps.map((step) => (
          <li key={step.name} className="flex flex-wrap items-center gap-3 py-3.5 first:pt-1 last:pb-1">
            <span
              role="img"
              aria-label={step.done ? t.doneState : t.openState}
              className={classes(
                "flex size-7 shrink-0 items-center justify-center rounded-full",
                step.done ? "bg-ok-soft text-ok" : "text-ink-faint",
              )}
            >
              {step.done ? <Check size={16} /> : <Circle size={22} />}
            </span>
            <div className="min-w-0 flex-1 basis-52">
              <p className="flex flex-wrap items-center gap-2 text-base font-medium text-ink">
                {t[step.name]}
                {step.optional && !step.done && <Badge>{t.optional}</Badge>}
              </p>
              <p className="text-sm text-ink-soft">{t[`${step.name}Words`]}</p>
            </div>
            {!step.blocked && actions[step.name]}
          </li>
        ))}
      </ol>
      {dialog === "name" && <NameDialog name={named ? tenant.name : ""} onClose={close} />}
      <ConnectDialog open={dialog === "channel"} onClose={close} />
      <InviteDialog open={dialog === "colleague"} onClose={close} />
      <NewKeyDialog open={dialog === "key"} onClose={close} />
    </Sheet>
  );
}
