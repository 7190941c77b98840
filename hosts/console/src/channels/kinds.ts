import type { Schemas } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";

/** The channels that can be connected here, in the order in which they are offered. */
export const CONNECTABLE = ["LINE", "FACEBOOK", "INSTAGRAM", "WHATSAPP", "TELEGRAM"] as const;
export type Connectable = (typeof CONNECTABLE)[number];

export function isConnectable(type: Schemas["ChannelType"]): type is Connectable {
  return (CONNECTABLE as readonly string[]).includes(type);
}

export interface Credential {
  /** As the API calls it. */
  name: "channelSecret" | "accessToken" | "botToken" | "wabaId" | "pageId" | "appSecret" | "verifyToken";
  /** Only ids may be read over a shoulder. */
  secret: boolean;
  optional?: boolean;
}

export interface Kind {
  credentials: readonly Credential[];
  /** Whether the provider's id of the account has to be given. */
  asksDestination: boolean;
  /** Whether the provider can be told our address by the API, or people set it in its console. */
  setsWebhook: boolean;
  /** Where one app's webhooks for all accounts go, below our address. */
  appPath?: string;
  console: string;
}

const ownApp: readonly Credential[] = [
  { name: "appSecret", secret: true, optional: true },
  { name: "verifyToken", secret: true, optional: true },
];

export const kinds: Record<Connectable, Kind> = {
  LINE: {
    credentials: [
      { name: "channelSecret", secret: true },
      { name: "accessToken", secret: true },
    ],
    asksDestination: false,
    setsWebhook: true,
    console: "https://developers.line.biz/console/",
  },
  FACEBOOK: {
    credentials: [{ name: "accessToken", secret: true }, ...ownApp],
    asksDestination: true,
    setsWebhook: true,
    appPath: "/webhooks/facebook",
    console: "https://developers.facebook.com/apps",
  },
  INSTAGRAM: {
    credentials: [
      { name: "accessToken", secret: true },
      { name: "pageId", secret: false, optional: true },
      ...ownApp,
    ],
    asksDestination: true,
    setsWebhook: true,
    appPath: "/webhooks/instagram",
    console: "https://developers.facebook.com/apps",
  },
  WHATSAPP: {
    credentials: [{ name: "accessToken", secret: true }, { name: "wabaId", secret: false }, ...ownApp],
    asksDestination: true,
    setsWebhook: true,
    appPath: "/webhooks/whatsapp",
    console: "https://developers.facebook.com/apps",
  },
  TELEGRAM: {
    credentials: [{ name: "botToken", secret: true }],
    asksDestination: false,
    setsWebhook: true,
    console: "https://t.me/BotFather",
  },
};

export const credentialMessages = catalogue({
  en: {
    channelSecret: "Channel secret",
    accessToken: "Access token",
    botToken: "Bot token",
    wabaId: "Id of the WhatsApp Business account",
    pageId: "Id of the linked page",
    appSecret: "Secret of an app of its own",
    verifyToken: "Verify token of an app of its own",
  },
  th: {
    channelSecret: "Channel secret",
    accessToken: "Access token",
    botToken: "โทเคนของบอต",
    wabaId: "ไอดีของบัญชี WhatsApp Business",
    pageId: "ไอดีของเพจที่เชื่อมไว้",
    appSecret: "App secret (ถ้าใช้แอปของบัญชีนี้เอง)",
    verifyToken: "Verify token (ถ้าใช้แอปของบัญชีนี้เอง)",
  },
});

export const destinationLabels = catalogue({
  en: {
    LINE: "Destination",
    FACEBOOK: "Id of the page",
    INSTAGRAM: "Id of the professional account",
    WHATSAPP: "Id of the phone number",
    TELEGRAM: "Id of the bot",
  },
  th: {
    LINE: "Destination",
    FACEBOOK: "ไอดีของเพจ",
    INSTAGRAM: "ไอดีของบัญชีมืออาชีพ",
    WHATSAPP: "ไอดีของหมายเลขโทรศัพท์",
    TELEGRAM: "ไอดีของบอต",
  },
});
