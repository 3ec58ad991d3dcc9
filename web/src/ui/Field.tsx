import { type ReactNode, useState } from "react";
import {
  SearchField as AriaSearch,
  TextField as AriaText,
  Button,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type ValidationResult,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import "./field.css";
import { IconButton } from "./Button";
import { Icon } from "./icons";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  name?: string;
  help?: string;
  error?: string | undefined;
  type?: "text" | "email" | "password";
  autoComplete?: string;
  placeholder?: string;
  maxLength?: number;
  minLength?: number;
  isRequired?: boolean;
  isReadOnly?: boolean;
  autoFocus?: boolean;
  multiline?: boolean;
}

export function TextField({ label, help, error, placeholder, multiline, ...rest }: FieldProps) {
  return (
    <AriaText className="z-field" validationBehavior="aria" isInvalid={Boolean(error)} {...rest}>
      <Label className="z-label">{label}</Label>
      {multiline ? (
        <TextArea className="z-input" rows={3} {...(placeholder && { placeholder })} />
      ) : (
        <Input className="z-input" {...(placeholder && { placeholder })} />
      )}
      <Below help={help} error={error} />
    </AriaText>
  );
}

export function PasswordField({ label, help, error, ...rest }: Omit<FieldProps, "type" | "multiline">) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  return (
    <AriaText className="z-field" validationBehavior="aria" isInvalid={Boolean(error)} {...rest} type={shown ? "text" : "password"}>
      <Label className="z-label">{label}</Label>
      <div className="z-input-frame">
        <Input className="z-input" />
        <IconButton
          icon={shown ? "eyeOff" : "eye"}
          label={shown ? t("ui.hidePassword") : t("ui.showPassword")}
          small
          onPress={() => setShown(!shown)}
        />
      </div>
      <Below help={help} error={error} />
    </AriaText>
  );
}

interface SearchProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  autoFocus?: boolean;
}

/** The label is read aloud; the magnifier and the placeholder say it to the eye. */
export function SearchField({ label, placeholder, ...rest }: SearchProps) {
  const { t } = useTranslation();
  return (
    <AriaSearch className="z-field z-search" aria-label={label} {...rest}>
      <div className="z-input-frame">
        <Icon name="search" size={18} />
        <Input className="z-input" placeholder={placeholder ?? label} />
        <Button className="z-button" data-look="quiet" data-small="" data-icon-only="" aria-label={t("ui.clear")}>
          <Icon name="close" size={16} />
        </Button>
      </div>
    </AriaSearch>
  );
}

export function Below({ help, error }: { help?: ReactNode; error?: string | undefined }) {
  return (
    <>
      {help && !error && (
        <Text slot="description" className="z-help">
          {help}
        </Text>
      )}
      <FieldError className="z-error">
        {(result: ValidationResult) => (
          <>
            <Icon name="alert" size={16} />
            <span>{error ?? result.validationErrors.join(" ")}</span>
          </>
        )}
      </FieldError>
    </>
  );
}
