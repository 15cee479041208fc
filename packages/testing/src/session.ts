/**
 * What the server says to one client (RFC 5321, RFC 6409). It is honest but strict: it takes nothing in the clear and nothing
 * without a login, and refuses what breaks the rules. The lab's session takes everything, so that it sees what leaks. The two
 * share the wire and the logins, but no rule.
 */
import type { SecureContext } from "node:tls";
import {
  type Account,
  beginLogin,
  type Command,
  type Connection,
  ehloReply,
  LineError,
  parseChunk,
  parseCommand,
  runLogin,
} from "@postseal/lab";
import { type Failures, neverHappened, type Rule } from "./failure.ts";
import type { Inbox } from "./inbox.ts";
import { type Body, KeptBody, StreamedBody } from "./body.ts";
import { type ArrivingMessage, headersOf } from "./message.ts";
import { pathIn, Transaction } from "./transaction.ts";

/** What all sessions of one server share. */
export interface House {
  readonly account: Account;
  readonly inbox: Inbox;
  readonly failures: Failures;
  readonly secureContext: SecureContext;
  readonly implicit: boolean;
  /** Octets. */
  readonly sizeLimit: number;
  readonly receive: ((message: ArrivingMessage) => Promise<void> | void) | undefined;
}

const NAME = "postseal.test";
const OK = "250 2.0.0 Ok";
/** Commands that are their verb alone (RFC 5321 section 4.1.1; RFC 3207 section 4). */
const BARE: ReadonlySet<string> = new Set(["DATA", "RSET", "QUIT", "STARTTLS"]);
const MECHANISMS: readonly string[] = ["PLAIN", "LOGIN"];

export class Session {
  readonly #connection: Connection;
  readonly #house: House;
  #username: string | undefined;
  #transaction: Transaction | undefined;
  #greeted = false;
  /** Whether the current message was refused already: later refusals only follow from the first. */
  #refused = false;
  #over = false;

  constructor(connection: Connection, house: House) {
    this.#connection = connection;
    this.#house = house;
  }

  async run(): Promise<void> {
    this.#note("a client connected");
    try {
      if (this.#house.implicit && !(await this.#seal(""))) return;
      await this.#connection.say(`220 ${NAME} ESMTP\r\n`);
      for (let line = await this.#connection.line(); line !== undefined; line = await this.#connection.line()) {
        await this.#answer(parseCommand(line.toString("utf8")));
        if (this.#over) return;
      }
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      this.#say(`521 5.5.2 There is ${error.message}: lines end with CRLF`, "what a client said");
    } finally {
      this.#transaction?.body?.refuse("the client left");
      this.#connection.close();
    }
  }

  async #answer(command: Command): Promise<void> {
    if (BARE.has(command.verb) && command.words.length > 0)
      return this.#say(`501 5.5.4 ${command.verb} takes no parameters`, command.verb);
    switch (command.verb) {
      case "EHLO":
      case "HELO":
        return this.#greet(command);
      case "NOOP":
        return this.#say(OK);
      case "RSET":
        this.#giveUp("the client said RSET");
        return this.#say(OK);
      case "QUIT":
        this.#giveUp("the client said QUIT");
        this.#over = true;
        return this.#say("221 2.0.0 Bye");
      case "STARTTLS":
        return this.#startTls();
      default:
        // defence: nothing-in-the-clear
        return this.#connection.isSealed ? this.#answerSealed(command) : this.#refuseClear(command);
    }
  }

  async #answerSealed(command: Command): Promise<void> {
    const { verb } = command;
    if (!this.#greeted) return this.#say("503 5.5.1 Say EHLO first, inside TLS too", verb);
    if (verb === "AUTH") return this.#authenticate(command);
    const needsLogin = ["MAIL", "RCPT", "DATA"].includes(verb);
    // defence: nothing-without-a-login
    if (needsLogin && this.#username === undefined) return this.#say("530 5.7.0 Log in first", verb);
    switch (verb) {
      case "MAIL":
        return this.#mail(command);
      case "RCPT":
        return this.#rcpt(command);
      case "DATA":
        return this.#data();
      case "BDAT":
        return this.#bdat(command);
      case "VRFY":
        return this.#say("252 2.1.5 Send it, and see");
      default:
        return this.#say("500 5.5.2 This command is not known here", verb);
    }
  }

  #greet({ verb, words }: Command): void {
    if (words.length !== 1 || words[0] === "")
      return this.#say("501 5.5.4 Syntax: EHLO, and the name of the client", verb);
    this.#greeted = true;
    this.#giveUp(`the client said ${verb}`);
    void this.#connection.say(verb === "HELO" ? `250 ${NAME}\r\n` : ehloReply(this.#capabilities(), NAME));
  }

  /** The replies of RFC 3207 section 4, and for AUTH of RFC 4954 section 6. */
  #refuseClear({ verb }: Command): void {
    this.#say(verb === "AUTH" ? "538 5.7.11 The password came in the clear" : "530 5.7.0 Say STARTTLS first", verb);
  }

  #capabilities(): readonly string[] {
    const more = this.#connection.isSealed ? ["REQUIRETLS", `AUTH ${MECHANISMS.join(" ")}`] : ["STARTTLS"];
    const size = `SIZE ${this.#house.sizeLimit}`;
    return ["PIPELINING", size, "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES", ...more];
  }

  async #startTls(): Promise<void> {
    if (this.#connection.isSealed) return this.#say("503 5.5.1 TLS is up already", "STARTTLS");
    this.#over = !(await this.#seal("220 2.0.0 Ready to start TLS\r\n"));
    // RFC 3207 section 4.2: both sides forget what was said in the clear.
    // defence: what-was-said-in-clear-is-forgotten
    this.#greeted = false;
  }

  async #seal(before: string): Promise<boolean> {
    try {
      await this.#connection.upgrade(this.#house.secureContext, before);
      this.#note("a client began TLS");
      return true;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
      const why = error instanceof Error ? `${error.message}${code}` : "";
      this.#note(`the TLS handshake failed, most often because the client does not trust server.ca: ${why}`);
      return false;
    }
  }

  async #authenticate({ words: [mechanism = "", initial] }: Command): Promise<void> {
    const { secure: tls } = this.#connection;
    const exchange = beginLogin(mechanism.toUpperCase(), this.#house.account, { tls, offered: MECHANISMS });
    if (exchange === undefined) return this.#say("504 5.5.4 This mechanism is not offered", "AUTH");
    if (this.#username !== undefined) return this.#say("503 5.5.1 Logged in already", "AUTH");
    const ending = await runLogin(exchange, initial, this.#connection);
    if (ending === "gone") return this.#note("a client left within AUTH");
    if ("reply" in ending) return this.#say(ending.reply, "AUTH");
    const rule = this.#house.failures.take("login");
    if (await this.#fail(rule, "AUTH")) return;
    if (ending.username === undefined) return this.#say("535 5.7.8 User name or password is wrong", "AUTH");
    this.#username = ending.username;
    this.#say("235 2.7.0 Welcome");
  }

  async #mail({ line }: Command): Promise<void> {
    this.#refused = false;
    if (this.#transaction !== undefined) return this.#say("503 5.5.1 There is a sender already", "MAIL");
    const path = pathIn(line, false);
    if (typeof path === "string") return this.#say(path, "MAIL");
    const transaction = new Transaction(path, this.#house.failures.take("message"));
    if (await this.#fail(transaction.failAt("sender"), "MAIL")) return;
    this.#transaction = transaction;
    // defence: announced-size-has-a-limit
    if (transaction.size > this.#house.sizeLimit) return this.#refuseSize("MAIL");
    this.#say("250 2.1.0 Ok");
  }

  async #rcpt({ line }: Command): Promise<void> {
    const transaction = this.#transaction;
    if (transaction === undefined) return this.#say("503 5.5.1 MAIL comes first", "RCPT");
    if (transaction.body !== undefined) return this.#say("503 5.5.1 The message has begun", "RCPT");
    const path = pathIn(line, transaction.utf8);
    if (typeof path === "string") return this.#say(path, "RCPT");
    if (await this.#fail(transaction.failAt("recipient", path.address), "RCPT")) return;
    transaction.addRecipient(path);
    this.#say("250 2.1.5 Ok");
  }

  async #data(): Promise<void> {
    const transaction = this.#transaction;
    if (transaction?.hasRecipients !== true) return this.#say("503 5.5.1 There is no recipient", "DATA");
    // RFC 3030 section 3.
    if (transaction.body !== undefined) return this.#say("503 5.5.1 The message has begun with BDAT", "DATA");
    this.#say("354 Go ahead, up to a dot alone");
    if (await this.#connection.message(this.#bodyOf(transaction))) await this.#take(transaction);
  }

  /** The octets are read even if the answer is a refusal (RFC 3030 section 2): they are not commands. */
  async #bdat(command: Command): Promise<void> {
    const chunk = parseChunk(command);
    const isUnderstood = chunk?.isLast === true ? command.words.length === 2 : command.words.length === 1;
    if (chunk === undefined || !isUnderstood) {
      this.#over = true;
      return this.#say("501 5.5.4 Syntax: BDAT count, and LAST for the last one", "BDAT");
    }
    const transaction = this.#transaction?.hasRecipients === true ? this.#transaction : undefined;
    // Judged by the count, before any of it is in memory.
    // defence: chunk-is-judged-by-its-count
    const isTooLarge = (transaction?.body?.size ?? 0) + chunk.size > this.#house.sizeLimit;
    const body = transaction === undefined || isTooLarge ? new KeptBody(0) : this.#bodyOf(transaction);
    if (!(await this.#connection.chunk(body, chunk.size))) return;
    if (transaction === undefined) return this.#say("503 5.5.1 There is no recipient", "BDAT");
    if (isTooLarge) return this.#refuseSize("the message");
    if (chunk.isLast) return this.#take(transaction);
    this.#say(OK);
  }

  #bodyOf(transaction: Transaction): Body {
    const { receive, sizeLimit } = this.#house;
    const message = { envelope: transaction.envelope, username: this.#username ?? "" };
    transaction.body ??=
      receive === undefined ? new KeptBody(sizeLimit) : new StreamedBody(sizeLimit, message, receive);
    return transaction.body;
  }

  async #take(transaction: Transaction): Promise<void> {
    if (await this.#fail(transaction.failAt("message"), "the message")) {
      transaction.body?.refuse("a failure was asked for");
      this.#transaction = undefined;
      return;
    }
    if (transaction.size > this.#house.sizeLimit) return this.#refuseSize("the message");
    // defence: failure-that-cannot-happen
    if (!this.#end(transaction)) {
      transaction.body?.refuse("the test asks for a failure that cannot happen");
      return this.#say("554 5.3.0 The test asks for a failure that cannot happen", "the message");
    }
    const problem = await this.#deliver(transaction);
    if (problem === undefined) return this.#say(`${OK}: captured`);
    this.#house.inbox.fail(problem);
    this.#say("451 4.3.0 The test could not receive it", "the message");
  }

  #refuseSize(what: string): void {
    this.#giveUp("it is larger than sizeLimit");
    this.#say("552 5.3.4 The message is too large", what);
  }

  #giveUp(why: string): void {
    this.#transaction?.body?.refuse(why);
    if (this.#transaction !== undefined) this.#end(this.#transaction);
  }

  /** Ends the transaction. False if the failure that was asked for did not happen: that is a mistake in the test, which fails. */
  #end({ rule, omission }: Transaction): boolean {
    this.#transaction = undefined;
    if (omission !== undefined) this.#house.inbox.fail(neverHappened([rule], omission));
    return omission === undefined;
  }

  /** Resolves with the error of the test's own receiver. */
  async #deliver({ body, envelope }: Transaction): Promise<Error | undefined> {
    if (body instanceof StreamedBody) return body.finish();
    if (!(body instanceof KeptBody)) return undefined;
    const raw = body.octets;
    this.#house.inbox.add({ envelope, username: this.#username ?? "", raw, headers: headersOf(raw) });
    return undefined;
  }

  /** Does what a rule says. True if the client has had its answer, or gets none. */
  async #fail(rule: Rule | undefined, what: string): Promise<boolean> {
    if (rule === undefined) return false;
    if (rule.delay !== undefined) await this.#connection.wait(rule.delay);
    if (rule.cut === true) {
      this.#note(`the connection was cut at ${what}, as asked for`);
      this.#over = true;
      this.#connection.cut();
      return true;
    }
    if (rule.reply === undefined) return false;
    if (rule.reply.startsWith("421")) this.#over = true;
    this.#say(rule.reply, what);
    return true;
  }

  /** `refused`: what this reply refuses, for a test that waits in vain. */
  #say(reply: string, refused?: string): void {
    if (refused !== undefined && !this.#refused) {
      this.#note(`${refused} was answered "${reply}"`);
      this.#refused = true;
    }
    void this.#connection.say(`${reply}\r\n`);
  }

  #note(what: string): void {
    this.#house.inbox.note(what);
  }
}
