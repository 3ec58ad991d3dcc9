/** How to show it, from change to change, a link to one, the printer. */
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../ui/Button";
import { Segments } from "../ui/Tabs";
import { showToast } from "../ui/Toasts";
import { COLUMNS, VIEWS, type View, type Wanted } from "./data";
import { neighbour, type Row } from "./model";

interface ToolsProps {
  wanted: Wanted;
  change: (change: Partial<Wanted>) => void;
  changes: readonly Row[];
  onGo: (id: string) => void;
  isFetching: boolean;
}

export function Tools({ wanted, change, changes, onGo, isFetching }: ToolsProps) {
  const { t } = useTranslation();
  return (
    <div className="z-compare-tools">
      <Segments
        label={t("compare.view")}
        value={wanted.view}
        options={VIEWS.map((id) => ({ id, label: t(`compare.views.${id}`) }))}
        onChange={(view: View) => change({ view })}
      />
      {wanted.view === "table" && (
        <Segments
          label={t("compare.columns")}
          value={wanted.columns}
          options={COLUMNS.map((id) => ({ id, label: t("compare.columnCount", { count: Number(id) }) }))}
          onChange={(columns) => change({ columns })}
        />
      )}
      <Steps changes={changes} current={wanted.row} onGo={onGo} />
      {isFetching && <span className="z-spinner" role="status" aria-label={t("compare.comparing")} />}
      <Button look="quiet" icon="file" onPress={() => print()}>
        {t("compare.print")}
      </Button>
    </div>
  );
}

function Steps({ changes, current, onGo }: { changes: readonly Row[]; current: string | null; onGo: (id: string) => void }) {
  const { t } = useTranslation();
  const at = changes.findIndex((row) => row.id === current);
  const [before, after] = [neighbour(changes, current, -1), neighbour(changes, current, 1)];
  return (
    <div className="z-compare-steps">
      <IconButton icon="up" label={t("compare.previous")} keys="p" onPress={() => before && onGo(before.id)} isDisabled={!before} />
      <span role="status">
        {at < 0 ? t("compare.count", { count: changes.length }) : t("compare.place_of", { at: at + 1, of: changes.length })}
      </span>
      <IconButton icon="down" label={t("compare.next")} keys="n" onPress={() => after && onGo(after.id)} isDisabled={!after} />
      <IconButton icon="link" label={t("compare.link")} onPress={() => copyLink(t("compare.linkCopied"))} isDisabled={at < 0} />
    </div>
  );
}

/** The address names the change in sight. */
function copyLink(done: string) {
  navigator.clipboard.writeText(location.href).then(
    () => showToast(done),
    (error: unknown) => console.warn("the link could not be copied", error),
  );
}
