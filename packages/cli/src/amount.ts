/** Amounts of octets as people read them. */

const KIBI = 1024;
const MEBI = KIBI * KIBI;

export function amountOf(octets: number): string {
  if (octets >= MEBI) return `${(octets / MEBI).toFixed(1)} MiB`;
  return octets >= 10 * KIBI ? `${(octets / KIBI).toFixed(0)} KiB` : `${Math.floor(octets)} octets`;
}
