/** All vectors, by family; those that take a number are functions. */
import type { Vector } from "./vector.ts";
import { boundaryVectors } from "./boundary.ts";
import { chainVectors, nameVectors } from "./chain.ts";
import { downgradeVectors } from "./downgrade.ts";
import { fallbackVectors } from "./fallback.ts";
import { honestVectors } from "./honest.ts";
import { identityVectors } from "./identity.ts";
import { loginVectors } from "./login.ts";
import { oddVectors } from "./odd.ts";
import { recordVectors } from "./record.ts";
import { replyVectors } from "./replies.ts";
import { sickVectors } from "./sick.ts";
import { weakTlsVectors } from "./weak-tls.ts";

export { honest, honestImplicit } from "./honest.ts";
export { closesAfter, cutAfter } from "./sick.ts";
export { boundaryVectors, honestVectors, weakTlsVectors };

/** In the order of lists and pages. */
export const families: readonly { readonly title: string; readonly vectors: readonly Vector[] }[] = [
  { title: "Honest servers, some of them odd", vectors: [...honestVectors, ...oddVectors] },
  { title: "Downgrades before TLS", vectors: downgradeVectors },
  { title: "Failures that invite a second try with less", vectors: fallbackVectors },
  { title: "Across the line between clear and TLS", vectors: [...boundaryVectors, ...recordVectors] },
  { title: "Certificates", vectors: identityVectors },
  { title: "Chains of certificates", vectors: chainVectors },
  { title: "Names in certificates", vectors: nameVectors },
  { title: "Weak TLS", vectors: weakTlsVectors },
  { title: "Logins", vectors: loginVectors },
  { title: "Replies", vectors: replyVectors },
  { title: "Sick and hostile servers", vectors: sickVectors },
];

export const vectors: readonly Vector[] = families.flatMap((family) => family.vectors);

/** Throws for an unknown id. */
export function vectorNamed(id: string): Vector {
  const found = vectors.find((vector) => vector.id === id);
  if (found === undefined) throw new TypeError(`there is no vector ${id}`);
  return found;
}
