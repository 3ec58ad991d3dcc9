/** The button among the editing tools. */

import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/Button.tsx";
import { useCommenting } from "./commenting.ts";

export function CommentTool() {
  const { t } = useTranslation();
  const comment = useCommenting();
  return <IconButton small icon="comment" label={t("comments.comment")} keys="Ctrl+Alt+M" onPress={comment} />;
}
