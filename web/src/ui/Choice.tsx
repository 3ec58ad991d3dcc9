import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  SelectValue,
} from "react-aria-components";
import "./field.css";
import "./menu.css";
import { Below } from "./Field";
import { Icon } from "./icons";

export interface Option<T extends string> {
  id: T;
  label: string;
  help?: string;
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
}

interface SelectProps<T extends string> extends ChoiceProps<T> {
  hideLabel?: boolean;
  error?: string | undefined;
  isDisabled?: boolean;
}

export function Select<T extends string>({ label, value, options, onChange, hideLabel, error, isDisabled }: SelectProps<T>) {
  return (
    <AriaSelect
      className="z-field"
      selectedKey={value}
      onSelectionChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen) onChange(chosen.id);
      }}
      isInvalid={Boolean(error)}
      {...(hideLabel && { "aria-label": label })}
      {...(isDisabled && { isDisabled })}
    >
      {!hideLabel && <Label className="z-label">{label}</Label>}
      <Button className="z-input z-select-button">
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <Icon name="down" size={16} />
      </Button>
      <Below error={error} />
      <Popover className="z-popover" offset={4}>
        <ListBox className="z-menu" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} className="z-menu-item" textValue={option.label}>
              <span className="z-menu-text">{option.label}</span>
              <Icon name="check" size={16} />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

interface RadiosProps<T extends string> extends ChoiceProps<T> {
  look?: "list" | "cards";
}

export function RadioGroup<T extends string>({ label, value, options, onChange, look = "list" }: RadiosProps<T>) {
  return (
    <AriaRadioGroup
      className="z-radios"
      data-look={look}
      value={value}
      onChange={(id) => {
        const chosen = options.find((option) => option.id === id);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className="z-label">{label}</Label>
      <div className="z-radio-list">
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className="z-radio">
            <span className="z-box" />
            <span>{option.label}</span>
            {option.help && <span className="z-help">{option.help}</span>}
          </Radio>
        ))}
      </div>
    </AriaRadioGroup>
  );
}

interface CheckboxProps {
  children: ReactNode;
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  help?: string;
  isDisabled?: boolean;
}

export function Checkbox({ children, help, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox className="z-check" {...rest}>
      <span className="z-box">
        <Icon name="check" size={14} />
      </span>
      <span>{children}</span>
      {help && <span className="z-help">{help}</span>}
    </AriaCheckbox>
  );
}
