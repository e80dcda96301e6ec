import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { ActionNameOfKind, ActionParams } from '@drover/proto';
import { defaultSupply } from '../host/simulated/world/supply.ts';
import { createInstantClock } from '../testing/action-context.ts';
import { createSimulatedSite } from '../testing/simulated-site.ts';
import type { EnsureAction } from './action.ts';
import { configureRepository } from './configure-repository.ts';
import { enableService } from './enable-service.ts';
import { installPackages } from './install-packages.ts';
import { pullImages } from './pull-images.ts';

const site = await createSimulatedSite(['worker-1'], createInstantClock());
after(async () => {
  await site.remove();
});

async function ensure<Name extends ActionNameOfKind<'ensure'>>(action: EnsureAction<Name>, params: ActionParams<Name>) {
  const context = site.context('worker-1');
  const found = await action.inspect(context, params);
  if (!found.satisfied) await action.apply(context, params, found);
}

const mirror = '10.213.0.1:8080';
const registry = '10.213.0.1:5000';
const docker = (version: string) => ({ repository: 'docker-ce', packages: [{ name: 'docker-ce', version }] });

test('what a site’s supply lacks is told apart, and a later run finishes what it stopped', async () => {
  const { world } = site;
  const repository = {
    id: 'docker-ce',
    name: 'Docker',
    baseUrl: `http://${mirror}/docker-ce/`,
    gpgCheck: false,
    gpgKeys: [],
    exclude: [],
    apt: null,
  };
  await ensure(configureRepository, repository);
  await assert.rejects(ensure(installPackages, docker('99.1')), /package-version-unavailable.*20\.10\.7, 20\.10\.24/);

  world.setSupply({ ...defaultSupply, unreachableHosts: [mirror] });
  await assert.rejects(ensure(installPackages, docker('20.10.24')), { code: 'repository-unreachable' });

  world.setSupply({ ...defaultSupply, unreachableHosts: [registry], missingImages: ['docker.io/nobody/has:1'] });
  await ensure(installPackages, docker('20.10.24'));
  await ensure(installPackages, {
    repository: 'docker-ce',
    packages: [{ name: 'docker-ce-cli', version: '20.10.24' }],
  });
  await ensure(enableService, { unit: 'docker.service', running: true });
  await assert.rejects(ensure(pullImages, { runtime: 'docker', images: [`${registry}/pause:3.2`] }), {
    code: 'registry-unreachable',
  });
  await assert.rejects(ensure(pullImages, { runtime: 'docker', images: ['docker.io/nobody/has:1'] }), {
    code: 'image-not-found',
  });

  world.setSupply(defaultSupply);
  await ensure(pullImages, { runtime: 'docker', images: [`${registry}/pause:3.2`] });
});
