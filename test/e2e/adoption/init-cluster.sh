# What a person does on the first machine. $1: the mirror; $2: this machine.
# The lab's registry has no image of CoreDNS.
kubeadm init --apiserver-advertise-address="$2" --control-plane-endpoint=cluster-endpoint \
  --image-repository="$1:5000/kubernetes" --kubernetes-version=v1.20.2 \
  --service-cidr=10.96.0.0/16 --pod-network-cidr=10.244.0.0/16 \
  --skip-phases=addon/coredns --ignore-preflight-errors=ImagePull
mkdir -p /root/.kube
cp /etc/kubernetes/admin.conf /root/.kube/config
kubectl apply -f /root/network.yaml
