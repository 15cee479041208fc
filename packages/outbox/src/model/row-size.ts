/** In which pieces the octets of a message are stored. */

/** Octets: small enough that no call takes long, large enough that 25 MB are 100 rows. */
export const ROW: number = 256 * 1024;
