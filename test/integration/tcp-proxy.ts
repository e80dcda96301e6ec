import { connect, createServer, type Socket } from 'node:net';

/** A wire between two ends that a test can cut. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection there is; new ones are carried again. */
  cut(): void;
  /** From now on nothing gets through, and nobody is told: as when a cable is pulled. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** Carries connections to a port on loopback. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const hold = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (isFrozen) socket.pause();
  };
  const server = createServer((downstream) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      hold(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const setFrozen = (frozen: boolean): void => {
    isFrozen = frozen;
    for (const socket of sockets) {
      if (frozen) socket.pause();
      else socket.resume();
    }
  };
  return {
    port: address.port,
    cut,
    freeze: () => setFrozen(true),
    thaw: () => setFrozen(false),
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
