import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between a client and a server on loopback and can spoil what is between them. */
export class FaultProxy {
  readonly #links = new Set<Link>();
  readonly #target: () => number;
  #listener: Server | undefined;
  #holding = false;
  #port = 0;

  /** @param target the port of the server */
  constructor(target: () => number) {
    this.#target = target;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens; after the first time on the same port again. */
  async listen(port = this.#port): Promise<void> {
    this.#listener = createServer((client) => this.#join(client));
    this.#listener.listen(port, '127.0.0.1');
    await once(this.#listener, 'listening');
    const address: AddressInfo | string | null = this.#listener.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
  }

  #join(client: Socket): void {
    const link = { client, server: connect(this.#target(), '127.0.0.1') };
    this.#links.add(link);
    const end = (): void => {
      this.#links.delete(link);
      link.client.destroy();
      link.server.destroy();
    };
    for (const socket of [link.client, link.server]) {
      socket.setNoDelay(true);
      // A link that breaks is what this class is for: both ends learn of it by the other's closing.
      socket.on('error', end).on('close', end);
    }
    client.on('data', (bytes) => link.server.write(bytes));
    link.server.on('data', (bytes) => client.write(bytes));
    if (this.#holding) link.server.pause();
  }

  /** Breaks every connection; new ones are welcome. */
  cut(): void {
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }

  /** Answers do not come through until `release`; questions do. */
  hold(): void {
    this.#holding = true;
    for (const { server } of this.#links) server.pause();
  }

  release(): void {
    this.#holding = false;
    for (const { server } of this.#links) server.resume();
  }

  /** Refuses connections from now on. */
  async close(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (!listener) return;
    listener.close();
    this.cut();
    await once(listener, 'close');
  }
}
