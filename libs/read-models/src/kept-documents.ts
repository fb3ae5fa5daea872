/** Forgotten at once: from its beginning a map is slow to pass over what was deleted, so not for each document. */
const AT_ONCE = 1 / 8;

/** The documents used last, up to a total size. */
export class KeptDocuments<Doc> {
  readonly #docs = new Map<string, { readonly doc: Doc; readonly size: number }>();
  readonly #capacity: number;
  #size = 0;

  /** @param capacity in characters of JSON text */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(id: string): Doc | undefined {
    const kept = this.#docs.get(id);
    if (!kept) return undefined;
    this.#docs.delete(id);
    this.#docs.set(id, kept);
    return kept.doc;
  }

  keep(id: string, doc: Doc, size: number): void {
    this.forget(id);
    this.#docs.set(id, { doc, size });
    this.#size += size;
    if (this.#size <= this.#capacity) return;
    for (const oldest of this.#docs.keys()) {
      if (this.#size <= this.#capacity * (1 - AT_ONCE)) return;
      this.forget(oldest);
    }
  }

  forget(id: string): void {
    this.#size -= this.#docs.get(id)?.size ?? 0;
    this.#docs.delete(id);
  }
}
