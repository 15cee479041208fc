/**
 * Holds back Ctrl-C and its kind while a token is renewed. Between the issuer's answer and the disk the only valid refresh token is
 * in this process: if it ended there, the sign-in would be lost. It takes 10 s at most.
 */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** A signal that came meanwhile ends the process afterwards, unless the application listens for it itself. */
export async function uninterrupted<T>(act: () => Promise<T>): Promise<T> {
  const came = new Set<NodeJS.Signals>();
  const hold = (signal: NodeJS.Signals): void => void came.add(signal);
  // defence: renewal-is-not-torn
  for (const signal of SIGNALS) process.on(signal, hold);
  try {
    return await act();
  } finally {
    for (const signal of SIGNALS) process.off(signal, hold);
    for (const signal of came) if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  }
}
