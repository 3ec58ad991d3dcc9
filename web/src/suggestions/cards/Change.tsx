import type { Proposal } from "../core/record.ts";
import { describe, type Said } from "./describe.ts";
import { visible } from "./visible.ts";
import { behindText, changeText, type Names } from "./words.ts";

/** What goes and what comes: struck and underlined, in the hue of the body. */
export function ChangeText({ proposal, names }: { proposal: Proposal; names: Names }) {
  const said = describe(proposal);
  const { what, before, after, behind } = said;
  const isNew = what !== "move" && what !== "join" && what !== "format" && what !== "split";
  return (
    <div className="sug-change">
      {before !== "" && <del>{visible(before)}</del>}
      {before !== "" && after !== "" && <span aria-hidden="true"> → </span>}
      {after !== "" && (isNew ? <ins>{visible(after)}</ins> : <q>{visible(after)}</q>)}
      <Attributes said={said} />
      {behind !== null && (what === "move" || after === "") && <div className="sug-note">{behindText(behind, names)}</div>}
    </div>
  );
}

function Attributes({ said }: { said: Said }) {
  return said.changes.map((change) => (
    <div key={change.name} className="sug-note">
      {changeText(said, change)}
    </div>
  ));
}
