import { Repeat2, UserRound, UserRoundX, UsersRound } from "lucide-react";
import { useMay, useMembers, useTeams } from "~/api/people";
import type { Lead, Schemas } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { useMessages } from "~/i18n/catalogue";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { Given } from "~/ui/Given";
import { Menu, MenuGroup, MenuItem, MenuLine } from "~/ui/Menu";
import { detailMessages } from "./messages";

/** Who the lead belongs to, and whom it can be given to. */
export function OwnerControl({
  lead,
  busy,
  onAssign,
}: {
  lead: Lead;
  busy: boolean;
  onAssign(assignment: Schemas["LeadAssignment"]): void;
}) {
  const t = useMessages(detailMessages);
  const { member: me } = useSignedIn();
  const mayAssign = useMay("leads:assign");
  const known = useMembers();
  const members = (known.data ?? []).filter((one) => one.status === "ACTIVE" && one.role !== "VIEWER");
  const knownTeams = useTeams();
  const teams = knownTeams.data ?? [];
  const closed = lead.closedAt !== undefined;
  return (
    <div className="flex flex-col gap-1.5">
      <Line label={t.owner}>
        {lead.assignedMemberName ? (
          <>
            <Avatar name={lead.assignedMemberName} size={20} />
            <Given className="truncate">{lead.assignedMemberName}</Given>
          </>
        ) : (
          <span className="text-ink-faint">{t.nobody}</span>
        )}
      </Line>
      <Line label={t.team}>
        {lead.assignedTeamName ? (
          <>
            <UsersRound size={16} className="text-ink-faint" aria-hidden="true" />
            <Given className="truncate">{lead.assignedTeamName}</Given>
          </>
        ) : (
          <span className="text-ink-faint">{t.nobody}</span>
        )}
      </Line>
      {mayAssign && !closed && (
        <div className="flex flex-wrap gap-1.5 pt-0.5">
          {lead.assignedMemberId !== me.id && (
            <Button
              size="sm"
              busy={busy}
              title="Alt+A"
              onClick={() => onAssign({ mode: "MANUAL", memberId: me.id })}
            >
              {t.assignMe}
            </Button>
          )}
          <Menu
            // No event tells of colleagues and teams that come or go.
            onOpenChange={(open) => {
              if (!open) return;
              void known.refetch();
              void knownTeams.refetch();
            }}
            trigger={
              <Button size="sm" disabled={busy}>
                {t.change}
              </Button>
            }
          >
            <MenuItem icon={<Repeat2 size={16} />} onSelect={() => onAssign({ mode: "AUTO_ROUND_ROBIN" })}>
              {t.roundRobin}
            </MenuItem>
            <MenuItem icon={<UserRoundX size={16} />} onSelect={() => onAssign({ mode: "NOBODY" })}>
              {t.unassign}
            </MenuItem>
            <MenuLine />
            <MenuGroup label={t.members}>
              {members.map((one) => (
                <MenuItem
                  key={one.id}
                  icon={<UserRound size={16} />}
                  onSelect={() => onAssign({ mode: "MANUAL", memberId: one.id })}
                >
                  <Given>{one.name}</Given>
                </MenuItem>
              ))}
            </MenuGroup>
            {teams.length > 0 && (
              <MenuGroup label={t.teams}>
                {teams.map((one) => (
                  <MenuItem
                    key={one.id}
                    icon={<UsersRound size={16} />}
                    onSelect={() => onAssign({ mode: "TEAM", teamId: one.id })}
                  >
                    <Given>{one.name}</Given>
                  </MenuItem>
                ))}
              </MenuGroup>
            )}
          </Menu>
        </div>
      )}
    </div>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex min-h-7 items-center gap-2">
      <span className="w-16 shrink-0 text-sm text-ink-faint">{label}</span>
      <span className="flex min-w-0 flex-1 items-center gap-1.5">{children}</span>
    </div>
  );
}
