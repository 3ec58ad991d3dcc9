/** A day, chosen with what the browser has for it. */
import { useId } from "react";
import "../ui/field.css";

interface DayFieldProps {
  label: string;
  /** 2026-03-12. */
  value: string;
  onChange: (day: string) => void;
  error?: string | undefined;
}

export function DayField({ label, value, onChange, error }: DayFieldProps) {
  const id = useId();
  return (
    <div className="z-field">
      <label className="z-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="z-input"
        type="date"
        required
        value={value}
        onChange={(event) => event.target.value && onChange(event.target.value)}
        {...(error && { "aria-invalid": true, "aria-describedby": `${id}-wrong` })}
      />
      {error && (
        <span id={`${id}-wrong`} className="z-error">
          {error}
        </span>
      )}
    </div>
  );
}
