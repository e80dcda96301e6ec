import { nodeCheck } from '../define-check.ts';

/** The names under which distributions ship what keeps clocks. */
const services = ['chronyd', 'chrony', 'ntpd', 'ntp', 'ntpsec', 'systemd-timesyncd'];

/** A clock that is right now and not kept is wrong some weeks later, when a certificate is renewed. */
export const timeSynchronisation = nodeCheck({
  id: 'time-synchronisation',
  title: 'Something keeps the clock of every node',
  scope: 'node',
  reads: ['clock', 'units'],
  shows: 'The services that are active',
  rules: {
    unsynchronised: {
      severity: 'warning',
      when: 'The kernel’s clock is not disciplined',
      source: 'https://kubernetes.io/docs/setup/best-practices/certificates/',
      remedy:
        'Install chrony and start it (`systemctl enable --now chronyd`, on Debian `chrony`); a virtual machine may have its host’s clock instead.',
    },
  },
  ofNode: ({ facts: { clock, units } }) => {
    const active = services.filter((name) => units[name]?.active === true);
    const evidence = [
      active.length === 0 ? `none of ${services.join(', ')} is active` : `active: ${active.join(', ')}`,
    ];
    if (clock.synchronized === true) return [];
    if (clock.synchronized === null)
      return [{ untold: 'timedatectl does not say whether the clock is kept', evidence }];
    return [{ rule: 'unsynchronised', message: 'nothing keeps the node’s clock', evidence }];
  },
});
