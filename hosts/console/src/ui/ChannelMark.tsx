import { Camera, Globe, Heart, MessageCircle, Music2, Phone, Send, ShoppingBag } from "lucide-react";
import type { ComponentType } from "react";
import type { ChannelType } from "~/api/rows";

function Letter({ size = 12 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path
        d="M16 4h-2.2C11.3 4 10 5.4 10 7.8V21M6.5 12H15"
        stroke="currentColor"
        strokeWidth="3.4"
        fill="none"
        strokeLinecap="round"
      />
    </svg>
  );
}

interface Mark {
  name: string;
  colour: string;
  icon: ComponentType<{ size?: number; strokeWidth?: number }>;
}

// Each channel in a colour that its users know it by, with a plain sign of ours.
const marks: Record<ChannelType, Mark> = {
  LINE: { name: "LINE", colour: "#06a849", icon: MessageCircle },
  FACEBOOK: { name: "Facebook", colour: "#1667d9", icon: Letter },
  INSTAGRAM: { name: "Instagram", colour: "#c13584", icon: Camera },
  WHATSAPP: { name: "WhatsApp", colour: "#128c4a", icon: Phone },
  TELEGRAM: { name: "Telegram", colour: "#1d86bd", icon: Send },
  WEBCHAT: { name: "Web chat", colour: "#0d6e66", icon: Globe },
  TIKTOK: { name: "TikTok", colour: "#1f1f24", icon: Music2 },
  SHOPEE: { name: "Shopee", colour: "#d0431f", icon: ShoppingBag },
  LAZADA: { name: "Lazada", colour: "#1c1f78", icon: Heart },
};

export const CHANNEL_TYPES = Object.keys(marks) as ChannelType[];

export function channelName(type: ChannelType): string {
  return marks[type]?.name ?? type;
}

export function ChannelMark({ type, size = 18 }: { type: ChannelType; size?: number }) {
  const mark = marks[type] ?? marks.WEBCHAT;
  const Icon = mark.icon;
  return (
    <span
      role="img"
      aria-label={mark.name}
      className="inline-flex shrink-0 items-center justify-center rounded-md text-white"
      style={{ width: size, height: size, background: mark.colour }}
    >
      <Icon size={Math.round(size * 0.66)} strokeWidth={2.6} />
    </span>
  );
}
