/**
 * Holds back Ctrl-C and its kind while a token is renewed. Between the issuer's answer and the disk the only valid refresh token is
 * in this process: if it ended there, the sign-in would be lost. It takes 10 s at most.
 */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let underWay = 0;
const heldBack = new Set<NodeJS.Signals>();

/**
 * From now on, until the function that it returns is called. A signal that came meanwhile then ends the process, unless the
 * application was listening for it itself.
 */
export function holdSignals(): () => void {
  // First of all listeners: an application's own may remove itself when it is called.
  // defence: renewal-is-not-torn
  if (underWay === 0) for (const signal of SIGNALS) process.prependListener(signal, holdBack);
  underWay += 1;
  return () => {
    underWay -= 1;
    if (underWay === 0) letGo();
  };
}

function holdBack(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) heldBack.add(signal);
}

function letGo(): void {
  for (const signal of SIGNALS) process.off(signal, holdBack);
  for (const signal of heldBack) process.kill(process.pid, signal);
  heldBack.clear();
}

export async function uninterrupted<T>(act: () => Promise<T>): Promise<T> {
  const letSignals = holdSignals();
  try {
    return await act();
  } finally {
    letSignals();
  }
}
