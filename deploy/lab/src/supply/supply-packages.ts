/** The Debian packages that preparing and serving the supply needs on the machine itself. None of them is a service. */
export const supplyPackages: readonly string[] = ['createrepo-c', 'debian-archive-keyring', 'rpm', 'xz-utils'];
