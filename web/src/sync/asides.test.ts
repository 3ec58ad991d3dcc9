import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { Asides } from "./asides";
import { type Aside, LocalCopies } from "./local";

const ASIDE: Omit<Aside, "id" | "user"> = {
  document: "0190f3c2a7b94f6e8d5c4b3a29180706",
  epoch: "00112233445566ff",
  title: "Про дороги",
  reason: "epoch",
  rule: "",
  at: 1,
  units: [],
  update: new Uint8Array(),
};

it("what is set aside while those of earlier sessions are read stands beside them", async () => {
  const copies = await LocalCopies.open("о-марія");
  await copies.addAside({ ...ASIDE, user: "о-марія", title: "Про ґрунти" });
  const asides = new Asides(copies, "о-марія", () => undefined);
  await Promise.all([asides.load(), asides.add(ASIDE)]);
  expect(asides.list.map(({ title }) => title)).toEqual(["Про ґрунти", "Про дороги"]);
  copies.close();
});
