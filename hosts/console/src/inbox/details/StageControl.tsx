import { ArrowRight, XCircle } from "lucide-react";
import { useState } from "react";
import { useMay } from "~/api/people";
import type { LeadStatus } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { classes } from "~/ui/classes";
import { Dialog } from "~/ui/Dialog";
import { StagePill } from "../StagePill";
import { movesFrom, STAGES, stageMessages } from "../stages";
import { detailMessages } from "./messages";

/** Where the lead is on its way, and the moves that are open to it. */
export function StageControl({
  stage,
  busy,
  onMove,
}: {
  stage: LeadStatus;
  busy: boolean;
  onMove(to: LeadStatus): void;
}) {
  const t = useMessages(detailMessages);
  const names = useMessages(stageMessages);
  const mayMove = useMay("leads:write");
  const [asking, setAsking] = useState(false);
  const moves = movesFrom(stage);
  const next = moves.find((move) => move !== "LOST");
  const at = STAGES.indexOf(stage);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-2">
        <StagePill stage={stage} />
        {stage !== "LOST" && (
          <span className="flex gap-[3px]" aria-hidden="true">
            {STAGES.map((one, index) => (
              <span
                key={one}
                className={classes(
                  "h-1.5 w-4 rounded-full",
                  index <= at ? (stage === "WON" ? "bg-ok" : "bg-accent") : "bg-line",
                )}
              />
            ))}
          </span>
        )}
      </div>
      {moves.length === 0 && <p className="text-sm text-ink-faint">{t.ended}</p>}
      {mayMove && moves.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {next && (
            <Button size="sm" look="plain" busy={busy} onClick={() => onMove(next)}>
              <ArrowRight size={14} aria-hidden="true" />
              {t.moveTo(names[next])}
            </Button>
          )}
          <Button size="sm" look="danger" disabled={busy} onClick={() => setAsking(true)}>
            <XCircle size={14} aria-hidden="true" />
            {t.markLost}
          </Button>
        </div>
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t.markLost}
        description={t.lostSure}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t.cancel}</Button>
            <Button
              look="danger"
              onClick={() => {
                setAsking(false);
                onMove("LOST");
              }}
            >
              {t.markLost}
            </Button>
          </>
        }
      />
    </div>
  );
}
