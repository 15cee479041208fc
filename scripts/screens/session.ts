/** What alice types, and the screens that are kept. */
import { PASSWORD, type Stage } from "./stage.ts";
import { Terminal } from "./terminal.ts";

/** Octets after which the relay stops, so that the progress of the film can be recorded. */
const HALF = 3 * 1024 * 1024;

export async function screens({ environment, home, answer, limit }: Stage): Promise<ReadonlyMap<string, string>> {
  using terminal = new Terminal({ socket: `${home}/tmux`, columns: 80, home, environment });
  const kept = new Map<string, string>();
  const keep = (name: string, screen: string): void => {
    // The next prompt is not part of the screen.
    kept.set(name, screen.replace(/\n\$$/, ""));
  };
  await terminal.until((screen) => screen === "$");

  await terminal.type("postseal account add", "Your address:");
  await terminal.type("alice@example.com", "[example]:");
  await terminal.type("work", "(yes/no):");
  await terminal.type("yes", "[alice@example.com]:");
  await terminal.type("alice", "[file]:");
  await terminal.type("", "(nothing is shown):");
  keep("account-add", await terminal.type(PASSWORD));

  await terminal.clear();
  keep("verify", await terminal.type("postseal verify"));

  await terminal.clear();
  limit(HALF);
  const send = "postseal send --from alice@example.com --to bob@example.org \\";
  await terminal.type(send, ">");
  await terminal.type("    --subject 'The film' --text 'As promised.' --attach film.mp4", "MiB");
  keep("send-bar", await terminal.until(hasStopped()));
  limit(Infinity);
  keep("send", await terminal.until((screen) => screen.endsWith("\n$")));

  answer("stripped");
  await terminal.clear();
  keep("attack", await terminal.type("postseal send --from alice@example.com --to bob@example.org --text Hello"));

  await terminal.clear();
  keep("explain", await terminal.type("postseal lab explain A1-removed-auth"));
  return kept;
}

/** The bar has stopped, waiting for the relay, once it looks the same several times in a row. */
function hasStopped(): (screen: string) => boolean {
  let before = "";
  let same = 0;
  return (screen) => {
    same = screen === before && screen.includes("%") ? same + 1 : 0;
    before = screen;
    return same >= 5;
  };
}
