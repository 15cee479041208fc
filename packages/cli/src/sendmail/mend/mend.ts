/**
 * Mends what daemons write and no server takes: a stray CR, a line that is too long, a header that is not ASCII. What is signed
 * is not changed, and what only its author could mend is refused.
 */
import { type Field, type Source } from "../source.ts";
import { bodyFaultOf, mendedBody, type Server } from "./body.ts";
import { isTooLong, LONGEST_LINE } from "./fold.ts";
import { mendedField } from "./header.ts";
import { refusal } from "./refusal.ts";
import { signatureOf } from "./signature.ts";

const USUAL: Server = { takesEightBit: true };

/** The message that is sent. Whom it goes to has been read from what was given. Throws `CommandError` (`CLI_INPUT`). */
export function mend(source: Source, server: Server = USUAL): Source {
  const broken = source.fields.find(({ value }) => hasReturn(value));
  // A space could make one field of two, a line end two of one: `Subject: x<CR>Bcc: victim`.
  // defence: no-return-in-a-header
  if (broken !== undefined) {
    throw refusal(
      `the header field ${broken.name} has a CR without LF, which some programs take for the end of the field`,
    );
  }
  const signature = signatureOf(source);
  // defence: signed-is-not-mended
  if (signature !== undefined) return whole(source, signature, server);
  const { fields, body } = mendedBody(source, server);
  return { ...source, fields: fields.map(mendedField), body };
}

/** A signed message goes as it is, or not at all. */
function whole(source: Source, signature: string, server: Server): Source {
  const fault = source.fields.some(isTooLong)
    ? `a header line of more than ${LONGEST_LINE} octets`
    : bodyFaultOf(source.body, server);
  if (fault === undefined) return source;
  throw refusal(
    `the message has ${fault}, and it is signed or encrypted (${signature}): to mend it would break that. Let the program that wrote it encode it before it signs`,
  );
}

/** Folding aside. */
function hasReturn(value: Field["value"]): boolean {
  return value.replaceAll("\r\n", "").includes("\r");
}
