/** Opens a page in the person's browser, if there is one. */
import { spawn } from "node:child_process";

/** Whether a browser was started. It may still show nothing, so a person needs the address too. */
export async function openInBrowser(url: URL, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const words = programOf(url.href, environment);
  if (words === undefined) return false;
  const [program, ...rest] = words;
  // No shell: `&` in an address would end the command.
  const child = spawn(program, rest, { stdio: "ignore", detached: true, windowsHide: true, env: environment });
  const started = new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  child.unref();
  return started;
}

function programOf(
  url: string,
  { DISPLAY = "", WAYLAND_DISPLAY = "" }: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  if (process.platform === "darwin") return ["open", url];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  // Without a screen it would start a browser of text in this terminal.
  return `${DISPLAY}${WAYLAND_DISPLAY}` === "" ? undefined : ["xdg-open", url];
}
