# What a person does on every machine before kubeadm, who reads its documentation. $1: the mirror; $2: the first machine.
echo "$2 cluster-endpoint" >>/etc/hosts
echo br_netfilter >/etc/modules-load.d/k8s.conf
cat >/etc/sysctl.d/k8s.conf <<END
net.bridge.bridge-nf-call-ip6tables = 1
net.bridge.bridge-nf-call-iptables = 1
END
sysctl --quiet --load=/etc/sysctl.d/k8s.conf
sysctl --quiet --write net.ipv4.ip_forward=1

cat >/etc/yum.repos.d/docker-ce.repo <<END
[docker-ce-stable]
name=Docker CE Stable
baseurl=http://$1:8080/docker-ce/
enabled=1
gpgcheck=0
END
mkdir -p /etc/docker
cat >/etc/docker/daemon.json <<END
{
  "insecure-registries": ["$1:5000"],
  "exec-opts": ["native.cgroupdriver=systemd"],
  "log-driver": "json-file",
  "log-opts": { "max-size": "100m" },
  "storage-driver": "overlay2"
}
END
dnf install -y --quiet docker-ce-20.10.24 docker-ce-cli-20.10.24 containerd.io-1.6.20
systemctl enable --now docker

cat >/etc/yum.repos.d/kubernetes.repo <<END
[kubernetes]
name=Kubernetes
baseurl=http://$1:8080/kubernetes/
enabled=1
gpgcheck=0
exclude=kubelet kubeadm kubectl
END
dnf install -y --quiet kubelet-1.20.2 kubeadm-1.20.2 kubectl-1.20.2 --disableexcludes=kubernetes
systemctl enable --now kubelet
