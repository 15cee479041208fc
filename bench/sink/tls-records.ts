/** Counts TLS records in the octets of one direction: five octets of header (RFC 8446 section 5.1), then what they announce. */

const HEADER = 5;

export class TlsRecordCounter {
  count = 0;
  #header = Buffer.alloc(HEADER);
  #filled = 0;
  #left = 0;

  receive(octets: Buffer): void {
    let position = 0;
    while (position < octets.length) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, octets.length - position);
        this.#left -= skipped;
        position += skipped;
      } else {
        const copied = octets.copy(this.#header, this.#filled, position, position + HEADER - this.#filled);
        this.#filled += copied;
        position += copied;
        if (this.#filled === HEADER) this.#begin();
      }
    }
  }

  #begin(): void {
    this.count += 1;
    this.#filled = 0;
    this.#left = this.#header.readUInt16BE(3);
  }
}
