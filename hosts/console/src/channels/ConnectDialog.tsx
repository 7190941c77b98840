import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { type FormEvent, useEffect, useId, useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { type ApiProblem, problemOf } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useLanguage } from "~/i18n/moments";
import { Button } from "~/ui/Button";
import { ChannelMark, channelName } from "~/ui/ChannelMark";
import { CopyField } from "~/ui/CopyField";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { Notice } from "~/ui/Notice";
import { useProblemWords } from "~/ui/states";
import { appAddress, webhookAddress } from "./address";
import { CredentialFields, type Credentials, filled } from "./CredentialFields";
import { guideOf } from "./guides";
import { CONNECTABLE, type Connectable, destinationLabels, kinds } from "./kinds";
import { TestResult } from "./TestResult";
import { useChannelTest } from "./useChannelTest";

const messages = catalogue({
  en: {
    choose: "Which channel?",
    chooseIntro: "You need an account there, and somebody who may change its settings.",
    title: (channel: string) => `Connect ${channel}`,
    console: "Open the provider's console",
    callback: "Callback address of the app",
    name: "Name",
    nameHint: "As your people will see it beside each conversation.",
    back: "Back",
    cancel: "Cancel",
    connect: "Connect",
    already: "This account is connected already, here or in another workspace.",
    refused: "The provider did not accept these credentials. Look whether all of them are complete.",
    unconfirmed: "The provider did not answer, so nothing was connected. Try again in a minute.",
    doneTitle: (name: string) => `${name} is connected`,
    address: "Webhook address of this account",
    left: "What is left to do there",
    done: "Done",
  },
  th: {
    choose: "ช่องทางไหน",
    chooseIntro: "คุณต้องมีบัญชีที่นั่น และมีสิทธิ์แก้ไขการตั้งค่า",
    title: (channel: string) => `เชื่อมต่อ ${channel}`,
    console: "เปิดคอนโซลของผู้ให้บริการ",
    callback: "ที่อยู่ callback ของแอป",
    name: "ชื่อ",
    nameHint: "ทีมงานจะเห็นชื่อนี้ข้างบทสนทนา",
    back: "กลับ",
    cancel: "ยกเลิก",
    connect: "เชื่อมต่อ",
    already: "บัญชีนี้เชื่อมต่ออยู่แล้ว ที่นี่หรือในพื้นที่ทำงานอื่น",
    refused: "ผู้ให้บริการไม่ยอมรับข้อมูลนี้ โปรดตรวจว่าใส่ครบถ้วน",
    unconfirmed: "ผู้ให้บริการไม่ตอบ จึงยังไม่ได้เชื่อมต่อ โปรดลองใหม่ในอีกสักครู่",
    doneTitle: (name: string) => `เชื่อมต่อ ${name} แล้ว`,
    address: "ที่อยู่ webhook ของบัญชีนี้",
    left: "สิ่งที่ต้องทำต่อที่ผู้ให้บริการ",
    done: "เสร็จสิ้น",
  },
});

/** Leads through connecting an account: which channel, what to do there, credentials, and a live test. */
export function ConnectDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const [type, setType] = useState<Connectable>();
  const [connected, setConnected] = useState<Schemas["ConnectedChannel"]>();
  const close = () => {
    onClose();
    setType(undefined);
    setConnected(undefined);
  };
  if (connected && type) return <Connected open={open} onClose={close} type={type} channel={connected} />;
  if (type)
    return (
      <Form
        open={open}
        onClose={close}
        onBack={() => setType(undefined)}
        onConnected={setConnected}
        type={type}
      />
    );
  return <Choice open={open} onClose={close} onChoose={setType} />;
}

function Choice({
  open,
  onClose,
  onChoose,
}: {
  open: boolean;
  onClose(): void;
  onChoose(type: Connectable): void;
}) {
  const t = useMessages(messages);
  return (
    <Dialog open={open} onClose={onClose} title={t.choose} description={t.chooseIntro}>
      <ul className="grid grid-cols-1 gap-2 sm:grid-cols-2">
        {CONNECTABLE.map((type) => (
          <li key={type}>
            <button
              type="button"
              onClick={() => onChoose(type)}
              className="flex min-h-13 w-full items-center gap-3 rounded-xl border border-line px-3 text-left font-medium text-ink transition-colors hover:border-accent hover:bg-hover"
            >
              <ChannelMark type={type} size={28} />
              {channelName(type)}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Form({
  open,
  onClose,
  onBack,
  onConnected,
  type,
}: {
  open: boolean;
  onClose(): void;
  onBack(): void;
  onConnected(channel: Schemas["ConnectedChannel"]): void;
  type: Connectable;
}) {
  const t = useMessages(messages);
  const labels = useMessages(destinationLabels);
  const words = useProblemWords();
  const language = useLanguage();
  const client = useQueryClient();
  const form = useId();
  const [name, setName] = useState("");
  const [destination, setDestination] = useState("");
  const [credentials, setCredentials] = useState<Credentials>({});
  const kind = kinds[type];

  const connect = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/api/channels", {
          body: {
            channelType: type,
            name: name.trim(),
            credentials: filled(credentials),
            ...(kind.asksDestination ? { destination: destination.trim() } : {}),
          },
        }),
      ),
    onSuccess: async (channel) => {
      onConnected(channel);
      await client.invalidateQueries({ queryKey: keys.channels });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connect.mutate();
  };

  const problem = connect.error ? problemOf(connect.error) : undefined;
  const general = (found: ApiProblem) => {
    if (found.code === "channel_already_connected") return t.already;
    if (found.code === "channel_credentials_refused") return `${t.refused} (${found.message})`;
    if (found.code === "channel_not_confirmed") return t.unconfirmed;
    const shown =
      ["name", "destination"].includes(found.field ?? "") || found.field?.startsWith("credentials.");
    return shown ? undefined : words(found);
  };
  const ofField = (field: string) => (problem?.field === field ? words(problem) : undefined);
  const callback = appAddress(type, location.origin);
  const notice = problem && general(problem);

  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={t.title(channelName(type))}
      actions={
        <>
          <Button look="quiet" className="mr-auto" onClick={onBack}>
            {t.back}
          </Button>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={connect.isPending}>
            {t.connect}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="rounded-lg bg-sunken px-4 py-3">
          <Steps items={guideOf(type, language).before} />
          <a
            href={kind.console}
            target="_blank"
            rel="noreferrer noopener"
            className="mt-2 inline-flex items-center gap-1.5 text-base text-accent underline-offset-2 hover:underline"
          >
            {t.console}
            <ExternalLink size={14} aria-hidden="true" />
          </a>
        </div>
        {callback && <CopyField label={t.callback} value={callback} />}
        <form id={form} onSubmit={submit} className="flex flex-col gap-4">
          {notice && <Notice tone="danger">{notice}</Notice>}
          <TextField
            label={t.name}
            hint={t.nameHint}
            required
            maxLength={200}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.target.value)}
            error={ofField("name")}
          />
          {kind.asksDestination && (
            <TextField
              label={labels[type]}
              required
              inputMode="numeric"
              autoComplete="off"
              spellCheck={false}
              value={destination}
              onChange={(event) => setDestination(event.target.value)}
              error={ofField("destination")}
              className="font-mono"
            />
          )}
          <CredentialFields type={type} values={credentials} onChange={setCredentials} problem={problem} />
        </form>
      </div>
    </Dialog>
  );
}

function Connected({
  open,
  onClose,
  type,
  channel,
}: {
  open: boolean;
  onClose(): void;
  type: Connectable;
  channel: Schemas["ConnectedChannel"];
}) {
  const t = useMessages(messages);
  const language = useLanguage();
  const test = useChannelTest(channel.id);
  const { mutate } = test;
  // The first test sets our address there.
  useEffect(() => mutate(true), [mutate]);
  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={t.doneTitle(channel.name)}
      actions={
        <Button look="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      <div className="flex flex-col gap-5">
        <TestResult test={test} />
        {!kinds[type].appPath && (
          <CopyField label={t.address} value={webhookAddress(channel, location.origin)} />
        )}
        <section className="rounded-lg bg-sunken px-4 py-3">
          <h3 className="mb-1 text-base font-semibold text-ink">{t.left}</h3>
          <Steps items={guideOf(type, language).after} />
        </section>
      </div>
    </Dialog>
  );
}

function Steps({ items }: { items: readonly string[] }) {
  return (
    <ol className="flex list-decimal flex-col gap-1.5 pl-5 text-base text-ink-soft marker:text-ink-faint">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ol>
  );
}
