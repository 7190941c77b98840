import { useEffect, useMemo, useState } from "react";
import type { SendOptions } from "~/api/rows";
import { useLanguage } from "~/i18n/moments";
import { type Policy, policyOf } from "./policy";

/** The policy at this moment; by the second while its words count. */
export function usePolicy(options: SendOptions | undefined): Policy | undefined {
  const language = useLanguage();
  const [now, setNow] = useState(() => Date.now());
  // The server's clock counts, not that of this machine.
  const ahead = useMemo(() => (options ? Date.parse(options.at) - Date.now() : 0), [options]);
  const policy = useMemo(
    () => (options ? policyOf(options, now + ahead, language) : undefined),
    [options, now, ahead, language],
  );
  const every = policy?.counts ? 1_000 : 20_000;
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return policy;
}
