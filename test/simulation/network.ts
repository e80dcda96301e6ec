import type { MortalProcess } from './mortal-process.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One end of a connection. */
export interface End<Incoming, Outgoing> {
  /** Ends when the peer closes, throws when the connection breaks. */
  readonly frames: AsyncIterator<Incoming>;
  /** Does nothing when the connection is gone. */
  readonly send: (frame: Outgoing) => void;
  /** Ends this end's side; with an error the peer's frames end with it. */
  readonly close: (error?: Error) => void;
}

/** Who listens. */
export type Listener<ToListener, ToCaller> = (caller: string, end: End<ToListener, ToCaller>) => void;

/** How the way between one caller and the listener is. */
export interface Link {
  /** Nothing gets through in this direction; what is sent waits, as TCP sends again. */
  isBlockedToListener: boolean;
  isBlockedToCaller: boolean;
  /** One way, at most. */
  maximumDelayMs: number;
  /** How often a call arrives twice, the second time as a ghost that nobody listens to. */
  ghostProbability: number;
}

/** What becomes of a frame on its way: nothing that two processes could share. */
export interface Wire<ToListener, ToCaller> {
  readonly toListener: (frame: ToListener) => ToListener;
  readonly toCaller: (frame: ToCaller) => ToCaller;
}

/** What travels: frames in order, then perhaps an end. */
type Parcel<Frame> = { readonly frame: Frame } | { readonly ended: true; readonly error: Error | undefined };

/**
 * A network with one address that callers dial. Frames of a connection arrive in order and late; they are lost only with
 * the connection, as with TCP.
 */
export class Network<ToListener, ToCaller> {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #links = new Map<string, Link>();
  readonly #pipes = new Map<string, Set<Pipe<ToListener> | Pipe<ToCaller>>>();
  #listening: { readonly owner: MortalProcess; readonly accept: Listener<ToListener, ToCaller> } | undefined;

  readonly #wire: Wire<ToListener, ToCaller>;

  constructor(time: VirtualTime, random: Random, wire: Wire<ToListener, ToCaller>) {
    this.#time = time;
    this.#random = random;
    this.#wire = wire;
  }

  /** Takes the address over from whoever had it. */
  listen(owner: MortalProcess, accept: Listener<ToListener, ToCaller>): void {
    this.#listening = { owner, accept };
  }

  link(caller: string): Link {
    const known = this.#links.get(caller);
    if (known !== undefined) return known;
    const link = { isBlockedToListener: false, isBlockedToCaller: false, maximumDelayMs: 5, ghostProbability: 0 };
    this.#links.set(caller, link);
    return link;
  }

  /** Lets through again what waited. */
  heal(caller: string): void {
    Object.assign(this.link(caller), { isBlockedToListener: false, isBlockedToCaller: false });
    for (const pipe of this.#pipes.get(caller) ?? []) pipe.flow();
  }

  /** Breaks every connection of a caller, for both ends. */
  cut(caller: string): void {
    for (const pipe of this.#pipes.get(caller) ?? []) pipe.break();
  }

  /** Failures show at the first frame. */
  dial(caller: string, owner: MortalProcess): End<ToCaller, ToListener> {
    const listening = this.#listening;
    if (listening === undefined || !listening.owner.isAlive) return refused();
    const end = this.#connect(caller, owner, listening.owner, (other) => listening.accept(caller, other));
    const { ghostProbability } = this.link(caller);
    if (!this.#random.chance(ghostProbability)) return end;
    // The same call again, from a retransmission that nobody waits for any more: what it says is said twice.
    const ghost = this.#connect(caller, owner, listening.owner, (other) => listening.accept(caller, other));
    return {
      ...end,
      send: (frame) => {
        end.send(frame);
        ghost.send(frame);
      },
    };
  }

  #connect(
    caller: string,
    dialling: MortalProcess,
    listening: MortalProcess,
    accept: (end: End<ToListener, ToCaller>) => void,
  ): End<ToCaller, ToListener> {
    const link = this.link(caller);
    const toListener = new Pipe<ToListener>(this.#time, this.#random, listening, {
      isBlocked: () => link.isBlockedToListener,
      maximumDelayMs: () => link.maximumDelayMs,
    });
    const toCaller = new Pipe<ToCaller>(this.#time, this.#random, dialling, {
      isBlocked: () => link.isBlockedToCaller,
      maximumDelayMs: () => link.maximumDelayMs,
    });
    this.#keep(caller, toListener);
    this.#keep(caller, toCaller);
    // The kernel closes what a dead process had open.
    dialling.onDeath(() => toListener.put({ ended: true, error: broken() }));
    listening.onDeath(() => toCaller.put({ ended: true, error: broken() }));
    const { toListener: encodeToListener, toCaller: encodeToCaller } = this.#wire;
    toListener.onFirst(() => accept(toEnd(toListener, toCaller, encodeToCaller)));
    return toEnd(toCaller, toListener, encodeToListener);
  }

  #keep(caller: string, pipe: Pipe<ToListener> | Pipe<ToCaller>): void {
    const pipes = this.#pipes.get(caller) ?? new Set();
    this.#pipes.set(caller, pipes);
    for (const each of pipes) if (each.isOver) pipes.delete(each);
    pipes.add(pipe);
  }
}

function toEnd<Incoming, Outgoing>(
  incoming: Pipe<Incoming>,
  outgoing: Pipe<Outgoing>,
  encode: (frame: Outgoing) => Outgoing,
): End<Incoming, Outgoing> {
  return {
    frames: { next: () => incoming.next() },
    send: (frame) => outgoing.put({ frame: encode(frame) }),
    close: (error) => {
      outgoing.put({ ended: true, error });
      incoming.end(error ?? new Error('the connection was closed here'));
    },
  };
}

/** One direction of a connection. */
class Pipe<Frame> {
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #reader: MortalProcess;
  readonly #way: { readonly isBlocked: () => boolean; readonly maximumDelayMs: () => number };
  readonly #underWay: Parcel<Frame>[] = [];
  readonly #arrived: Parcel<Frame>[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<Frame>> | undefined;
  #isClosed = false;
  #isBroken = false;
  #isFlowing = false;
  #onFirst: (() => void) | undefined;

  constructor(
    time: VirtualTime,
    random: Random,
    reader: MortalProcess,
    way: { readonly isBlocked: () => boolean; readonly maximumDelayMs: () => number },
  ) {
    this.#time = time;
    this.#random = random;
    this.#reader = reader;
    this.#way = way;
  }

  get isOver(): boolean {
    return this.#isBroken || (this.#isClosed && this.#underWay.length === 0);
  }

  onFirst(listener: () => void): void {
    this.#onFirst = listener;
  }

  put(parcel: Parcel<Frame>): void {
    if (this.#isClosed || this.#isBroken) return;
    if ('ended' in parcel) this.#isClosed = true;
    this.#underWay.push(parcel);
    this.flow();
  }

  /** One parcel after another arrives, each after a delay of its own. */
  flow(): void {
    if (this.#isFlowing || this.#underWay.length === 0 || this.#way.isBlocked()) return;
    this.#isFlowing = true;
    this.#time.after(this.#random.next() * this.#way.maximumDelayMs(), () => {
      this.#isFlowing = false;
      if (this.#isBroken || this.#way.isBlocked()) return;
      const parcel = this.#underWay.shift();
      if (parcel !== undefined) this.#arrive(parcel);
      this.flow();
    });
  }

  break(): void {
    if (this.#isBroken) return;
    this.#underWay.length = 0;
    this.#isBroken = true;
    this.#arrive({ ended: true, error: broken() });
  }

  /** The reader reads no more. */
  end(error: Error): void {
    this.#arrived.length = 0;
    this.#isBroken = true;
    this.#arrive({ ended: true, error });
  }

  next(): Promise<IteratorResult<Frame>> {
    const parcel = this.#arrived[0];
    if (parcel === undefined) {
      this.#waiting ??= Promise.withResolvers();
      return this.#reader.arrive(this.#waiting.promise);
    }
    // An end stays: whoever reads on is told again.
    if ('frame' in parcel) this.#arrived.shift();
    return this.#reader.arrive(resultOf(parcel));
  }

  #arrive(parcel: Parcel<Frame>): void {
    this.#onFirst?.();
    this.#onFirst = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined || 'ended' in parcel) this.#arrived.push(parcel);
    if (waiting === undefined) return;
    resultOf(parcel).then(waiting.resolve, waiting.reject);
  }
}

async function resultOf<Frame>(parcel: Parcel<Frame>): Promise<IteratorResult<Frame>> {
  if ('frame' in parcel) return { done: false, value: parcel.frame };
  return parcel.error === undefined ? { done: true, value: undefined } : await Promise.reject(parcel.error);
}

/** As gRPC tells of it: UNAVAILABLE, without a problem of the coordinator's own. */
function broken(): Error {
  const details = 'the connection broke';
  return Object.assign(new Error(details), { code: 14, details, metadata: { get: () => [] } });
}

function refused<Incoming, Outgoing>(): End<Incoming, Outgoing> {
  return { frames: { next: async () => Promise.reject(broken()) }, send: () => undefined, close: () => undefined };
}
