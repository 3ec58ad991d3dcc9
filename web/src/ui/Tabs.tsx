import type { ReactNode } from "react";
import { Tabs as AriaTabs, Link, Tab, TabList, TabPanel, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import "./tabs.css";
import { Icon, type IconName } from "./icons";

export interface TabItem {
  id: string;
  label: string;
  content: ReactNode;
}

export function Tabs({ label, items }: { label: string; items: readonly TabItem[] }) {
  return (
    <AriaTabs className="z-tabs">
      <TabList className="z-tab-list" aria-label={label}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className="z-tab">
            {item.label}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="z-tab-panel">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}

/** Tabs that are addresses: each has its own page and its place in the history. */
export function LinkTabs({ label, items, current }: { label: string; items: readonly { href: string; label: string }[]; current: string }) {
  return (
    <nav aria-label={label} className="z-tab-list">
      {items.map((item) => (
        <Link key={item.href} href={item.href} className="z-tab" {...(item.href === current && { "aria-current": "page" as const })}>
          {item.label}
        </Link>
      ))}
    </nav>
  );
}

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly { id: T; label: string; icon?: IconName }[];
  onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <ToggleButtonGroup
      className="z-segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.id));
        if (chosen) onChange(chosen.id);
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.id} id={option.id} className="z-segment">
          {option.icon && <Icon name={option.icon} size={16} />}
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
