/** What stands at both sides of the text: beside it where there is room, a drawer over it where not, a sheet from below on a phone. */
import { Component, type ReactNode, Suspense } from "react";
import "../ui/tabs.css";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button, IconButton, IconToggle } from "../ui/Button";
import { Sheet } from "../ui/Dialog";
import { Icon } from "../ui/icons";
import { Empty, Loading } from "../ui/Pieces";
import { type Panel, type PanelId, useActView } from "./slots";
import type { Panels } from "./usePanels";

/** Contents and documents. */
export function LeftSide({ panels, children }: { panels: Panels; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Side
      title={t("acts.page.outline")}
      side="left"
      isOpen={panels.hasContents}
      isNarrow={panels.isNarrow}
      onClose={() => panels.setContents(false)}
    >
      {children}
    </Side>
  );
}

/** The panels of the registry as tabs. Only the one in sight is mounted. */
export function RightSide({ panels }: { panels: Panels }) {
  const { t } = useTranslation();
  const { panel, offered } = panels;
  return (
    <Side title={t("acts.panels.label")} side="right" isOpen={panel !== null} isNarrow={panels.isNarrow} onClose={panels.hide}>
      <Tabs className="z-tabs z-panels" {...(panel && { selectedKey: panel })} onSelectionChange={(key) => panels.show(key as PanelId)}>
        <TabList className="z-tab-list" aria-label={t("acts.panels.label")}>
          {offered.map((each) => (
            <PanelTab key={each.id} panel={each} />
          ))}
        </TabList>
        {offered.map((each) => (
          <TabPanel key={each.id} id={each.id} className="z-tab-panel">
            <Guarded>
              <Suspense fallback={<Loading />}>
                <each.component />
              </Suspense>
            </Guarded>
          </TabPanel>
        ))}
      </Tabs>
    </Side>
  );
}

function PanelTab({ panel }: { panel: Panel }) {
  const { t } = useTranslation();
  const useCount = panel.useCount ?? none;
  const count = useCount(useActView());
  return (
    <Tab id={panel.id} className="z-tab">
      <span className="z-panel-icon">
        <Icon name={panel.icon} size={18} />
        {count > 0 && <span className="z-count">{count}</span>}
      </span>
      {t(`acts.panels.${panel.id}`)}
    </Tab>
  );
}

const none = () => 0;

/** The buttons of the header that open and close both sides. */
export function PanelSwitches({ panels }: { panels: Panels }) {
  const { t } = useTranslation();
  const { isNarrow, hasContents, setContents, panel, hide, reopen } = panels;
  const contents = t(hasContents && !isNarrow ? "acts.page.hideOutline" : "acts.page.showOutline");
  const side = t(panel !== null && !isNarrow ? "acts.page.hidePanel" : "acts.page.showPanel");
  if (isNarrow) {
    return (
      <>
        <IconButton icon="outline" label={contents} onPress={() => setContents(true)} />
        <IconButton icon="panel" label={side} onPress={reopen} />
      </>
    );
  }
  return (
    <>
      <IconToggle icon="panelLeft" label={contents} isSelected={hasContents} onChange={setContents} />
      <IconToggle icon="panel" label={side} isSelected={panel !== null} onChange={(open) => (open ? reopen() : hide())} />
    </>
  );
}

interface SideProps {
  title: string;
  side: "left" | "right";
  isOpen: boolean;
  isNarrow: boolean;
  onClose: () => void;
  children: ReactNode;
}

function Side({ title, side, isOpen, isNarrow, onClose, children }: SideProps) {
  if (isNarrow) {
    return (
      <Sheet title={title} side={side} isOpen={isOpen} onClose={onClose}>
        {children}
      </Sheet>
    );
  }
  if (!isOpen) return null;
  return (
    <aside className="z-side" data-side={side} aria-label={title}>
      {children}
    </aside>
  );
}

/** A panel that fails takes neither the text nor the other panels with it. */
class Guarded extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidCatch(error: unknown) {
    console.error("a panel failed", error);
  }

  override render() {
    return this.state.isBroken ? <Broken onRetry={() => this.setState({ isBroken: false })} /> : this.props.children;
  }
}

function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty icon="alert" title={t("acts.panels.broken")}>
      <Button icon="refresh" onPress={onRetry}>
        {t("ui.retry")}
      </Button>
    </Empty>
  );
}
