import { ComboBox as AriaComboBox, Input, type Key, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";
import "./field.css";
import "./menu.css";
import type { ReactNode } from "react";
import { Icon } from "./icons";

export interface FoundItem {
  id: string;
  text: string;
  content: ReactNode;
}

interface SearchBoxProps {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  items: readonly FoundItem[];
  /** What the list says when it is empty. */
  empty: string;
  onChoose: (id: string) => void;
}

/** A field that searches while one types; what it finds is chosen from a list below. */
export function SearchBox({ label, placeholder, value, onChange, items, empty, onChoose }: SearchBoxProps) {
  return (
    <AriaComboBox
      className="z-field"
      inputValue={value}
      onInputChange={onChange}
      items={items}
      selectedKey={null}
      onSelectionChange={(key: Key | null) => key !== null && onChoose(String(key))}
      allowsEmptyCollection
      defaultFilter={() => true}
    >
      <Label className="z-label">{label}</Label>
      <div className="z-input-frame">
        <Icon name="search" size={18} />
        <Input className="z-input" placeholder={placeholder} />
      </div>
      <Popover className="z-popover" offset={4}>
        <ListBox className="z-menu" renderEmptyState={() => <p className="z-menu-empty">{empty}</p>}>
          {(item: FoundItem) => (
            <ListBoxItem className="z-menu-item" textValue={item.text}>
              {item.content}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
