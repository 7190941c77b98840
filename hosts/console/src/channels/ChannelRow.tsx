import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  CirclePause,
  CirclePlay,
  Ellipsis,
  KeyRound,
  Link2,
  Pencil,
  Stethoscope,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { Badge, type Tone } from "~/ui/Badge";
import { Button } from "~/ui/Button";
import { ChannelMark, channelName } from "~/ui/ChannelMark";
import { Confirm } from "~/ui/Confirm";
import { CopyField } from "~/ui/CopyField";
import { Dialog } from "~/ui/Dialog";
import { Menu, MenuItem, MenuLine } from "~/ui/Menu";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { appAddress, webhookAddress } from "./address";
import { EditDialog } from "./EditDialog";
import { isConnectable } from "./kinds";
import { TestResult } from "./TestResult";
import { useChannelTest } from "./useChannelTest";

const messages = catalogue({
  en: {
    ACTIVE: "Works",
    PAUSED: "Paused",
    UNAUTHORIZED: "Needs new credentials",
    DEGRADED: "Needs attention",
    REMOVED: "Removed",
    since: (at: string) => `Last change ${at}`,
    checked: (at: string) => `Last check ${at}`,
    unchecked: "Not checked yet",
    more: (name: string) => `What to do with ${name}`,
    test: "Test",
    testOf: (name: string) => `Test ${name}`,
    pause: "Pause sending",
    resume: "Send again",
    rename: "Rename",
    credentials: "New credentials",
    address: "Webhook address",
    remove: "Remove…",
    paused: "Paused. What is written now waits until you resume.",
    resumed: "Sending goes on.",
    removeTitle: (name: string) => `Remove ${name}?`,
    removeWords:
      "No more messages come in, what waits to be sent fails, and the credentials are deleted. The conversations stay.",
    removeAction: "Remove",
    still: (words: string) => `Removed, but the provider may go on sending: ${words}`,
    removed: "Removed.",
    ofAccount: "Of this account",
    ofApp: "Callback of the app, for all accounts",
    secret: "Keep it to yourself: whoever knows it can knock at this door.",
    close: "Close",
  },
  th: {
    ACTIVE: "ใช้งานได้",
    PAUSED: "หยุดชั่วคราว",
    UNAUTHORIZED: "ต้องใส่ข้อมูลรับรองใหม่",
    DEGRADED: "ต้องตรวจสอบ",
    REMOVED: "นำออกแล้ว",
    since: (at: string) => `เปลี่ยนล่าสุด ${at}`,
    checked: (at: string) => `ตรวจล่าสุด ${at}`,
    unchecked: "ยังไม่ได้ตรวจ",
    more: (name: string) => `จัดการ ${name}`,
    test: "ทดสอบ",
    testOf: (name: string) => `ทดสอบ ${name}`,
    pause: "หยุดส่งชั่วคราว",
    resume: "ส่งต่อ",
    rename: "เปลี่ยนชื่อ",
    credentials: "ใส่ข้อมูลรับรองใหม่",
    address: "ที่อยู่ webhook",
    remove: "นำออก…",
    paused: "หยุดแล้ว ข้อความที่เขียนจะรอจนกว่าจะเปิดอีกครั้ง",
    resumed: "ส่งข้อความต่อแล้ว",
    removeTitle: (name: string) => `นำ ${name} ออกหรือไม่`,
    removeWords: "จะไม่ได้รับข้อความอีก ข้อความที่รอส่งจะล้มเหลว และข้อมูลรับรองจะถูกลบ บทสนทนาเดิมยังอยู่",
    removeAction: "นำออก",
    still: (words: string) => `นำออกแล้ว แต่ผู้ให้บริการอาจยังส่งมา: ${words}`,
    removed: "นำออกแล้ว",
    ofAccount: "ของบัญชีนี้",
    ofApp: "callback ของแอป สำหรับทุกบัญชี",
    secret: "โปรดเก็บเป็นความลับ ใครรู้ที่อยู่นี้ก็ส่งมาที่นี่ได้",
    close: "ปิด",
  },
});

const tones: Record<Schemas["AccountStatus"], Tone> = {
  ACTIVE: "ok",
  PAUSED: "plain",
  UNAUTHORIZED: "danger",
  DEGRADED: "warn",
  REMOVED: "plain",
};

export function ChannelRow({ channel }: { channel: Schemas["Channel"] }) {
  const t = useMessages(messages);
  const language = useLanguage();
  const words = useProblemWords();
  const client = useQueryClient();
  const test = useChannelTest(channel.id);
  const [dialog, setDialog] = useState<"none" | "rename" | "credentials" | "address" | "remove">("none");
  const close = () => setDialog("none");
  const path = { params: { path: { id: channel.id } } };
  const refresh = () => client.invalidateQueries({ queryKey: keys.channels });

  const change = useMutation({
    mutationFn: (status: Schemas["ChannelSwitch"]) =>
      answer(api.PATCH("/api/channels/{id}", { ...path, body: { status } })),
    onSuccess: (_, status) => {
      toast("done", status === "PAUSED" ? t.paused : t.resumed);
      return refresh();
    },
    onError: (error) => toast("failed", words(error)),
  });
  const remove = async () => {
    const { stillSubscribed } = await answer(api.DELETE("/api/channels/{id}", path));
    toast(stillSubscribed ? "failed" : "done", stillSubscribed ? t.still(stillSubscribed) : t.removed);
    await refresh();
  };

  const type = channel.channelType;
  const app = isConnectable(type) ? appAddress(type, location.origin) : undefined;
  return (
    <li className="flex flex-col gap-3 py-3.5 first:pt-0 last:pb-0">
      <div className="flex items-start gap-3">
        <ChannelMark type={type} size={36} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-base font-medium text-ink">
            <span className="truncate">{channel.name}</span>
            <Badge tone={tones[channel.status]}>{t[channel.status]}</Badge>
          </p>
          {channel.statusReason && channel.status !== "ACTIVE" && (
            <p className="text-sm break-words text-ink-soft">{channel.statusReason}</p>
          )}
          <p className="truncate text-sm text-ink-faint">
            {channelName(type)}
            {channel.destination && ` · ${channel.destination}`}
          </p>
          <p className="text-sm text-ink-faint">
            {channel.lastCheckedAt
              ? t.checked(fullMoment(Date.parse(channel.lastCheckedAt), language))
              : t.unchecked}
            {" · "}
            {t.since(fullMoment(Date.parse(channel.updatedAt), language))}
          </p>
        </div>
        <Button
          size="sm"
          aria-label={t.testOf(channel.name)}
          busy={test.isPending}
          onClick={() => test.mutate(false)}
        >
          <Stethoscope size={14} aria-hidden="true" />
          <span className="hidden sm:inline">{t.test}</span>
        </Button>
        <Menu
          align="end"
          trigger={
            <button
              type="button"
              aria-label={t.more(channel.name)}
              className="touch-target inline-flex size-8 items-center justify-center rounded-lg text-ink-soft hover:bg-hover"
            >
              <Ellipsis size={18} aria-hidden="true" />
            </button>
          }
        >
          {channel.status === "PAUSED" ? (
            <MenuItem icon={<CirclePlay size={16} />} onSelect={() => change.mutate("ACTIVE")}>
              {t.resume}
            </MenuItem>
          ) : (
            <MenuItem icon={<CirclePause size={16} />} onSelect={() => change.mutate("PAUSED")}>
              {t.pause}
            </MenuItem>
          )}
          <MenuItem icon={<Pencil size={16} />} onSelect={() => setDialog("rename")}>
            {t.rename}
          </MenuItem>
          {isConnectable(type) && (
            <MenuItem icon={<KeyRound size={16} />} onSelect={() => setDialog("credentials")}>
              {t.credentials}
            </MenuItem>
          )}
          <MenuItem icon={<Link2 size={16} />} onSelect={() => setDialog("address")}>
            {t.address}
          </MenuItem>
          <MenuLine />
          <MenuItem danger icon={<Trash2 size={16} />} onSelect={() => setDialog("remove")}>
            {t.remove}
          </MenuItem>
        </Menu>
      </div>
      {test.status !== "idle" && (
        <div className="rounded-lg bg-sunken px-3 py-3 sm:ml-12">
          <TestResult test={test} />
        </div>
      )}
      {dialog === "rename" && <EditDialog channel={channel} what="name" onClose={close} />}
      {dialog === "credentials" && <EditDialog channel={channel} what="credentials" onClose={close} />}
      <Dialog
        open={dialog === "address"}
        onClose={close}
        title={t.address}
        actions={<Button onClick={close}>{t.close}</Button>}
      >
        <div className="flex flex-col gap-4">
          {app && <CopyField label={t.ofApp} value={app} />}
          <CopyField label={t.ofAccount} value={webhookAddress(channel, location.origin)} hint={t.secret} />
        </div>
      </Dialog>
      <Confirm
        open={dialog === "remove"}
        onClose={close}
        title={t.removeTitle(channel.name)}
        description={t.removeWords}
        action={t.removeAction}
        run={remove}
      />
    </li>
  );
}
