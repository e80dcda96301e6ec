export { kubernetesVersion } from './kubernetes/release.ts';
export { defaultRegistry, renderNetworkManifest } from './network-manifest.ts';
export { type PrepareOptions, prepareSupply } from './prepare-supply.ts';
export { type ServedSupply, type ServeOptions, type Supply, startSupply } from './serve/start-supply.ts';
export { supplyPackages } from './supply-packages.ts';
