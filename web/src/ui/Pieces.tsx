import { type ReactNode, useState } from "react";
import { ProgressBar } from "react-aria-components";
import { useTranslation } from "react-i18next";
import "./pieces.css";
import { Button } from "./Button";
import { Icon, type IconName } from "./icons";

export type Tone = "good" | "warn" | "bad" | "info" | "stale" | "silent";

interface ChipProps {
  children: string;
  hue?: number | undefined;
  tone?: Tone;
  icon?: IconName;
  strong?: boolean;
  title?: string;
}

export function Chip({ children, hue, tone, icon, strong, title }: ChipProps) {
  return (
    <span className="z-chip" data-hue={hue} data-tone={tone} data-strong={strong ? "" : undefined} title={title}>
      {icon && <Icon name={icon} size={14} />}
      <span>{children}</span>
    </span>
  );
}

/** Initials of a person in the hue of where they come from. */
export function Avatar({ name, hue, size = "usual" }: { name: string; hue?: number | undefined; size?: "usual" | "small" }) {
  return (
    <span className="z-avatar" data-hue={hue} data-size={size} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

/** The first letters of the first two words, as a person sees letters: surrogate pairs stay whole. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toLocaleUpperCase("uk");
}

export function Person({ name, note, hue }: { name: string; note?: ReactNode; hue?: number | undefined }) {
  return (
    <span className="z-person">
      <Avatar name={name} hue={hue} />
      <span>
        <span className="z-person-name">{name}</span>
        {note && <span className="z-person-note">{note}</span>}
      </span>
    </span>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  text?: string;
  children?: ReactNode;
  /** The page has nothing else: the sentence is its heading. */
  page?: boolean;
}

/** Nothing here, why, and what to do about it. */
export function Empty({ icon, title, text, children, page }: EmptyProps) {
  const Title = page ? "h1" : "h2";
  return (
    <div className="z-empty">
      <Icon name={icon} size={28} />
      <Title>{title}</Title>
      {text && <p>{text}</p>}
      {children && <div className="z-empty-actions">{children}</div>}
    </div>
  );
}

const TONE_ICONS: Record<Tone, IconName> = {
  good: "check",
  warn: "alert",
  bad: "alert",
  info: "info",
  stale: "history",
  silent: "info",
};

interface BannerProps {
  tone: Tone;
  icon?: IconName;
  title?: string;
  children: ReactNode;
  action?: ReactNode;
  /** Read aloud at once when it appears. */
  live?: boolean;
}

export function Banner({ tone, icon, title, children, action, live }: BannerProps) {
  return (
    <div className="z-banner" data-tone={tone} {...(live && { role: tone === "bad" ? "alert" : "status" })}>
      <Icon name={icon ?? TONE_ICONS[tone]} />
      <div>
        {title && <div className="z-banner-title">{title}</div>}
        {children}
      </div>
      {action}
    </div>
  );
}

export function Loading({ label }: { label?: string }) {
  const { t } = useTranslation();
  return (
    <div className="z-loading" role="status">
      <span className="z-spinner" aria-hidden="true" />
      <span>{label ?? t("ui.loading")}</span>
    </div>
  );
}

/** `value` is a share from 0 to 1. */
export function Progress({ label, value }: { label: string; value: number }) {
  return (
    <ProgressBar aria-label={label} value={Math.round(value * 100)}>
      <div className="z-progress">
        <div style={{ transform: `scaleX(${value})` }} />
      </div>
    </ProgressBar>
  );
}

export function Keys({ keys }: { keys: string }) {
  return (
    <span>
      {keys.split("+").map((key, index) => (
        <span key={key}>
          {index > 0 && " "}
          <kbd className="z-kbd">{key}</kbd>
        </span>
      ))}
    </span>
  );
}

/** A secret that is shown once, with a button that copies it. */
export function Secret({ value }: { value: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="z-secret">
      <code>{value}</code>
      <Button icon={copied ? "check" : "copy"} small onPress={copy}>
        {copied ? t("ui.copied") : t("ui.copy")}
      </Button>
    </div>
  );
}
