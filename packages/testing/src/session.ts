/**
 * What the server says to one client (RFC 5321, RFC 6409). It is honest but strict: nothing is taken in the clear, nothing
 * without a login, and a client that breaks the rules is told so instead of humoured.
 */
import type { SecureContext } from "node:tls";
import type { Connection } from "./connection.ts";
import type { Failures, Rule } from "./failure.ts";
import type { Inbox } from "./inbox.ts";
import { BareLineEnd } from "./intake.ts";
import { type Account, mechanisms, runExchange } from "./login.ts";
import { headersOf } from "./message.ts";
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
}

const NAME = "postseal.test";
const CRLF = Buffer.from("\r\n");
const OK = "250 2.0.0 Ok";

export class Session {
  readonly #connection: Connection;
  readonly #house: House;
  #username: string | undefined;
  #transaction: Transaction | undefined;
  #greeted = false;
  /** Whether the message under way was refused already: what is refused after that only follows from it. */
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
      this.#connection.say(`220 ${NAME} ESMTP\r\n`);
      for (let line = await this.#connection.line(); line !== undefined; line = await this.#connection.line()) {
        await this.#answer(line.toString("utf8"));
        if (this.#over) return;
      }
    } catch (error) {
      if (!(error instanceof BareLineEnd)) throw error;
      this.#say(`521 5.5.2 There is ${error.message}: lines end with CRLF`, "what a client said");
    } finally {
      this.#connection.leave();
    }
  }

  async #answer(command: string): Promise<void> {
    const [verb = "", ...words] = command.split(" ");
    switch (verb.toUpperCase()) {
      case "EHLO":
      case "HELO":
        return this.#greet(verb.toUpperCase(), words);
      case "NOOP":
        return this.#say(OK);
      case "RSET":
        this.#transaction = undefined;
        return this.#say(OK);
      case "QUIT":
        this.#over = true;
        return this.#say("221 2.0.0 Bye");
      case "STARTTLS":
        return this.#startTls(words);
      default:
        return this.#connection.isSealed
          ? this.#answerSealed(verb.toUpperCase(), words, command)
          : this.#refuseClear(verb);
    }
  }

  async #answerSealed(verb: string, words: readonly string[], command: string): Promise<void> {
    if (!this.#greeted) return this.#say("503 5.5.1 Say EHLO first, inside TLS too", verb);
    if (verb === "AUTH") return this.#authenticate(words[0]?.toUpperCase() ?? "", words[1]);
    const needsLogin = ["MAIL", "RCPT", "DATA"].includes(verb);
    if (needsLogin && this.#username === undefined) return this.#say("530 5.7.0 Log in first", verb);
    switch (verb) {
      case "MAIL":
        return this.#mail(command);
      case "RCPT":
        return this.#rcpt(command);
      case "DATA":
        return this.#data();
      case "BDAT":
        return this.#bdat(Number(words[0]), words[1]?.toUpperCase() === "LAST");
      case "VRFY":
        return this.#say("252 2.1.5 Send it, and see");
      default:
        return this.#say("500 5.5.2 This command is not known here", verb);
    }
  }

  #greet(verb: string, words: readonly string[]): void {
    if (words.length !== 1 || words[0] === "")
      return this.#say("501 5.5.4 Syntax: EHLO, and the name of the client", verb);
    this.#greeted = true;
    this.#transaction = undefined;
    if (verb === "HELO") this.#say(`250 ${NAME}`);
    else this.#connection.say(this.#capabilities());
  }

  /** RFC 3207 section 4, and for AUTH RFC 4954 section 6. */
  #refuseClear(verb: string): void {
    const isAuth = verb.toUpperCase() === "AUTH";
    this.#say(isAuth ? "538 5.7.11 The password came in the clear" : "530 5.7.0 Say STARTTLS first", verb);
  }

  #capabilities(): string {
    const more = this.#connection.isSealed ? ["REQUIRETLS", `AUTH ${[...mechanisms.keys()].join(" ")}`] : ["STARTTLS"];
    const size = `SIZE ${this.#house.sizeLimit}`;
    const lines = [NAME, "PIPELINING", size, "8BITMIME", "SMTPUTF8", "DSN", "CHUNKING", "ENHANCEDSTATUSCODES", ...more];
    return lines.map((line, index) => `250${index < lines.length - 1 ? "-" : " "}${line}\r\n`).join("");
  }

  async #startTls(words: readonly string[]): Promise<void> {
    if (this.#connection.isSealed) return this.#say("503 5.5.1 TLS is up already", "STARTTLS");
    if (words.length > 0) return this.#say("501 5.5.4 STARTTLS takes no parameters", "STARTTLS");
    this.#over = !(await this.#seal("220 2.0.0 Ready to start TLS\r\n"));
    // RFC 3207 section 4.2: what was said in the clear is forgotten, by both.
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
      this.#note(`TLS did not come about, most often because the client does not trust server.ca: ${why}`);
      return false;
    }
  }

  async #authenticate(mechanism: string, initial: string | undefined): Promise<void> {
    const exchange = mechanisms.get(mechanism)?.(this.#house.account);
    if (exchange === undefined) return this.#say("504 5.5.4 This mechanism is not offered", "AUTH");
    if (this.#username !== undefined) return this.#say("503 5.5.1 Logged in already", "AUTH");
    const right = await runExchange(exchange, initial, this.#connection);
    if (typeof right === "string") return this.#say(right, "AUTH");
    const rule = this.#house.failures.take("login");
    if (await this.#fail(rule, "AUTH")) return;
    if (!right) return this.#say("535 5.7.8 User name or password is wrong", "AUTH");
    this.#username = this.#house.account.username;
    this.#say("235 2.7.0 Welcome");
  }

  async #mail(command: string): Promise<void> {
    this.#refused = false;
    if (this.#transaction !== undefined) return this.#say("503 5.5.1 There is a sender already", "MAIL");
    const path = pathIn(command, false);
    if (typeof path === "string") return this.#say(path, "MAIL");
    const transaction = new Transaction(path, this.#house.failures.take("message"));
    if (await this.#fail(transaction.ruleAt("sender"), "MAIL")) return;
    if (transaction.size > this.#house.sizeLimit) return this.#say("552 5.3.4 The message is too large", "MAIL");
    this.#transaction = transaction;
    this.#say("250 2.1.0 Ok");
  }

  async #rcpt(command: string): Promise<void> {
    const transaction = this.#transaction;
    if (transaction === undefined) return this.#say("503 5.5.1 MAIL comes first", "RCPT");
    const path = pathIn(command, transaction.utf8);
    if (typeof path === "string") return this.#say(path, "RCPT");
    if (await this.#fail(transaction.ruleAt("recipient", path.address), "RCPT")) return;
    transaction.addRecipient(path);
    this.#say("250 2.1.5 Ok");
  }

  async #data(): Promise<void> {
    const transaction = this.#transaction;
    if (transaction?.hasRecipients !== true) return this.#say("503 5.5.1 There is no recipient", "DATA");
    this.#say("354 Go ahead, up to a dot alone");
    for (;;) {
      const line = await this.#connection.line();
      if (line === undefined) return;
      if (line.length === 1 && line[0] === 0x2e) return this.#take(transaction);
      transaction.add(line[0] === 0x2e ? line.subarray(1) : line, this.#house.sizeLimit);
      transaction.add(CRLF, this.#house.sizeLimit);
    }
  }

  /** The octets are read whatever the answer is (RFC 3030 section 2): they are no commands. */
  async #bdat(count: number, last: boolean): Promise<void> {
    if (!Number.isInteger(count) || count < 0) {
      this.#over = true;
      return this.#say("501 5.5.4 Syntax: BDAT count, and LAST for the last one", "BDAT");
    }
    const octets = await this.#connection.octets(count);
    if (octets === undefined) return;
    const transaction = this.#transaction;
    if (transaction?.hasRecipients !== true) return this.#say("503 5.5.1 There is no recipient", "BDAT");
    transaction.add(octets, this.#house.sizeLimit);
    if (last) return this.#take(transaction);
    this.#say(OK);
  }

  async #take(transaction: Transaction): Promise<void> {
    this.#transaction = undefined;
    if (await this.#fail(transaction.ruleAt("message"), "the message")) return;
    if (transaction.size > this.#house.sizeLimit) return this.#say("552 5.3.4 The message is too large", "the message");
    const { envelope, raw } = transaction;
    const username = this.#username ?? "";
    this.#say(`${OK}: captured`);
    this.#house.inbox.add({ envelope, username, raw, headers: headersOf(raw) });
  }

  /** Does what a rule says. True where the client has had its answer, or will get none. */
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

  /** `refused`: what this is the refusal of, for whoever waits for a message that does not come. */
  #say(reply: string, refused?: string): void {
    if (refused !== undefined && !this.#refused) {
      this.#note(`${refused} was answered "${reply}"`);
      this.#refused = true;
    }
    this.#connection.say(`${reply}\r\n`);
  }

  #note(what: string): void {
    this.#house.inbox.note(what);
  }
}
