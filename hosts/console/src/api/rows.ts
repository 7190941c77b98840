import type { components } from "./schema";

export type Schemas = components["schemas"];

export type Activity = Schemas["Activity"];
export type ChannelType = Schemas["ChannelType"];
export type Conversation = Schemas["Conversation"];
export type Counts = Schemas["LaneCounts"];
export type Draft = Schemas["Draft"];
export type Lead = Schemas["Lead"];
export type LeadStatus = Schemas["LeadStatus"];
export type Member = Schemas["Member"];
export type Message = Schemas["Message"];
export type NewMessage = Schemas["NewMessage"];
export type SendOptions = Schemas["SendOptions"];
export type Team = Schemas["Team"];

/** A piece of a list. */
export interface Page<Row> {
  items: Row[];
  nextCursor?: string;
}
