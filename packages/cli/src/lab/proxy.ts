/** `postseal lab proxy`: stands between a user's own client and their own server. */
import { type Attack, attacks, formatEntry, formatProxyOpening, startInterceptor, type Upstream } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { readGivenFile } from "../given-file.ts";
import { nearest } from "@postseal/mailer/nearest";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { paperOf } from "./paper.ts";
import { ADDRESS, portOf, stand } from "./stand.ts";
import { type ProxyOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const proxy: Subcommand = subcommand({
  options: labOptions.proxy,
  run: standBetween,
});

async function standBetween(given: Arguments<ProxyOption>): Promise<number> {
  const attack = attackOf(given.one("attack"));
  const upstream = await upstreamOf(given);
  if (!attack.transports.includes(upstream.transport)) {
    throw usage(`--attack ${attack.id} needs STARTTLS, and port 465 speaks TLS from the start`);
  }
  const port = portOf(given, "listen");
  const paper = paperOf(output);
  await stand(async ({ authority, authorityFile }) => {
    const interceptor = await startInterceptor({
      attack,
      upstream,
      authority,
      listen: { address: ADDRESS, ...(port === undefined ? {} : { port }) },
      onEvent: (event) => output.page(formatEntry(event, paper)),
    });
    const opening = { attack, upstream, address: ADDRESS, port: interceptor.port, authorityFile };
    output.page(`${formatProxyOpening(opening, paper)}Ctrl-C ends it.\n\n`);
    return interceptor;
  });
  return exits.done.code;
}

function attackOf(word: string | undefined): Attack {
  const ids = attacks.map(({ id }) => id);
  const found = attacks.find(({ id }) => id === word);
  if (found !== undefined) return found;
  const close = word === undefined ? undefined : nearest(word, ids);
  const advice = close === undefined ? `choose one of ${ids.join(", ")}` : `did you mean ${close}?`;
  throw usage(word === undefined ? `--attack is missing; ${advice}` : `--attack: there is no such attack; ${advice}`);
}

async function upstreamOf(given: Arguments<ProxyOption>): Promise<Upstream> {
  const word = given.one("upstream") ?? "";
  const [, host, digits = ""] = /^([^\s:]+):(\d{1,5})$/.exec(word) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) throw usage("--upstream must be the real server, as HOST:PORT");
  const file = given.one("ca");
  return {
    host,
    port,
    transport: port === 465 ? "implicit" : "starttls",
    ...(file === undefined ? {} : { ca: (await readGivenFile(file, "ca")).toString("utf8") }),
  };
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
