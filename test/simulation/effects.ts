import type { ProgramCall, SimulatedCluster } from '@drover/agent/simulation';
import { kubeadm } from '@drover/agent/simulation';
import type { MortalProcess } from './mortal-process.ts';
import type { Observer } from './observer.ts';

/** Counts what really happened in the world: effects, not requests for them. */
export class Effects {
  readonly #observer: Observer;
  readonly #finished = new Map<string, number>();
  readonly #atWork = new Map<string, string>();
  #clusters = 0;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  /** How often an init or a join got to its end on a machine. */
  count(nodeName: string, verb: 'init' | 'join'): number {
    return this.#finished.get(`${nodeName} ${verb}`) ?? 0;
  }

  /** The machine is another one from now on: what was done on the former one does not count. */
  reimaged(nodeName: string): void {
    this.#atWork.delete(nodeName);
    for (const verb of ['init', 'join']) this.#finished.delete(`${nodeName} ${verb}`);
  }

  /** To be told of each change of the world. */
  readonly onWorldChange = (before: SimulatedCluster | null, after: SimulatedCluster | null): void => {
    if (before !== null && after === null) this.#observer.violate('I7', 'a cluster with all it had was destroyed');
    this.#watchNodes(before, after);
    if (before?.caCertificate === after?.caCertificate || after === null) return;
    this.#clusters += 1;
    this.#observer.note('world', 'a cluster answers');
    if (this.#clusters > 1) this.#observer.violate('I2', `kubeadm init had its effect ${this.#clusters} times`);
  };

  /** A Node is deleted when its machine is not a member any more, and not otherwise. */
  #watchNodes(before: SimulatedCluster | null, after: SimulatedCluster | null): void {
    for (const [name, { uid }] of Object.entries(before?.nodes ?? {})) {
      const left = after?.nodes[name];
      if (left?.uid === uid) continue;
      this.#observer.note(
        'world',
        `the Node ${name} with the uid ${uid} is ${left === undefined ? 'gone' : 'another one'}`,
      );
      if (this.count(name, 'join') > 0)
        this.#observer.violate('I11', `the Node of ${name}, which is a member, was deleted`);
    }
  }

  /** kubeadm, as a unit of a machine runs it. */
  kubeadmOn(nodeName: string, unit: MortalProcess): (call: ProgramCall) => Promise<number> {
    return async (call) => {
      const verb = call.args.find((arg) => !arg.startsWith('-')) ?? '';
      const other = this.#atWork.get(nodeName);
      if (other !== undefined)
        this.#observer.violate('I1', `kubeadm ${verb} began on ${nodeName} while kubeadm ${other} was at work`);
      this.#atWork.set(nodeName, verb);
      const leave = (): void => {
        if (this.#atWork.get(nodeName) === verb) this.#atWork.delete(nodeName);
      };
      unit.onDeath(leave);
      this.#observer.note(unit.name, `kubeadm ${call.args.slice(0, 3).join(' ')} begins`);
      try {
        const status = await kubeadm(call);
        this.#observer.note(unit.name, `kubeadm ${verb} ends with ${status}`);
        if (status === 0 && (verb === 'join' || (verb === 'init' && call.args[1] !== 'phase')))
          this.#finish(nodeName, verb);
        return status;
      } finally {
        leave();
      }
    };
  }

  #finish(nodeName: string, verb: string): void {
    const key = `${nodeName} ${verb}`;
    const count = (this.#finished.get(key) ?? 0) + 1;
    this.#finished.set(key, count);
    if (count > 1) this.#observer.violate('I1', `kubeadm ${verb} got to its end on ${nodeName} ${count} times`);
  }
}
