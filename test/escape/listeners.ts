import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Ways to reach a server on this machine, each told by the words for who came that way. */
const WAYS = {
  tcp: 'connections',
  udp: 'datagrams',
  file: 'connections to the local socket',
  abstract: 'connections to the abstract socket',
} as const;
type Way = keyof typeof WAYS;

/** Listens in every way that an attacker could try, and counts who comes. */
export class Listeners {
  readonly #counts = new Map<Way, number>();
  readonly #udp: Socket = createSocket('udp4', () => this.#count('udp'));
  readonly #servers: Readonly<Record<Exclude<Way, 'udp'>, Server>> = {
    tcp: this.#createServer('tcp'),
    file: this.#createServer('file'),
    abstract: this.#createServer('abstract'),
  };
  /** Path of the local socket. */
  readonly file: string;
  /** Name of the abstract socket, which has no file (Linux). */
  readonly abstractName: string;

  private constructor(file: string, name: string) {
    this.file = file;
    this.abstractName = name;
  }

  static async open(file: string, name: string): Promise<Listeners> {
    const listeners = new Listeners(file, name);
    const { tcp, file: local, abstract } = listeners.#servers;
    listeners.#udp.bind(0, '127.0.0.1');
    await Promise.all([
      once(listeners.#udp, 'listening'),
      once(tcp.listen(0, '127.0.0.1'), 'listening'),
      once(local.listen(file), 'listening'),
      ...(process.platform === 'linux' ? [once(abstract.listen(`\0${name}`), 'listening')] : []),
    ]);
    return listeners;
  }

  get port(): number {
    return (this.#servers.tcp.address() as AddressInfo).port;
  }

  get udpPort(): number {
    return this.#udp.address().port;
  }

  /** Who came since the last time. */
  take(): readonly string[] {
    const told = [...this.#counts].map(([way, count]) => `${count} ${WAYS[way]}`);
    this.#counts.clear();
    return told;
  }

  async close(): Promise<void> {
    this.#udp.close();
    await Promise.all(
      Object.values(this.#servers).map((server) => new Promise((resolve) => server.close(resolve))),
    );
  }

  #createServer(way: Way): Server {
    return createServer((socket) => {
      this.#count(way);
      socket.destroy();
    });
  }

  #count(way: Way): void {
    this.#counts.set(way, (this.#counts.get(way) ?? 0) + 1);
  }
}
