/** Own words that the server does not have yet, or did not take. */

import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Pieces.tsx";
import { type Pending, quoteOf } from "./model.ts";
import { useComments, useCommentsState } from "./use.ts";

export function Waiting({ pending }: { pending: readonly Pending[] }) {
  const { t } = useTranslation();
  const store = useComments();
  const { isKept } = useCommentsState();
  return pending.map((one) => (
    <div key={one.id} className="cmt-waiting" role="status">
      {one.thread === "" && one.suggestion === "" && quoteOf(one.anchor) !== "" && <q>{quoteOf(one.anchor).slice(0, 160)}</q>}
      <p>{one.text}</p>
      {one.refused === undefined ? (
        <Chip tone={isKept ? "info" : "warn"} icon="clock">
          {t(isKept ? "comments.waiting" : "comments.waitingNotKept")}
        </Chip>
      ) : (
        <>
          <Chip tone="bad" icon="alert">
            {t("comments.refused", { reason: one.refused })}
          </Chip>
          <div className="cmt-row">
            <Button small onPress={() => store?.again(one.id)}>
              {t("comments.again")}
            </Button>
            <Button small look="quiet" onPress={() => store?.takeBack(one.id)}>
              {t("comments.drop")}
            </Button>
          </div>
        </>
      )}
    </div>
  ));
}
