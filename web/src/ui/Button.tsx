import type { ReactNode } from "react";
import { Button as AriaButton, Link as AriaLink, ToggleButton as AriaToggle, Tooltip, TooltipTrigger } from "react-aria-components";
import "./button.css";
import { Icon, type IconName } from "./icons";

export type Look = "primary" | "plain" | "quiet" | "danger" | "link";

interface Shape {
  look?: Look;
  icon?: IconName;
  small?: boolean;
  wide?: boolean;
}

interface ButtonProps extends Shape {
  children: ReactNode;
  onPress?: () => void;
  type?: "button" | "submit";
  /** The id of the form that a button outside of it sends. */
  form?: string;
  isDisabled?: boolean;
  isPending?: boolean;
  autoFocus?: boolean;
  slot?: string;
  describedBy?: string;
  /** Read aloud instead of the text, where the text alone does not say of what. */
  label?: string;
}

function shape({ look = "plain", small, wide }: Shape) {
  return {
    className: "z-button",
    "data-look": look,
    "data-small": small ? "" : undefined,
    "data-wide": wide ? "" : undefined,
  };
}

/**
 * While it is pending it keeps the focus and its words and does nothing. The library's own `isPending` is not used: it announces
 * by the id of a thing that is gone when the work ends.
 */
export function Button({ children, icon, isPending, describedBy, label, look, small, wide, onPress, type, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...shape({ ...(look && { look }), ...(small && { small }), ...(wide && { wide }) })}
      {...rest}
      type={isPending ? "button" : (type ?? "button")}
      data-pending={isPending ? "" : undefined}
      {...(onPress && !isPending && { onPress })}
      {...(describedBy && { "aria-describedby": describedBy })}
      {...(label && { "aria-label": label })}
    >
      {isPending ? <span className="z-spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={18} />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Shape {
  icon: IconName;
  label: string;
  keys?: string;
  onPress?: () => void;
  isDisabled?: boolean;
  slot?: string;
  size?: number;
}

/** A button that shows only an icon; its label is read aloud and shown on hover and focus. */
export function IconButton({ icon, label, keys, look = "quiet", small, slot, size, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaButton
        {...shape({ look, ...(small && { small }) })}
        data-icon-only=""
        aria-label={label}
        {...(slot !== undefined && { slot })}
        {...rest}
      >
        <Icon name={icon} size={size ?? (small ? 18 : 20)} />
      </AriaButton>
      <Hint text={label} {...(keys && { keys })} />
    </TooltipTrigger>
  );
}

export function Hint({ text, keys }: { text: string; keys?: string }) {
  return (
    <Tooltip className="z-tooltip" offset={6}>
      {text}
      {keys && <kbd>{keys}</kbd>}
    </Tooltip>
  );
}

interface IconToggleProps {
  icon: IconName;
  label: string;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
}

export function IconToggle({ icon, label, isSelected, onChange }: IconToggleProps) {
  return (
    <TooltipTrigger delay={500}>
      <AriaToggle className="z-button" data-look="quiet" data-icon-only="" aria-label={label} isSelected={isSelected} onChange={onChange}>
        <Icon name={icon} />
      </AriaToggle>
      <Hint text={label} />
    </TooltipTrigger>
  );
}

/** Goes somewhere, looks like a button. */
export function LinkButton({ href, children, icon, look, small, wide }: Shape & { href: string; children: ReactNode }) {
  return (
    <AriaLink {...shape({ ...(look && { look }), ...(small && { small }), ...(wide && { wide }) })} href={href}>
      {icon && <Icon name={icon} size={18} />}
      {children}
    </AriaLink>
  );
}

/** Goes somewhere and shows only an icon; its label is read aloud and shown on hover and focus. */
export function IconLink({ href, icon, label, look = "plain" }: Pick<Shape, "look"> & { href: string; icon: IconName; label: string }) {
  return (
    <TooltipTrigger delay={500}>
      <AriaLink {...shape({ look })} data-icon-only="" aria-label={label} href={href}>
        <Icon name={icon} />
      </AriaLink>
      <Hint text={label} />
    </TooltipTrigger>
  );
}
