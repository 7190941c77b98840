import { ArrowDownWideNarrow, ListFilter, X } from "lucide-react";
import { useState } from "react";
import { useMembers } from "~/api/people";
import type { ChannelType } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { isolated } from "~/i18n/isolation";
import type { InboxSearch } from "~/routes/inbox.search";
import { Button } from "~/ui/Button";
import { CHANNEL_TYPES, channelName } from "~/ui/ChannelMark";
import { SelectField } from "~/ui/Field";
import { IconButton } from "~/ui/IconButton";
import { Menu, MenuChoice, MenuGroup } from "~/ui/Menu";
import { Popover } from "~/ui/Popover";
import { useAccounts } from "../accounts";
import { DEFAULT_LANE, useChangeSearch, useInboxSearch, useMyTeams } from "../filter";
import { laneMessages } from "./laneMessages";

const messages = catalogue({
  en: {
    filter: "Filter",
    sort: "Sort",
    latest: "Newest message first",
    longest: "Longest waiting first",
    status: "Status",
    active: "Open and pending",
    open: "Open",
    pending: "Pending",
    resolved: "Resolved",
    channel: "Channel",
    account: "Account",
    assignee: "Assignee",
    any: "All",
    me: "Me",
    nobody: "Nobody",
    clear: "Clear filters",
    team: "Team",
    allMyTeams: "All my teams",
    remove: (name: string) => `Remove filter ${name}`,
  },
  th: {
    filter: "ตัวกรอง",
    sort: "เรียงลำดับ",
    latest: "ข้อความล่าสุดก่อน",
    longest: "รอนานที่สุดก่อน",
    status: "สถานะ",
    active: "เปิดและรอดำเนินการ",
    open: "เปิด",
    pending: "รอดำเนินการ",
    resolved: "ปิดแล้ว",
    channel: "ช่องทาง",
    account: "บัญชี",
    assignee: "ผู้ดูแล",
    any: "ทั้งหมด",
    me: "ฉัน",
    nobody: "ไม่มี",
    clear: "ล้างตัวกรอง",
    team: "ทีม",
    allMyTeams: "ทุกทีมของฉัน",
    remove: (name: string) => `นำตัวกรอง ${name} ออก`,
  },
});

/** What the list shows and how: the lane's name, filters, order, and what is filtered by. */
export function ListHeader() {
  const t = useMessages(messages);
  const lanes = useMessages(laneMessages);
  const search = useInboxSearch();
  const change = useChangeSearch();
  const [open, setOpen] = useState(false);
  const lane = search.lane ?? DEFAULT_LANE;
  const channels = useAccounts(search.account);
  const members = useMembers().data ?? [];
  const teams = useMyTeams().data ?? [];
  const sort = search.sort ?? (lane === "waiting" ? "LONGEST_WAITING" : "LATEST");

  const statusWords = { OPEN: t.open, PENDING: t.pending, RESOLVED: t.resolved };
  const assigneeWords = (value: string) =>
    value === "me"
      ? t.me
      : value === "none"
        ? t.nobody
        : (members.find((one) => one.id === value)?.name ?? "…");
  const chips: { key: keyof InboxSearch; words: string }[] = [];
  if (search.status) chips.push({ key: "status", words: statusWords[search.status] });
  if (search.channel) chips.push({ key: "channel", words: channelName(search.channel) });
  if (search.account)
    chips.push({ key: "account", words: channels.find((one) => one.id === search.account)?.name ?? "…" });
  if (search.assignee) chips.push({ key: "assignee", words: assigneeWords(search.assignee) });

  return (
    <div className="flex shrink-0 flex-col gap-1.5 px-3 pt-2.5 pb-2">
      <div className="flex items-center gap-1">
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold text-ink">{lanes[lane]}</h1>
        <Popover
          open={open}
          onOpenChange={setOpen}
          align="end"
          title={t.filter}
          trigger={
            <IconButton label={t.filter} pressed={chips.length > 0}>
              <ListFilter size={17} aria-hidden="true" />
            </IconButton>
          }
        >
          <div className="flex flex-col gap-3">
            <SelectField
              label={t.status}
              value={search.status ?? ""}
              onChange={(event) =>
                change({ status: (event.target.value || undefined) as InboxSearch["status"] })
              }
            >
              <option value="">{t.active}</option>
              <option value="OPEN">{t.open}</option>
              <option value="PENDING">{t.pending}</option>
              <option value="RESOLVED">{t.resolved}</option>
            </SelectField>
            <SelectField
              label={t.channel}
              value={search.channel ?? ""}
              onChange={(event) =>
                change({
                  channel: (event.target.value || undefined) as ChannelType | undefined,
                  account: undefined,
                })
              }
            >
              <option value="">{t.any}</option>
              {CHANNEL_TYPES.filter(
                (type) => channels.length === 0 || channels.some((one) => one.channelType === type),
              ).map((type) => (
                <option key={type} value={type}>
                  {channelName(type)}
                </option>
              ))}
            </SelectField>
            <SelectField
              label={t.account}
              value={search.account ?? ""}
              onChange={(event) => change({ account: event.target.value || undefined })}
            >
              <option value="">{t.any}</option>
              {channels
                .filter((one) => !search.channel || one.channelType === search.channel)
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {isolated(one.name)} ({channelName(one.channelType)})
                  </option>
                ))}
            </SelectField>
            {lane !== "mine" && lane !== "unassigned" && (
              <SelectField
                label={t.assignee}
                value={search.assignee ?? ""}
                onChange={(event) => change({ assignee: event.target.value || undefined })}
              >
                <option value="">{t.any}</option>
                <option value="me">{t.me}</option>
                <option value="none">{t.nobody}</option>
                {members
                  .filter((one) => one.status === "ACTIVE")
                  .map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name}
                    </option>
                  ))}
              </SelectField>
            )}
            <Button
              size="sm"
              look="quiet"
              disabled={chips.length === 0}
              onClick={() =>
                change({ status: undefined, channel: undefined, account: undefined, assignee: undefined })
              }
            >
              {t.clear}
            </Button>
          </div>
        </Popover>
        <Menu
          align="end"
          trigger={
            <IconButton label={t.sort} pressed={search.sort !== undefined}>
              <ArrowDownWideNarrow size={17} aria-hidden="true" />
            </IconButton>
          }
        >
          <MenuGroup label={t.sort}>
            <MenuChoice
              value={sort}
              onChange={(value) => change({ sort: value })}
              options={[
                { value: "LATEST", label: t.latest },
                { value: "LONGEST_WAITING", label: t.longest },
              ]}
            />
          </MenuGroup>
        </Menu>
      </div>
      {lane === "team" && teams.length > 1 && (
        <select
          aria-label={t.team}
          value={search.team ?? ""}
          onChange={(event) => change({ team: event.target.value || undefined })}
          className="touch-target h-8 rounded-lg border border-line-strong bg-surface px-2 text-base"
        >
          <option value="">{t.allMyTeams}</option>
          {teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </select>
      )}
      {chips.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {chips.map((chip) => (
            <li key={chip.key}>
              <button
                type="button"
                aria-label={t.remove(chip.words)}
                onClick={() => change({ [chip.key]: undefined })}
                className="inline-flex h-6 items-center gap-1 rounded-full bg-accent-soft pr-1.5 pl-2 text-xs font-medium text-accent-strong hover:brightness-95"
              >
                <span className="max-w-32 truncate">{chip.words}</span>
                <X size={12} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
