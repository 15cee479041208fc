/** Finds out from outside what the mailer makes of a host and of a mailbox: the name that it dials, the path that it would write. */
import { createAuthority } from "@postseal/lab";
import { createMailer, InputError, type Message, receiptOf } from "@postseal/mailer";

// Only one authority: reading all the public ones takes longer than everything else.
const tls = { ca: { only: (await createAuthority()).certificate } };

/** The host as it is dialled and verified; `undefined` if it is refused. */
export async function dialled(host: string): Promise<string | undefined> {
  let target: string | undefined;
  try {
    const mailer = createMailer(
      { host },
      {
        tls,
        connect: async (asked) => {
          target = asked.host;
          throw new Error("nobody is there");
        },
      },
    );
    await mailer.verify().catch(() => {});
    await mailer.close();
    return target;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** The mailbox as RCPT would write it; `undefined` if it is refused. */
export function written(mailbox: string): Promise<string | undefined> {
  return recipientOf({ envelope: { from: "", to: mailbox }, message: "From: s@x.example\r\n\r\n" });
}

/** The mailbox of an address with a name, as RCPT would write it; `undefined` if it is refused. */
export function addressed(to: string): Promise<string | undefined> {
  return recipientOf({ from: "s@x.example", to, text: "x" });
}

async function recipientOf(message: Message): Promise<string | undefined> {
  const mailer = createMailer(
    { host: "smtp.example.test" },
    {
      tls,
      connect: async () => {
        throw new Error("nobody is there");
      },
    },
  );
  try {
    await mailer.send(message);
    throw new TypeError("a message was sent to nobody");
  } catch (error) {
    if (error instanceof InputError) return undefined;
    return receiptOf(error)?.recipients[0]?.address;
  } finally {
    await mailer.close();
  }
}
