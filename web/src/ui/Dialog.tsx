import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import "./dialog.css";
import { IconButton } from "./Button";
import { useSnap } from "./useSnap";

interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  foot?: ReactNode;
  size?: "usual" | "wide";
  /** An alert is not closed by pressing beside it. */
  role?: "dialog" | "alertdialog";
  /** A question that has to be answered: no closing button, no Escape. */
  mustAnswer?: boolean;
  /** Long and only to be read: it takes the focus, so that keys can scroll it. */
  isReading?: boolean;
}

export function Dialog({ title, isOpen, onClose, children, foot, size = "usual", role = "dialog", mustAnswer, isReading }: DialogProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      className="z-scrim"
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === "dialog" && !mustAnswer}
      isKeyboardDismissDisabled={mustAnswer ?? false}
    >
      <Modal className="z-modal" data-size={size}>
        <AriaDialog className="z-dialog" role={role}>
          <div className="z-dialog-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {!mustAnswer && <IconButton icon="close" label={t("ui.close")} onPress={onClose} />}
          </div>
          <div className="z-dialog-body" {...(isReading && { tabIndex: 0, role: "group", "aria-label": title })}>
            {children}
          </div>
          {foot && <div className="z-dialog-foot">{foot}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface SheetProps {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** The edge it comes from where the window is wider than a phone. */
  side?: "left" | "right";
}

/** What a side panel is where it has no place beside: a drawer at its edge, on a phone a sheet from below that stands half or full. */
export function Sheet({ title, isOpen, onClose, children, side = "right" }: SheetProps) {
  const { t } = useTranslation();
  const snap = useSnap(onClose);
  return (
    <ModalOverlay className="z-scrim" data-drawer="" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="z-modal" data-drawer={side} data-snap={snap.isFull ? "full" : "half"} style={snap.style}>
        <AriaDialog className="z-dialog">
          <div className="z-snap-zone" {...snap.handlers}>
            {/* A plain button: those of the library keep the pull to themselves. */}
            <button type="button" className="z-snap" aria-label={snap.isFull ? t("ui.half") : t("ui.full")} onClick={snap.toggle} />
            <div className="z-dialog-head">
              <Heading slot="title" level={2}>
                {title}
              </Heading>
              <IconButton icon="close" label={t("ui.close")} onPress={onClose} />
            </div>
          </div>
          <div className="z-dialog-body">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
