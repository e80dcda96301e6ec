import type { InstallPackages, Package } from '@drover/proto';
import { findPackageManager } from '../../facts/operating-system.ts';
import type { ReadonlyHost } from '../../host/host.ts';
import type { ApplyContext, InspectContext } from '../action.ts';
import { debPackages } from './apt/deb-packages.ts';
import { rpmPackages } from './rpm/rpm-packages.ts';

/** A package that is not there at the wanted version. */
export interface DifferingPackage extends Package {
  /** As the machine writes it; undefined when the package is not installed. */
  readonly installed: string | undefined;
}

/** What a machine has of the packages that are wanted. */
export interface PackageState {
  readonly differing: readonly DifferingPackage[];
  /** What is held, among the wanted packages or beside them. */
  readonly held: readonly string[];
  /** Where the machine keeps that, for people: a file's path, or a program's name. */
  readonly heldIn: string;
}

/** How the packages of one family of systems are looked at, installed and held. */
export interface PackageSystem {
  look(context: InspectContext, wanted: InstallPackages): Promise<PackageState>;
  /**
   * Brings each to its version, up or down, in as few transactions as the package manager allows. Waits for others' transactions.
   * Throws an error that names the cause; what could not be installed is as it was.
   */
  install(context: ApplyContext, wanted: InstallPackages, differing: readonly DifferingPackage[]): Promise<void>;
  /** Keeps any update but an install of ours from replacing them. */
  hold(context: ApplyContext, wanted: InstallPackages): Promise<void>;
}

/** That of the machine's family: the one that facts tell of. */
export async function findPackageSystem(host: ReadonlyHost): Promise<PackageSystem> {
  return (await findPackageManager(host)) === 'apt' ? debPackages : rpmPackages;
}
