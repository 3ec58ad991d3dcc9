import { useTranslation } from "react-i18next";
import { type Act, type Member, PARTS, type Part, useAddRole, useRemoveBody, useRemoveMember, useSetBody, useSetRoles } from "../api/acts";
import { useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { useMe } from "../api/session";
import { Button, IconButton } from "../ui/Button";
import { Select } from "../ui/Choice";
import { CheckMenu } from "../ui/Menu";
import { Chip, Person } from "../ui/Pieces";
import { showToast } from "../ui/Toasts";
import { grantable } from "./roles";

/** Bodies in the order of their part, each with its people. */
export function Members({ act, isEditable = false }: { act: Act; isEditable?: boolean }) {
  const order = [...act.bodies].sort((a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part));
  return (
    <ul className="z-members">
      {order.map(({ body, part }) => (
        <li key={body}>
          <BodyRow act={act} body={body} part={part} isEditable={isEditable} />
        </li>
      ))}
    </ul>
  );
}

function BodyRow({ act, body, part, isEditable }: { act: Act; body: string; part: Part; isEditable: boolean }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const people = act.members.filter((member) => member.body === body);
  const isFixed = !isEditable || !act.abilities.includes("invite") || part === "lead";
  return (
    <section className="z-member-body" aria-label={bodies.nameOf(body)}>
      <div className="z-member-head">
        <Chip hue={bodies.hueOf(body)} strong={part === "lead"}>
          {bodies.shortOf(body)}
        </Chip>
        <span className="z-grow z-small">{isEditable ? bodies.nameOf(body) : ""}</span>
        {isFixed ? <span className="z-quiet z-small">{t(`acts.part.${part}`)}</span> : <PartChoice act={act} body={body} part={part} />}
      </div>
      {people.length === 0 && <p className="z-quiet z-small">{t("acts.members.noBodyPeople")}</p>}
      {people.length > 0 && (
        <ul className="z-member-people">
          {people.map((member) => (
            <li key={member.user}>
              <MemberRow act={act} member={member} isEditable={isEditable} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function PartChoice({ act, body, part }: { act: Act; body: string; part: Part }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const setBody = useSetBody(act.id);
  const removeBody = useRemoveBody(act.id);
  const name = bodies.shortOf(body);
  const failed = { onError: (error: unknown) => showToast(sentenceOf(error), "bad") };
  const remove = () =>
    removeBody.mutate(body, {
      ...failed,
      onSuccess: () =>
        showToast(t("acts.members.removed", { name }), "good", {
          label: t("acts.members.undo"),
          run: () => setBody.mutate({ code: body, part }, failed),
        }),
    });
  return (
    <span className="z-member-tools">
      <Select
        hideLabel
        label={t("acts.members.partOf", { name })}
        value={part}
        options={PARTS.filter((id) => id !== "lead").map((id) => ({ id, label: t(`acts.part.${id}`) }))}
        onChange={(id: Part) => setBody.mutate({ code: body, part: id }, failed)}
      />
      <IconButton icon="trash" small label={t("acts.members.removeNamed", { name })} onPress={remove} />
    </span>
  );
}

function MemberRow({ act, member, isEditable }: { act: Act; member: Member; isEditable: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const bodies = useBodies();
  const mayGive = isEditable ? grantable(act, me, member.body) : [];
  const isMine = mayGive.length > 0 && member.roles.every((role) => mayGive.includes(role));
  const words = member.roles.map((role) => t(`acts.role.${role}`)).join(", ");
  const name = member.user === me.id ? `${member.name} (${t("acts.members.you")})` : member.name;
  const note = isEditable ? member.position : words;
  return (
    <div className="z-member">
      <Person
        name={name}
        note={member.disabled ? `${note}, ${t("people.users.disabled").toLowerCase()}` : note}
        hue={bodies.hueOf(member.body)}
      />
      {isEditable && !isMine && <span className="z-quiet z-small">{words}</span>}
      {isMine && <MemberTools act={act} member={member} words={words} />}
    </div>
  );
}

function MemberTools({ act, member, words }: { act: Act; member: Member; words: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const setRoles = useSetRoles(act.id);
  const addRole = useAddRole(act.id);
  const removeMember = useRemoveMember(act.id);
  const failed = { onError: (error: unknown) => showToast(sentenceOf(error), "bad") };
  const { name } = member;
  const giveBack = () => {
    for (const role of member.roles) addRole.mutate({ user: member.user, role }, failed);
  };
  const remove = () =>
    removeMember.mutate(member.user, {
      ...failed,
      onSuccess: () => showToast(t("acts.members.removed", { name }), "good", { label: t("acts.members.undo"), run: giveBack }),
    });
  return (
    <span className="z-member-tools">
      <CheckMenu
        label={t("acts.members.roleOf", { name })}
        trigger={
          <Button small label={`${t("acts.members.roleOf", { name })}: ${words}`}>
            {words}
          </Button>
        }
        options={grantable(act, me, member.body).map((id) => ({ id, label: t(`acts.role.${id}`), help: t(`acts.roleHelp.${id}`) }))}
        value={member.roles}
        onChange={(roles) => setRoles.mutate({ user: member.user, roles }, failed)}
      />
      <IconButton icon="trash" small label={t("acts.members.removeNamed", { name })} onPress={remove} />
    </span>
  );
}
