/** A root, authorities below it and a leaf, made from their sheets. */
import { certify, type Party, privateKeyOf } from "./forge.ts";
import type { Shown } from "./meet.ts";
import type { Chain, Sheet } from "./sheet.ts";

/** The host that clients dial, and that a leaf is for unless its sheet says otherwise. */
export const HOST = "smtp.example.test";

export async function show({ root = {}, authorities = [], leaf = {}, sent, trusted = "root" }: Chain): Promise<Shown> {
  const rootParty: Party = { name: root.subject ?? "Material root", label: "root" };
  const rootSheet: Sheet = { authority: true, ...root };
  const top = await certify(rootParty, rootParty, rootSheet);
  let issuer = rootParty;
  const between: string[] = [];
  for (const [index, sheet] of authorities.entries()) {
    const party = { name: sheet.subject ?? `Material authority ${index + 1}`, label: `authority ${index + 1}` };
    between.push(await certify(party, issuer, { authority: true, ...sheet }));
    issuer = party;
  }
  const leafSheet: Sheet = { names: [["dns", HOST]], ...leaf };
  const end = await certify({ name: leaf.subject ?? "Material leaf", label: "leaf" }, issuer, leafSheet);
  const upwards = between.toReversed();
  const impostor = { ...rootParty, label: "impostor" };
  const orders = {
    usual: [end, ...upwards],
    "root too": [end, ...upwards, top],
    "leaf twice": [end, end, ...upwards],
    "leaf alone": [end],
    "authorities downwards": [end, ...between],
  };
  const anchors = {
    root: [top],
    impostor: [await certify(impostor, impostor, rootSheet)],
    "first authority": between.slice(0, 1),
    leaf: [end],
  };
  return {
    certificates: orders[sent ?? "usual"],
    key: await privateKeyOf("leaf", leafSheet.key),
    trusted: anchors[trusted],
  };
}
