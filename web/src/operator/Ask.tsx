import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

interface AskProps {
  title: string;
  isOpen: boolean;
  /** What the button that does it says. */
  answer: string;
  isPending: boolean;
  isDisabled?: boolean;
  onClose: () => void;
  onAnswer: () => void;
  children: ReactNode;
}

/** A question before something that is not undone by pressing again. */
export function Ask({ title, isOpen, answer, isPending, isDisabled = false, onClose, onAnswer, children }: AskProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      role="alertdialog"
      foot={
        <>
          <Button look="quiet" onPress={onClose}>
            {t("operator.cancel")}
          </Button>
          <Button look="danger" isPending={isPending} isDisabled={isDisabled} onPress={onAnswer}>
            {answer}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
