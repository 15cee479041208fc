/** Postseal. The names of its options stand only here. */
import { createMailer, type MailerOptions, type Message } from "@postseal/mailer";
import { type Driver, driverOf, type Endpoint, type Habits } from "./driver.ts";
import { type Letter, readyMade } from "./letter.ts";

/** `create`: the `createMailer` of another version. */
export async function openPostseal(
  endpoint: Endpoint,
  write: (index: number) => Letter,
  habits: Habits,
  create: typeof createMailer = createMailer,
): Promise<Driver> {
  const { host, port, transport, username, password, ca } = endpoint;
  const mailer = create(
    { host, port, transport },
    { credentials: { username, password }, tls: { ca: { only: ca } }, ...poolOf(habits) },
  );
  const ready = habits.isReady ? readyMessageOf(write(0)) : undefined;
  const send = async (index: number): Promise<void> => {
    await mailer.send(ready ?? messageOf(write(index)));
  };
  return driverOf(send, () => mailer.close());
}

/** No connection is replaced after some number of messages: the cost of a new one is counted separately. */
function poolOf({ connections, window }: Habits): Pick<MailerOptions, "pool"> {
  return { pool: { connections, window, messagesPerConnection: 1_000_000 } };
}

function messageOf({ from, to, subject, text, attachment, file }: Letter): Message {
  return {
    from,
    to,
    subject,
    text,
    attachments: [
      ...(attachment === undefined ? [] : [{ filename: attachment.name, content: attachment.content }]),
      ...(file === undefined ? [] : [{ filename: file.name, path: file.path }]),
    ],
  };
}

function readyMessageOf(letter: Letter): Message {
  return { envelope: { from: letter.from, to: letter.to }, message: readyMade(letter) };
}
