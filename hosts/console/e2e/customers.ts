import { z } from "zod";

const CHANNELS = [
  "line",
  "messenger",
  "comment",
  "instagram",
  "instagram_comment",
  "whatsapp",
  "telegram",
] as const;
export type Channel = (typeof CHANNELS)[number];

/** A file that a customer sends: a sample picture of the sandbox, or bytes as base64. */
type SentFile = { sample: string } | { contentType: string; data: string };

export type Deed =
  | { type: "text"; text: string }
  | { type: "picture"; file: SentFile; caption?: string }
  | { type: "file"; file: SentFile; fileName: string }
  | { type: "react"; messageId: string; emoji: string }
  | { type: "delivered" | "read"; messageIds: string[] }
  | { type: "comment"; on: string; text: string };

const Customer = z.object({
  name: z.string(),
  ids: z.record(z.enum(CHANNELS), z.string()),
});
export type Customer = z.infer<typeof Customer>;

const Timeline = z.object({
  entries: z.array(
    z.object({
      channel: z.string(),
      personId: z.string(),
      by: z.enum(["customer", "business"]),
      operation: z.string(),
      id: z.string(),
      content: z.unknown(),
    }),
  ),
});

/** What a customer has on their phone from the shop. */
export interface Received {
  id: string;
  /** `text`, or what kind of file it is. */
  kind: string;
  text: string | undefined;
}

interface Fault {
  name: string;
  path?: string;
  times?: number;
  action:
    | { type: "status"; code: number; body?: unknown }
    | { type: "lostAnswerAfterEffect" }
    | { type: "delay"; ms: number };
}

const provider = (channel: Channel) => (channel === "line" || channel === "telegram" ? channel : "meta");

/** The customers of the shop at every channel, by the sandbox's control endpoints. */
export class Customers {
  constructor(private readonly url: string) {}

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${path}: ${text}`);
    return JSON.parse(text);
  }

  /** The customer of a name; the sandbox derives all ids from it. */
  async named(name: string): Promise<Customer> {
    return Customer.parse(await this.ask("POST", "/_sandbox/phone/customers", { name }));
  }

  /** Does something as a customer and answers the id of the message; hubchat must take the webhook. */
  async act(customer: Customer, channel: Channel, deed: Deed): Promise<string> {
    const said = z.object({ status: z.number(), id: z.string().nullable() }).parse(
      await this.ask("POST", "/_sandbox/phone/say", {
        channel,
        personId: customer.ids[channel],
        do: deed,
      }),
    );
    if (said.status !== 200) throw new Error(`hubchat answered a webhook of ${channel} with ${said.status}`);
    return said.id ?? "";
  }

  say(customer: Customer, channel: Channel, text: string): Promise<string> {
    return this.act(customer, channel, { type: "text", text });
  }

  /** What somebody wrote by WhatsApp so many hours ago, and Meta tells of only now. */
  async saidBefore(customer: Customer, text: string, hours: number): Promise<void> {
    await this.tellMeta(customer, {
      type: "text",
      text: { body: text },
      timestamp: String(Math.floor(Date.now() / 1_000) - hours * 3_600),
    });
  }

  /** The shop writes to somebody from the WhatsApp app on its own phone, which hubchat is told of. */
  async shopWrote(customer: Customer, text: string): Promise<void> {
    const { numbers } = Numbers.parse(await this.ask("GET", "/_sandbox/meta/numbers"));
    const [number] = numbers;
    if (!number) throw new Error("the sandbox has no WhatsApp number");
    const echo = {
      id: `wamid.echo-${customer.ids.whatsapp}`,
      from: number.displayPhoneNumber,
      to: customer.ids.whatsapp,
      timestamp: String(Math.floor(Date.now() / 1_000)),
      type: "text",
      text: { body: text },
    };
    await this.tellMeta(customer, {
      field: "smb_message_echoes",
      value: {
        messaging_product: "whatsapp",
        metadata: {
          display_phone_number: number.displayPhoneNumber,
          phone_number_id: number.phoneNumberId,
        },
        message_echoes: [echo],
      },
    });
  }

  private async tellMeta(customer: Customer, raw: unknown): Promise<void> {
    const told = z.object({ status: z.number() }).parse(
      await this.ask("POST", "/_sandbox/meta/say", {
        channel: "whatsapp",
        personId: customer.ids.whatsapp,
        raw,
      }),
    );
    if (told.status !== 200) throw new Error(`hubchat answered a webhook with ${told.status}`);
  }

  /** What the customer really received, oldest first. */
  async received(customer: Customer, channel: Channel): Promise<Received[]> {
    const { entries } = Timeline.parse(await this.ask("GET", "/_sandbox/phone/timeline?limit=500"));
    return entries
      .filter((one) => one.channel === channel && one.personId === customer.ids[channel])
      .filter((one) => one.by === "business" && NO_MESSAGES.every((other) => one.operation !== other))
      .flatMap((one) => read(one.id, one.content));
  }

  async fault(channel: Channel, fault: Fault): Promise<void> {
    await this.ask("POST", `/_sandbox/${provider(channel)}/faults`, { sends: true, ...fault });
  }

  async noFault(channel: Channel, name: string): Promise<void> {
    await this.ask("DELETE", `/_sandbox/${provider(channel)}/faults?name=${encodeURIComponent(name)}`);
  }
}

const NO_MESSAGES = ["typing", "read", "sender_action"];

const Numbers = z.object({
  numbers: z.array(z.object({ phoneNumberId: z.string(), displayPhoneNumber: z.string() })),
});

const LineSent = z.object({
  messageIds: z.array(z.string()),
  messages: z.array(z.object({ type: z.string(), text: z.string().optional() })),
});
const TelegramSent = z.object({
  method: z.string(),
  messageId: z.number(),
  body: z.object({ text: z.string().optional(), caption: z.string().optional() }),
});
const WhatsappSent = z.object({
  id: z.string(),
  body: z.object({
    type: z.string(),
    text: z.object({ body: z.string() }).optional(),
    template: z
      .object({
        name: z.string(),
        language: z.object({ code: z.string() }),
        components: z.array(z.object({ parameters: z.array(z.object({ text: z.string() })) })),
      })
      .optional(),
  }),
});
const PageSent = z.object({
  id: z.string(),
  body: z.object({
    message: z.object({
      text: z.string().optional(),
      attachment: z.object({ type: z.string() }).optional(),
      attachments: z.array(z.object({ type: z.string() })).optional(),
    }),
  }),
});

/** The messages in what a provider took, in its own words. */
function read(id: string, content: unknown): Received[] {
  const line = LineSent.safeParse(content);
  if (line.success) {
    return line.data.messages.map(({ type, text }, at) => ({
      id: line.data.messageIds[at] ?? id,
      kind: type,
      text,
    }));
  }
  const telegram = TelegramSent.safeParse(content);
  if (telegram.success) {
    const { method, body } = telegram.data;
    const kind = method === "sendMessage" ? "text" : method.replace(/^send/, "").toLowerCase();
    return [{ id: String(telegram.data.messageId), kind, text: body.text ?? body.caption }];
  }
  const whatsapp = WhatsappSent.safeParse(content);
  if (whatsapp.success) {
    const { type, text, template } = whatsapp.data.body;
    const values = template?.components.flatMap((one) => one.parameters.map((value) => value.text));
    const named = template && [template.name, template.language.code, ...(values ?? [])].join(" | ");
    return [{ id: whatsapp.data.id, kind: type, text: text?.body ?? named }];
  }
  const { message } = PageSent.parse(content).body;
  const kind = message.attachment?.type ?? message.attachments?.[0]?.type ?? "text";
  return [{ id, kind, text: message.text }];
}
