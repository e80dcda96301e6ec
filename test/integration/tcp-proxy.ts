import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go. */
export type Direction = 'to-client' | 'to-server';

/** A wire between two ends that a test can cut, hold, slow down, and lead elsewhere. */
export interface TcpProxy {
  readonly port: number;
  /** Breaks every connection there is; new ones are carried again. */
  cut(): void;
  /**
   * From now on nothing gets through, and nobody is told: as when a cable is pulled. In one direction only where one is
   * named. As TCP has it, what was sent meanwhile arrives after `thaw`, unless its end has given up.
   */
  freeze(direction?: Direction): void;
  thaw(): void;
  /** Everything takes this much longer on its way, in either direction. */
  slow(delayMs: number): void;
  /** Leads new connections to another port, as when an address moves to another machine; breaks the present ones. */
  lead(targetPort: number): void;
  close(): Promise<void>;
}

interface Wire {
  readonly from: Socket;
  readonly direction: Direction;
}

/** Carries connections to a port on loopback. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const wires = new Set<Wire>();
  const frozen = new Set<Direction>();
  const state = { targetPort, delayMs: 0 };

  const carry = (from: Socket, to: Socket, direction: Direction): void => {
    const wire = { from, direction };
    wires.add(wire);
    from.on('error', () => from.destroy());
    from.on('close', () => {
      wires.delete(wire);
      to.destroy();
    });
    from.on('data', (bytes) => {
      // Timers of one length fire in the order in which they were set.
      if (state.delayMs === 0) to.write(bytes);
      else setTimeout(() => to.destroyed || to.write(bytes), state.delayMs);
    });
    if (frozen.has(direction)) from.pause();
  };
  const server = createServer((downstream) => {
    const upstream = connect(state.targetPort, '127.0.0.1');
    carry(downstream, upstream, 'to-server');
    carry(upstream, downstream, 'to-client');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const cut = (): void => {
    for (const { from } of wires) from.destroy();
  };
  return {
    port: address.port,
    cut,
    freeze: (direction) => {
      for (const each of direction === undefined ? (['to-client', 'to-server'] as const) : [direction])
        frozen.add(each);
      for (const wire of wires) if (frozen.has(wire.direction)) wire.from.pause();
    },
    thaw: () => {
      frozen.clear();
      for (const { from } of wires) from.resume();
    },
    slow: (delayMs) => {
      state.delayMs = delayMs;
    },
    lead: (port) => {
      state.targetPort = port;
      cut();
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
