import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Act, type Part, useSetBody } from "../api/acts";
import { useBodies } from "../api/people";
import { sentenceOf } from "../api/problems";
import { Button } from "../ui/Button";
import { Select } from "../ui/Choice";
import { showToast } from "../ui/Toasts";

const OFFERED: readonly Part[] = ["interested", "co_developer", "reader"];

export function AddBody({ act }: { act: Act }) {
  const { t } = useTranslation();
  const bodies = useBodies();
  const setBody = useSetBody(act.id);
  const [code, setCode] = useState("");
  const [part, setPart] = useState<Part>("interested");
  const taken = new Set([act.lead_body, ...act.bodies.map(({ body }) => body)]);
  const free = bodies.all.filter((body) => body.active && !taken.has(body.code));
  const add = () =>
    setBody.mutate(
      { code, part },
      {
        onSuccess: () => {
          showToast(t("acts.members.added", { name: bodies.shortOf(code) }));
          setCode("");
        },
        onError: (error) => showToast(sentenceOf(error), "bad"),
      },
    );
  return (
    <section className="z-add-row">
      <Select
        label={t("acts.members.addBody")}
        value={code}
        options={[
          { id: "", label: t("acts.members.chooseBody") },
          ...free.map((body) => ({ id: body.code, label: bodies.nameOf(body.code) })),
        ]}
        onChange={setCode}
      />
      <Select
        label={t("acts.members.part")}
        value={part}
        options={OFFERED.map((id) => ({ id, label: t(`acts.part.${id}`) }))}
        onChange={setPart}
      />
      <Button icon="plus" isDisabled={code === ""} isPending={setBody.isPending} onPress={add}>
        {t("ui.add")}
      </Button>
    </section>
  );
}
