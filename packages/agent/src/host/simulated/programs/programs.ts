import type { PlayedProgram } from '../play-command.ts';
import { aptCache, aptGet, aptHelper, aptMark, base64, dpkgQuery } from './apt.ts';
import { crictl } from './crictl.ts';
import { curl } from './curl.ts';
import { dnf } from './dnf.ts';
import { docker } from './docker.ts';
import { firewallCmd } from './firewall-cmd.ts';
import { getenforce, modprobe, setenforce, swapoff, sysctl, uname } from './kernel.ts';
import { kubeadm } from './kubeadm.ts';
import { kubectl } from './kubectl.ts';
import { rpm } from './rpm.ts';
import { chmod, df, hostnamectl, ip, iptablesSave, mkdir, mv, rm, runuser, stat, timedatectl } from './system.ts';
import { systemctl } from './systemctl.ts';
import { ufw } from './ufw.ts';

/** Programs by name. */
export type Programs = Readonly<Record<string, PlayedProgram>>;

/** What a simulated machine has, and what packages bring along. */
export const standardPrograms: Programs = {
  '/usr/lib/apt/apt-helper': { play: aptHelper },
  'apt-cache': { play: aptCache },
  'apt-get': { play: aptGet },
  'apt-mark': { play: aptMark },
  base64: { play: base64 },
  chmod: { play: chmod },
  crictl: { play: crictl },
  curl: { play: curl },
  df: { play: df },
  dnf: { play: dnf },
  'dpkg-query': { play: dpkgQuery },
  docker: { play: docker, package: 'docker-ce-cli' },
  'firewall-cmd': { play: firewallCmd },
  getenforce: { play: getenforce },
  hostnamectl: { play: hostnamectl },
  ip: { play: ip },
  'ip6tables-save': { play: iptablesSave },
  'iptables-save': { play: iptablesSave },
  kubeadm: { play: kubeadm, package: 'kubeadm' },
  kubectl: { play: kubectl, package: 'kubectl' },
  mkdir: { play: mkdir },
  modprobe: { play: modprobe },
  mv: { play: mv },
  rm: { play: rm },
  rpm: { play: rpm },
  runuser: { play: runuser },
  setenforce: { play: setenforce },
  stat: { play: stat },
  swapoff: { play: swapoff },
  sysctl: { play: sysctl },
  systemctl: { play: systemctl },
  timedatectl: { play: timedatectl },
  ufw: { play: ufw },
  uname: { play: uname },
};
