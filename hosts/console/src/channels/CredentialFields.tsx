import type { ApiProblem } from "~/api/problem";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { TextField } from "~/ui/Field";
import { useProblemWords } from "~/ui/states";
import { type Connectable, credentialMessages, kinds } from "./kinds";

const messages = catalogue({
  en: {
    ownApp: "Only for an app of this account's own",
    pageId: "Only with Facebook's log-in.",
    kept: "Empty: the present one stays.",
  },
  th: {
    ownApp: "เฉพาะเมื่อใช้แอปของบัญชีนี้เอง",
    pageId: "เฉพาะเมื่อใช้การเข้าสู่ระบบของ Facebook",
    kept: "เว้นว่างไว้: ใช้ค่าเดิม",
  },
});

export type Credentials = Record<string, string>;

/** What was filled in, without blanks around it. */
export function filled(credentials: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(credentials)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ""),
  );
}

/** The fields for a channel's credentials. Nothing that was given before is ever shown. */
export function CredentialFields({
  type,
  values,
  onChange,
  problem,
  replacing = false,
}: {
  type: Connectable;
  values: Credentials;
  onChange(values: Credentials): void;
  problem?: ApiProblem | undefined;
  /** They replace those of before: what stays empty is kept. */
  replacing?: boolean;
}) {
  const t = useMessages(messages);
  const labels = useMessages(credentialMessages);
  const words = useProblemWords();
  const { credentials } = kinds[type];
  const field = ({ name, secret, optional = false }: (typeof credentials)[number]) => (
    <TextField
      key={name}
      label={labels[name]}
      hint={replacing ? t.kept : name === "pageId" ? t.pageId : undefined}
      // A password field, so that no browser keeps or shows it, and no manager offers one.
      type={secret ? "password" : "text"}
      autoComplete={secret ? "one-time-code" : "off"}
      spellCheck={false}
      required={!optional && !replacing}
      value={values[name] ?? ""}
      onChange={(event) => onChange({ ...values, [name]: event.target.value })}
      error={problem?.field === `credentials.${name}` ? words(problem) : undefined}
      className="font-mono"
    />
  );
  const own = credentials.filter(({ name }) => name === "appSecret" || name === "verifyToken");
  return (
    <>
      {credentials.filter((one) => !own.includes(one)).map(field)}
      {own.length > 0 && (
        <details className="rounded-lg border border-line px-3 py-2">
          <summary className="cursor-pointer text-sm text-ink-soft">{t.ownApp}</summary>
          <div className="flex flex-col gap-4 pt-3 pb-1">{own.map(field)}</div>
        </details>
      )}
    </>
  );
}
