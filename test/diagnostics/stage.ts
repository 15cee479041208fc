/** An impostor, and a mailer that trusts it, for every test here to observe. */
import { type Authority, canaries, createAuthority, type Impostor, type Script, startImpostor } from "@postseal/lab";
import { type ComposedMessage, createMailer, type Mailer, type MailerOptions, type Transport } from "@postseal/mailer";

const authority: Authority = await createAuthority();
const { username, password } = canaries;

export const message: ComposedMessage = {
  from: canaries.sender,
  to: canaries.recipient,
  subject: "Dusk",
  text: canaries.body,
};

export function serve(script: Script = {}, transport: Transport = "starttls"): Promise<Impostor> {
  return startImpostor({ transport, script }, { authority });
}

export function mailerFor(impostor: Impostor, options: MailerOptions = {}, transport: Transport = "starttls"): Mailer {
  return createMailer(
    { host: "127.0.0.1", port: impostor.port, transport },
    { credentials: { username, password }, tls: { ca: { only: authority.certificate } }, ...options },
  );
}
