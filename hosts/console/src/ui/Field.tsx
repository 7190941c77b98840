import { type ComponentProps, type ReactNode, useId } from "react";
import { classes } from "./classes";

export const inputLook =
  "touch-target w-full rounded-lg border border-line-strong bg-surface px-3 text-base text-ink transition-colors hover:border-ink-faint disabled:opacity-60 aria-invalid:border-danger";

interface Surround {
  label: ReactNode;
  /** A sentence below the field. */
  hint?: ReactNode;
  /** Why the value cannot be taken. */
  error?: string | undefined;
}

function Frame({ id, label, hint, error, children }: Surround & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-ink">
        {label}
      </label>
      {children}
      {hint && !error && (
        <p id={`${id}-hint`} className="text-sm text-ink-faint">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="text-sm text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, error }: Surround): string | undefined {
  if (error) return `${id}-error`;
  return hint ? `${id}-hint` : undefined;
}

export function TextField({ label, hint, error, className, ...rest }: Surround & ComponentProps<"input">) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, { label, hint, error })}
        className={classes(inputLook, "h-9", className)}
      />
    </Frame>
  );
}

export function TextArea({ label, hint, error, className, ...rest }: Surround & ComponentProps<"textarea">) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, { label, hint, error })}
        className={classes(inputLook, "min-h-20 py-2", className)}
      />
    </Frame>
  );
}

export function SelectField({
  label,
  hint,
  error,
  className,
  children,
  ...rest
}: Surround & ComponentProps<"select">) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, { label, hint, error })}
        className={classes(inputLook, "h-9", className)}
      >
        {children}
      </select>
    </Frame>
  );
}
