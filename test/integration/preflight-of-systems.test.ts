import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type FixtureName, gatherFixture } from '@drover/agent/testing';
import { preflightOf } from '@drover/coordinator/testing';

/** A machine that is asked to be a worker, and everything that is found: the severity, the check and its rule. */
interface Expected {
  readonly version: string;
  readonly runtime: 'docker' | 'containerd';
  readonly findings: readonly string[];
}

const systems: Readonly<Record<FixtureName, Expected>> = {
  'centos-7': {
    version: 'v1.20.9',
    runtime: 'docker',
    findings: [
      'error required-programs/missing',
      'info firewall/podNetwork',
      'info name-resolution/leftToDns',
      'warning hostname/invalid',
      'warning kernel-modules/unpersisted',
      'warning required-programs/recommended',
      'warning runtime-version/other',
      'warning selinux/runtime',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
  'rocky-8': {
    version: 'v1.28.15',
    runtime: 'containerd',
    findings: [
      'error sysctl/overridden',
      'info name-resolution/leftToDns',
      'warning cgroup-driver/containerdDiffers',
      'warning containerd-configuration/criDisabled',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning proxies/inside',
      'warning required-programs/coming',
      'warning runtime-running/stopped',
      'warning runtime-version/other',
      'warning selinux/configured',
      'warning swap/on',
      'warning sysctl/off',
      'warning time-synchronisation/unsynchronised',
    ],
  },
  'rocky-9': {
    version: 'v1.31.4',
    runtime: 'containerd',
    findings: [
      'error cluster-membership/stranger',
      'error required-programs/missing',
      'info name-resolution/leftToDns',
      'warning hostname/other',
      'warning leftovers/manifests',
      'warning leftovers/other',
      'warning leftovers/podNetwork',
      'warning package-holds/unheld',
      'warning required-programs/recommended',
      'warning runtime-version/other',
    ],
  },
  'almalinux-10': {
    version: 'v1.34.1',
    runtime: 'containerd',
    findings: [
      'info name-resolution/leftToDns',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning package-holds/unheld',
      'warning selinux/runtime',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
  'debian-11': {
    version: 'v1.23.17',
    runtime: 'docker',
    findings: [
      'error docker-configuration/malformed',
      'error repository-forms/missing',
      'info name-resolution/leftToDns',
      'warning hostname/other',
      'warning package-holds/unheld',
      'warning proxies/inside',
      'warning swap/on',
      'warning sysctl/unpersisted',
      'warning sysctl/unpersisted',
      'warning sysctl/unpersisted',
    ],
  },
  'debian-12': {
    version: 'v1.32.1',
    runtime: 'containerd',
    findings: [
      'error repository-forms/missing',
      'info name-resolution/leftToDns',
      'warning cgroup-driver/containerdDiffers',
      'warning hostname/other',
      'warning required-programs/coming',
      'warning required-programs/recommended',
      'warning runtime-version/other',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
      'warning sysctl/unpersisted',
      'warning sysctl/unpersisted',
    ],
  },
  'debian-13': {
    version: 'v1.35.0',
    runtime: 'containerd',
    findings: [
      'error repository-forms/missing',
      'info name-resolution/leftToDns',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
  'ubuntu-22.04': {
    version: 'v1.29.0',
    runtime: 'containerd',
    findings: [
      'error repository-forms/missing',
      'info firewall/podNetwork',
      'info name-resolution/leftToDns',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning required-programs/coming',
      'warning required-programs/recommended',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
  'ubuntu-24.04': {
    version: 'v1.32.1',
    runtime: 'containerd',
    findings: [
      'error repository-forms/missing',
      'info name-resolution/leftToDns',
      'warning cgroup-driver/containerdDiffers',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning required-programs/recommended',
      'warning runtime-version/other',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
  'ubuntu-26.04': {
    version: 'v1.36.0',
    runtime: 'containerd',
    findings: [
      'error repository-forms/missing',
      'info name-resolution/leftToDns',
      'warning cgroup-driver/containerdDiffers',
      'warning hostname/other',
      'warning kernel-modules/bridge',
      'warning kernel-modules/overlay',
      'warning runtime-version/other',
      'warning swap/on',
      'warning sysctl/off',
      'warning sysctl/unpersisted',
    ],
  },
};

suite('from the files of a system to what preflight finds there:', () => {
  for (const [name, { version, runtime, findings }] of Object.entries(systems)) {
    test(`${name}, asked for Kubernetes ${version} on ${runtime}`, async () => {
      assert.deepEqual(preflightOf(await gatherFixture(name as FixtureName), version, runtime).toSorted(), findings);
    });
  }
});
