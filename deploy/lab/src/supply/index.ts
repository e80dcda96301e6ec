export { kubernetesVersion } from './kubernetes/release.ts';
export { renderNetworkManifest } from './network-manifest.ts';
export { prepareKubernetes } from './prepare-kubernetes.ts';
export { prepareSupply } from './prepare-supply.ts';
export { type Supply, startSupply } from './serve/start-supply.ts';
export { supplyPackages } from './supply-packages.ts';
