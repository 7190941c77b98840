import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2, UsersRound, X } from "lucide-react";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { useMay, useMembers, useTeams } from "~/api/people";
import { problemOf } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Confirm } from "~/ui/Confirm";
import { TextField } from "~/ui/Field";
import { FormDialog } from "~/ui/FormDialog";
import { Given } from "~/ui/Given";
import { IconButton } from "~/ui/IconButton";
import { Loaded } from "~/ui/Loaded";
import { Menu, MenuItem } from "~/ui/Menu";
import { Sheet } from "~/ui/Page";
import { EmptyState, useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";

const messages = catalogue({
  en: {
    title: "Teams",
    intro: "Leads can be given to a team; whoever of it is free takes them.",
    none: "No teams yet",
    noneWords: "Small shops need none. With more people, a team per shift or product helps.",
    create: "New team",
    rename: (name: string) => `Rename ${name}`,
    remove: (name: string) => `Delete ${name}`,
    removeTitle: (name: string) => `Delete the team ${name}?`,
    removeWords: "Its members stay. Leads that were given to it belong to nobody's team any more.",
    removeAction: "Delete the team",
    add: "Add a member",
    addTo: (name: string) => `Add a member to ${name}`,
    drop: (member: string, team: string) => `Take ${member} out of ${team}`,
    empty: "Nobody yet",
    name: "Name",
    save: "Save",
    exists: "There is a team of this name already.",
  },
  th: {
    title: "ทีม",
    intro: "มอบหมายงานให้ทีมได้ คนในทีมที่ว่างจะรับงานไป",
    none: "ยังไม่มีทีม",
    noneWords: "ร้านเล็กไม่จำเป็นต้องมีทีม ถ้ามีหลายคน แบ่งทีมตามกะหรือสินค้าจะช่วยได้",
    create: "ทีมใหม่",
    rename: (name: string) => `เปลี่ยนชื่อ ${name}`,
    remove: (name: string) => `ลบ ${name}`,
    removeTitle: (name: string) => `ลบทีม ${name} หรือไม่`,
    removeWords: "สมาชิกยังอยู่ งานที่มอบหมายให้ทีมนี้จะไม่มีทีมดูแล",
    removeAction: "ลบทีม",
    add: "เพิ่มสมาชิก",
    addTo: (name: string) => `เพิ่มสมาชิกใน ${name}`,
    drop: (member: string, team: string) => `นำ ${member} ออกจาก ${team}`,
    empty: "ยังไม่มีใคร",
    name: "ชื่อ",
    save: "บันทึก",
    exists: "มีทีมชื่อนี้อยู่แล้ว",
  },
});

export function Teams() {
  const t = useMessages(messages);
  const teams = useTeams();
  const mayManage = useMay("members:manage");
  const [creates, setCreates] = useState(false);
  return (
    <Sheet title={t.title} intro={t.intro}>
      <div className="flex flex-col gap-4">
        <Loaded query={teams} rows={2}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={<UsersRound size={26} />} title={t.none}>
                {t.noneWords}
              </EmptyState>
            ) : (
              <ul className="divide-y divide-line">
                {list.map((team) => (
                  <TeamRow key={team.id} team={team} mayManage={mayManage} />
                ))}
              </ul>
            )
          }
        </Loaded>
        {mayManage && (
          <Button className="self-start" onClick={() => setCreates(true)}>
            <Plus size={16} aria-hidden="true" />
            {t.create}
          </Button>
        )}
      </div>
      <TeamDialog open={creates} onClose={() => setCreates(false)} />
    </Sheet>
  );
}

function TeamRow({ team, mayManage }: { team: Schemas["Team"]; mayManage: boolean }) {
  const t = useMessages(messages);
  const client = useQueryClient();
  const members = useMembers().data ?? [];
  const [renames, setRenames] = useState(false);
  const [removes, setRemoves] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.teams });
  const words = useProblemWords();
  const failed = (error: unknown) => toast("failed", words(error));
  const at = (memberId: string) => ({ params: { path: { id: team.id, memberId } } });
  const add = useMutation({
    mutationFn: (id: string) => answer(api.PUT("/api/teams/{id}/members/{memberId}", at(id))),
    onSuccess: refresh,
    onError: failed,
  });
  const drop = useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/teams/{id}/members/{memberId}", at(id))),
    onSuccess: refresh,
    onError: failed,
  });
  const inside = members.filter((member) => team.memberIds.includes(member.id));
  const outside = members.filter(
    (member) => !team.memberIds.includes(member.id) && member.status !== "DISABLED",
  );
  return (
    <li className="flex flex-col gap-2 py-3 first:pt-0 last:pb-0">
      <div className="flex items-center gap-1">
        <h3 className="min-w-0 flex-1 truncate text-base font-medium text-ink">
          <Given>{team.name}</Given>
        </h3>
        {mayManage && (
          <>
            <IconButton label={t.rename(team.name)} onClick={() => setRenames(true)}>
              <Pencil size={15} />
            </IconButton>
            <IconButton label={t.remove(team.name)} onClick={() => setRemoves(true)}>
              <Trash2 size={15} />
            </IconButton>
          </>
        )}
      </div>
      <ul className="flex flex-wrap items-center gap-1.5">
        {inside.map((member) => (
          <li
            key={member.id}
            className="flex items-center gap-1.5 rounded-full border border-line bg-sunken py-0.5 pr-2 pl-0.5 text-sm text-ink"
          >
            <Avatar name={member.name} size={24} />
            <Given className="max-w-40 truncate">{member.name}</Given>
            {mayManage && (
              <button
                type="button"
                aria-label={t.drop(member.name, team.name)}
                onClick={() => drop.mutate(member.id)}
                className="touch-target -mr-1 inline-flex size-5 items-center justify-center rounded-full text-ink-faint hover:bg-hover hover:text-ink"
              >
                <X size={13} aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
        {inside.length === 0 && <li className="text-sm text-ink-faint">{t.empty}</li>}
        {mayManage && outside.length > 0 && (
          <li>
            <Menu
              trigger={
                <button
                  type="button"
                  aria-label={t.addTo(team.name)}
                  className="touch-target inline-flex h-7 items-center gap-1 rounded-full border border-dashed border-line-strong px-2.5 text-sm text-ink-soft hover:bg-hover"
                >
                  <Plus size={13} aria-hidden="true" />
                  {t.add}
                </button>
              }
            >
              {outside.map((member) => (
                <MenuItem
                  key={member.id}
                  icon={<Avatar name={member.name} size={22} />}
                  onSelect={() => add.mutate(member.id)}
                >
                  {member.name}
                </MenuItem>
              ))}
            </Menu>
          </li>
        )}
      </ul>
      <TeamDialog open={renames} onClose={() => setRenames(false)} team={team} />
      <Confirm
        open={removes}
        onClose={() => setRemoves(false)}
        title={t.removeTitle(team.name)}
        description={t.removeWords}
        action={t.removeAction}
        run={async () => {
          await answer(api.DELETE("/api/teams/{id}", { params: { path: { id: team.id } } }));
          await refresh();
        }}
      />
    </li>
  );
}

/** Makes a team, or gives one another name. */
function TeamDialog({ open, onClose, team }: { open: boolean; onClose(): void; team?: Schemas["Team"] }) {
  const t = useMessages(messages);
  const words = useProblemWords();
  const client = useQueryClient();
  const [name, setName] = useState(team?.name ?? "");
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim() };
      return team
        ? answer(api.PATCH("/api/teams/{id}", { params: { path: { id: team.id } }, body }))
        : answer(api.POST("/api/teams", { body }));
    },
    onSuccess: () => {
      if (!team) setName("");
      onClose();
      return client.invalidateQueries({ queryKey: keys.teams });
    },
  });
  const close = () => {
    save.reset();
    setName(team?.name ?? "");
    onClose();
  };
  const problem = save.error ? problemOf(save.error) : undefined;
  const error = problem?.code === "team_exists" ? t.exists : problem ? words(problem) : undefined;
  return (
    <FormDialog
      open={open}
      onClose={close}
      title={team ? t.rename(team.name) : t.create}
      submit={t.save}
      busy={save.isPending}
      onSubmit={() => save.mutate()}
    >
      <TextField
        label={t.name}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={error}
      />
    </FormDialog>
  );
}
