import type { components } from "./schema";

export type Schemas = components["schemas"];
export type { Conversation, Counts, Draft, LaneCount, Message, NewMessage, Page } from "./contract";

export type Lead = Schemas["Lead"];
export type LeadStatus = Schemas["LeadStatus"];
export type Member = Schemas["Member"];
export type Team = Schemas["Team"];
export type ChannelType = Schemas["ChannelType"];
export type SendOptions = Schemas["SendOptions"];
export type Activity = Schemas["Activity"];
