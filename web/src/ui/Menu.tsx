import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem as AriaMenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import "./menu.css";
import { Icon, type IconName } from "./icons";

/** A button (the first child) that opens a menu. */
export function Menu({ trigger, label, children }: { trigger: ReactNode; label: string; children: ReactNode }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="z-popover" placement="bottom end" offset={4}>
        <AriaMenu className="z-menu" aria-label={label}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

interface MenuItemProps {
  children: string;
  icon?: IconName;
  help?: string;
  keys?: string;
  href?: string;
  download?: boolean;
  danger?: boolean;
  isDisabled?: boolean;
  onAction?: () => void;
}

export function MenuItem({ children, icon, help, keys, danger, download, href, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem
      className="z-menu-item"
      textValue={children}
      data-look={danger ? "danger" : undefined}
      {...(href !== undefined && { href })}
      {...(download && { download: true, routerOptions: { download: true } as never })}
      {...rest}
    >
      {icon && <Icon name={icon} size={18} />}
      <span className="z-menu-text">
        {children}
        {help && <small>{help}</small>}
      </span>
      {keys && <kbd className="z-menu-keys">{keys}</kbd>}
    </AriaMenuItem>
  );
}

export function MenuLine() {
  return <Separator className="z-menu-line" />;
}

interface CheckMenuProps<T extends string> {
  trigger: ReactNode;
  label: string;
  options: readonly { id: T; label: string; help?: string; isDisabled?: boolean }[];
  value: readonly T[];
  onChange: (value: readonly T[]) => void;
}

/** A menu in which several things can be chosen; it stays open while one chooses. */
export function CheckMenu<T extends string>({ trigger, label, options, value, onChange }: CheckMenuProps<T>) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="z-popover" placement="bottom end" offset={4}>
        <AriaMenu
          className="z-menu"
          aria-label={label}
          selectionMode="multiple"
          disallowEmptySelection
          selectedKeys={value}
          disabledKeys={options.filter((option) => option.isDisabled).map((option) => option.id)}
          onSelectionChange={(keys) => onChange(options.map((option) => option.id).filter((id) => keys === "all" || keys.has(id)))}
        >
          {options.map((option) => (
            <AriaMenuItem key={option.id} id={option.id} className="z-menu-item" textValue={option.label}>
              <span className="z-menu-text">
                {option.label}
                {option.help && <small>{option.help}</small>}
              </span>
              <Icon name="check" size={16} />
            </AriaMenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
