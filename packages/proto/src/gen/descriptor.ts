import type { fromJSON } from '@grpc/proto-loader';

/** The contract, for `fromJSON` of @grpc/proto-loader. */
export const descriptor = {
  "nested": {
    "drover": {
      "nested": {
        "v1": {
          "nested": {
            "Action": {
              "oneofs": {
                "action": {
                  "oneof": [
                    "gatherFacts",
                    "setHostname",
                    "configureHosts",
                    "configureSelinux",
                    "disableSwap",
                    "loadKernelModules",
                    "configureSysctl",
                    "configureRepository",
                    "installPackages",
                    "configureDocker",
                    "enableService",
                    "pullImages",
                    "initControlPlane",
                    "mintJoinCredentials",
                    "joinNode",
                    "writeKubeconfig",
                    "mintKubeconfig",
                    "applyManifest",
                    "configureNode",
                    "waitNodesReady",
                    "listClusterNodes",
                    "verifyCapability",
                    "joinControlPlane",
                    "resetNode",
                    "removeEtcdMember",
                    "upgradeNode",
                    "mintControlPlaneCredentials",
                    "removeNodeObject",
                    "drainNode",
                    "snapshotEtcd",
                    "listEtcdMembers",
                    "serveEndpoint",
                    "readKubeadmCluster",
                    "readHostConfiguration",
                    "readTpm",
                    "answerTpmCredential",
                    "configureContainerd",
                    "configureCrictl",
                    "configureCriDockerd",
                    "configureRuntimeProxy",
                    "configureFirewall",
                    "listenForPeers",
                    "probePeers"
                  ]
                }
              },
              "fields": {
                "gatherFacts": {
                  "type": "GatherFacts",
                  "id": 1
                },
                "setHostname": {
                  "type": "SetHostname",
                  "id": 2
                },
                "configureHosts": {
                  "type": "ConfigureHosts",
                  "id": 3
                },
                "configureSelinux": {
                  "type": "ConfigureSelinux",
                  "id": 4
                },
                "disableSwap": {
                  "type": "DisableSwap",
                  "id": 5
                },
                "loadKernelModules": {
                  "type": "LoadKernelModules",
                  "id": 6
                },
                "configureSysctl": {
                  "type": "ConfigureSysctl",
                  "id": 7
                },
                "configureRepository": {
                  "type": "ConfigureRepository",
                  "id": 8
                },
                "installPackages": {
                  "type": "InstallPackages",
                  "id": 9
                },
                "configureDocker": {
                  "type": "ConfigureDocker",
                  "id": 10
                },
                "enableService": {
                  "type": "EnableService",
                  "id": 11
                },
                "pullImages": {
                  "type": "PullImages",
                  "id": 12
                },
                "initControlPlane": {
                  "type": "InitControlPlane",
                  "id": 13
                },
                "mintJoinCredentials": {
                  "type": "MintJoinCredentials",
                  "id": 14
                },
                "joinNode": {
                  "type": "JoinNode",
                  "id": 15
                },
                "writeKubeconfig": {
                  "type": "WriteKubeconfig",
                  "id": 16
                },
                "mintKubeconfig": {
                  "type": "MintKubeconfig",
                  "id": 17
                },
                "applyManifest": {
                  "type": "ApplyManifest",
                  "id": 18
                },
                "configureNode": {
                  "type": "ConfigureNode",
                  "id": 19
                },
                "waitNodesReady": {
                  "type": "WaitNodesReady",
                  "id": 20
                },
                "listClusterNodes": {
                  "type": "ListClusterNodes",
                  "id": 21
                },
                "verifyCapability": {
                  "type": "VerifyCapability",
                  "id": 22
                },
                "joinControlPlane": {
                  "type": "JoinControlPlane",
                  "id": 23
                },
                "resetNode": {
                  "type": "ResetNode",
                  "id": 24
                },
                "removeEtcdMember": {
                  "type": "RemoveEtcdMember",
                  "id": 25
                },
                "upgradeNode": {
                  "type": "UpgradeNode",
                  "id": 26
                },
                "mintControlPlaneCredentials": {
                  "type": "MintControlPlaneCredentials",
                  "id": 27
                },
                "removeNodeObject": {
                  "type": "RemoveNodeObject",
                  "id": 28
                },
                "drainNode": {
                  "type": "DrainNode",
                  "id": 29
                },
                "snapshotEtcd": {
                  "type": "SnapshotEtcd",
                  "id": 30
                },
                "listEtcdMembers": {
                  "type": "ListEtcdMembers",
                  "id": 31
                },
                "serveEndpoint": {
                  "type": "ServeEndpoint",
                  "id": 32
                },
                "readKubeadmCluster": {
                  "type": "ReadKubeadmCluster",
                  "id": 33
                },
                "readHostConfiguration": {
                  "type": "ReadHostConfiguration",
                  "id": 34
                },
                "readTpm": {
                  "type": "ReadTpm",
                  "id": 35
                },
                "answerTpmCredential": {
                  "type": "AnswerTpmCredential",
                  "id": 36
                },
                "configureContainerd": {
                  "type": "ConfigureContainerd",
                  "id": 40
                },
                "configureCrictl": {
                  "type": "ConfigureCrictl",
                  "id": 41
                },
                "configureCriDockerd": {
                  "type": "ConfigureCriDockerd",
                  "id": 42
                },
                "configureRuntimeProxy": {
                  "type": "ConfigureRuntimeProxy",
                  "id": 43
                },
                "configureFirewall": {
                  "type": "ConfigureFirewall",
                  "id": 44
                },
                "listenForPeers": {
                  "type": "ListenForPeers",
                  "id": 50
                },
                "probePeers": {
                  "type": "ProbePeers",
                  "id": 51
                }
              }
            },
            "GatherFacts": {
              "fields": {}
            },
            "SetHostname": {
              "fields": {
                "hostname": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "ConfigureHosts": {
              "fields": {
                "entries": {
                  "rule": "repeated",
                  "type": "HostsEntry",
                  "id": 1
                }
              }
            },
            "HostsEntry": {
              "fields": {
                "address": {
                  "type": "string",
                  "id": 1
                },
                "names": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 2
                }
              }
            },
            "ConfigureSelinux": {
              "fields": {
                "mode": {
                  "type": "SelinuxMode",
                  "id": 1
                }
              }
            },
            "SelinuxMode": {
              "values": {
                "SELINUX_MODE_UNSPECIFIED": 0,
                "PERMISSIVE": 1,
                "ENFORCING": 2
              }
            },
            "DisableSwap": {
              "fields": {}
            },
            "LoadKernelModules": {
              "fields": {
                "modules": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 1
                }
              }
            },
            "ConfigureSysctl": {
              "fields": {
                "values": {
                  "keyType": "string",
                  "type": "string",
                  "id": 1
                }
              }
            },
            "ConfigureRepository": {
              "fields": {
                "id": {
                  "type": "string",
                  "id": 1
                },
                "name": {
                  "type": "string",
                  "id": 2
                },
                "baseUrl": {
                  "type": "string",
                  "id": 3
                },
                "gpgCheck": {
                  "type": "bool",
                  "id": 4
                },
                "gpgKeys": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 5
                },
                "exclude": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 6
                },
                "apt": {
                  "type": "AptRepository",
                  "id": 7
                }
              }
            },
            "AptRepository": {
              "fields": {
                "url": {
                  "type": "string",
                  "id": 1
                },
                "suite": {
                  "type": "string",
                  "id": 2
                },
                "components": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "checkSignatures": {
                  "type": "bool",
                  "id": 4
                },
                "key": {
                  "type": "string",
                  "id": 5
                },
                "keySha256": {
                  "type": "string",
                  "id": 6
                }
              }
            },
            "InstallPackages": {
              "fields": {
                "packages": {
                  "rule": "repeated",
                  "type": "Package",
                  "id": 1
                },
                "repository": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "Package": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "version": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "ConfigureDocker": {
              "fields": {
                "registryMirrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 1
                },
                "insecureRegistries": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 2
                },
                "cgroupDriver": {
                  "type": "string",
                  "id": 3
                },
                "logDriver": {
                  "type": "string",
                  "id": 4
                },
                "logOptions": {
                  "keyType": "string",
                  "type": "string",
                  "id": 5
                },
                "storageDriver": {
                  "type": "string",
                  "id": 6
                },
                "storageOptions": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 7
                }
              }
            },
            "ConfigureContainerd": {
              "fields": {
                "configVersion": {
                  "type": "uint32",
                  "id": 1
                },
                "cgroupDriver": {
                  "type": "string",
                  "id": 2
                },
                "sandboxImage": {
                  "type": "string",
                  "id": 3
                },
                "registries": {
                  "rule": "repeated",
                  "type": "ContainerdRegistry",
                  "id": 4
                }
              }
            },
            "ContainerdRegistry": {
              "fields": {
                "host": {
                  "type": "string",
                  "id": 1
                },
                "mirrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 2
                },
                "insecure": {
                  "type": "bool",
                  "id": 3
                },
                "caCertificate": {
                  "type": "string",
                  "id": 4
                }
              }
            },
            "ConfigureCrictl": {
              "fields": {
                "endpoint": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "ConfigureCriDockerd": {
              "fields": {
                "sandboxImage": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "ConfigureRuntimeProxy": {
              "fields": {
                "unit": {
                  "type": "string",
                  "id": 1
                },
                "httpProxy": {
                  "type": "string",
                  "id": 2
                },
                "httpsProxy": {
                  "type": "string",
                  "id": 3
                },
                "noProxy": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 4
                }
              }
            },
            "ConfigureFirewall": {
              "fields": {
                "openings": {
                  "rule": "repeated",
                  "type": "FirewallOpening",
                  "id": 1
                },
                "podCidr": {
                  "type": "string",
                  "id": 2
                },
                "exact": {
                  "type": "bool",
                  "id": 3
                }
              }
            },
            "FirewallOpening": {
              "fields": {
                "source": {
                  "type": "string",
                  "id": 1
                },
                "protocol": {
                  "type": "string",
                  "id": 2
                },
                "ports": {
                  "rule": "repeated",
                  "type": "uint32",
                  "id": 3
                }
              }
            },
            "EnableService": {
              "fields": {
                "unit": {
                  "type": "string",
                  "id": 1
                },
                "running": {
                  "type": "bool",
                  "id": 2
                }
              }
            },
            "PullImages": {
              "fields": {
                "images": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 1
                },
                "runtime": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "InitControlPlane": {
              "fields": {
                "kubeadmConfig": {
                  "type": "string",
                  "id": 1
                },
                "ignoredPreflightErrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 2
                },
                "skippedPhases": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "patches": {
                  "rule": "repeated",
                  "type": "KubeadmPatch",
                  "id": 4
                }
              }
            },
            "KubeadmPatch": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "content": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "MintJoinCredentials": {
              "fields": {
                "recipientCertificate": {
                  "type": "string",
                  "id": 1
                },
                "recipientNodeId": {
                  "type": "string",
                  "id": 2
                },
                "recipientIncarnation": {
                  "type": "uint32",
                  "id": 3
                },
                "nodeName": {
                  "type": "string",
                  "id": 4
                },
                "ttlMs": {
                  "type": "uint32",
                  "id": 5
                }
              }
            },
            "JoinNode": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "kubeadmConfig": {
                  "type": "string",
                  "id": 2
                },
                "ignoredPreflightErrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "sealedCredentials": {
                  "type": "bytes",
                  "id": 4
                },
                "caHash": {
                  "type": "string",
                  "id": 5
                },
                "patches": {
                  "rule": "repeated",
                  "type": "KubeadmPatch",
                  "id": 6
                }
              }
            },
            "MintControlPlaneCredentials": {
              "fields": {
                "recipientCertificate": {
                  "type": "string",
                  "id": 1
                },
                "recipientNodeId": {
                  "type": "string",
                  "id": 2
                },
                "recipientIncarnation": {
                  "type": "uint32",
                  "id": 3
                },
                "nodeName": {
                  "type": "string",
                  "id": 4
                },
                "ttlMs": {
                  "type": "uint32",
                  "id": 5
                },
                "peerAddress": {
                  "type": "string",
                  "id": 6
                },
                "kubeadmConfig": {
                  "type": "string",
                  "id": 7
                }
              }
            },
            "JoinControlPlane": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "kubeadmConfig": {
                  "type": "string",
                  "id": 2
                },
                "ignoredPreflightErrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "sealedCredentials": {
                  "type": "bytes",
                  "id": 4
                },
                "caHash": {
                  "type": "string",
                  "id": 5
                },
                "patches": {
                  "rule": "repeated",
                  "type": "KubeadmPatch",
                  "id": 6
                }
              }
            },
            "ResetNode": {
              "fields": {
                "caHash": {
                  "type": "string",
                  "id": 1
                },
                "endsCluster": {
                  "type": "bool",
                  "id": 2
                },
                "etcdEndpoints": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "podCidr": {
                  "type": "string",
                  "id": 4
                }
              }
            },
            "RemoveEtcdMember": {
              "fields": {
                "memberId": {
                  "type": "string",
                  "id": 1
                },
                "name": {
                  "type": "string",
                  "id": 2
                },
                "peerUrl": {
                  "type": "string",
                  "id": 3
                }
              }
            },
            "UpgradeNode": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "kubernetesVersion": {
                  "type": "string",
                  "id": 2
                },
                "first": {
                  "type": "bool",
                  "id": 3
                },
                "ignoredPreflightErrors": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 4
                }
              }
            },
            "WriteKubeconfig": {
              "fields": {
                "user": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "MintKubeconfig": {
              "fields": {
                "recipientPublicKey": {
                  "type": "bytes",
                  "id": 1
                },
                "server": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "ApplyManifest": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "manifest": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "ConfigureNode": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "labels": {
                  "keyType": "string",
                  "type": "string",
                  "id": 2
                },
                "taints": {
                  "rule": "repeated",
                  "type": "Taint",
                  "id": 3
                },
                "remembered": {
                  "type": "NodeMetadata",
                  "id": 4
                }
              }
            },
            "NodeMetadata": {
              "fields": {
                "labels": {
                  "keyType": "string",
                  "type": "string",
                  "id": 1
                },
                "annotations": {
                  "keyType": "string",
                  "type": "string",
                  "id": 2
                },
                "taints": {
                  "rule": "repeated",
                  "type": "Taint",
                  "id": 3
                },
                "unschedulable": {
                  "type": "bool",
                  "id": 4
                }
              }
            },
            "Taint": {
              "fields": {
                "key": {
                  "type": "string",
                  "id": 1
                },
                "value": {
                  "type": "string",
                  "id": 2
                },
                "effect": {
                  "type": "string",
                  "id": 3
                }
              }
            },
            "WaitNodesReady": {
              "fields": {
                "nodeNames": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 1
                },
                "kubernetesVersion": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "ListClusterNodes": {
              "fields": {}
            },
            "VerifyCapability": {
              "fields": {
                "capability": {
                  "type": "Capability",
                  "id": 1
                },
                "image": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "Capability": {
              "values": {
                "CAPABILITY_UNSPECIFIED": 0,
                "SERVICE": 1,
                "STORAGE": 2,
                "ROLLOUT": 3,
                "PLACEMENT": 4,
                "SELF_REPAIR": 5,
                "CONFIGURATION": 6
              }
            },
            "RemoveNodeObject": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "uid": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "DrainNode": {
              "fields": {
                "nodeName": {
                  "type": "string",
                  "id": 1
                },
                "deleteUnmanagedPods": {
                  "type": "bool",
                  "id": 2
                }
              }
            },
            "SnapshotEtcd": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "keep": {
                  "type": "uint32",
                  "id": 2
                }
              }
            },
            "ListEtcdMembers": {
              "fields": {}
            },
            "ServeEndpoint": {
              "fields": {
                "pods": {
                  "rule": "repeated",
                  "type": "EndpointPod",
                  "id": 1
                },
                "files": {
                  "rule": "repeated",
                  "type": "EndpointFile",
                  "id": 2
                }
              }
            },
            "EndpointPod": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "manifest": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "EndpointFile": {
              "fields": {
                "name": {
                  "type": "string",
                  "id": 1
                },
                "content": {
                  "type": "string",
                  "id": 2
                },
                "executable": {
                  "type": "bool",
                  "id": 3
                }
              }
            },
            "ReadKubeadmCluster": {
              "fields": {}
            },
            "ReadHostConfiguration": {
              "fields": {}
            },
            "ReadTpm": {
              "fields": {}
            },
            "AnswerTpmCredential": {
              "fields": {
                "endorsementContext": {
                  "type": "bytes",
                  "id": 1
                },
                "attestationContext": {
                  "type": "bytes",
                  "id": 2
                },
                "credential": {
                  "type": "TpmCredential",
                  "id": 3
                },
                "transcript": {
                  "type": "bytes",
                  "id": 4
                }
              }
            },
            "ListenForPeers": {
              "fields": {
                "surveyKey": {
                  "type": "bytes",
                  "id": 1
                },
                "address": {
                  "type": "string",
                  "id": 2
                },
                "ports": {
                  "rule": "repeated",
                  "type": "PeerPort",
                  "id": 3
                }
              }
            },
            "PeerPort": {
              "fields": {
                "protocol": {
                  "type": "PeerProtocol",
                  "id": 1
                },
                "port": {
                  "type": "uint32",
                  "id": 2
                }
              }
            },
            "PeerProtocol": {
              "values": {
                "PEER_PROTOCOL_UNSPECIFIED": 0,
                "TCP": 1,
                "UDP": 2
              }
            },
            "ProbePeers": {
              "fields": {
                "surveyKey": {
                  "type": "bytes",
                  "id": 1
                },
                "targets": {
                  "rule": "repeated",
                  "type": "PeerTarget",
                  "id": 2
                }
              }
            },
            "PeerTarget": {
              "fields": {
                "address": {
                  "type": "string",
                  "id": 1
                },
                "ports": {
                  "rule": "repeated",
                  "type": "PeerPort",
                  "id": 2
                }
              }
            },
            "MachineAccount": {
              "fields": {
                "productUuid": {
                  "type": "string",
                  "id": 1
                },
                "boardSerial": {
                  "type": "string",
                  "id": 2
                },
                "macs": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                },
                "hostname": {
                  "type": "string",
                  "id": 4
                },
                "machineId": {
                  "type": "string",
                  "id": 5
                },
                "bootId": {
                  "type": "string",
                  "id": 6
                },
                "holdsClusterState": {
                  "type": "bool",
                  "id": 7
                }
              }
            },
            "TpmShown": {
              "fields": {
                "endorsementKey": {
                  "type": "bytes",
                  "id": 1
                },
                "attestationKey": {
                  "type": "bytes",
                  "id": 2
                },
                "unusable": {
                  "type": "string",
                  "id": 3
                }
              }
            },
            "TpmCredential": {
              "fields": {
                "idObject": {
                  "type": "bytes",
                  "id": 1
                },
                "encryptedSecret": {
                  "type": "bytes",
                  "id": 2
                }
              }
            },
            "Enrollment": {
              "methods": {
                "Enroll": {
                  "requestType": "EnrollmentRequest",
                  "requestStream": true,
                  "responseType": "EnrollmentReply",
                  "responseStream": true
                }
              }
            },
            "EnrollmentRequest": {
              "oneofs": {
                "message": {
                  "oneof": [
                    "hello",
                    "proof",
                    "acknowledgement",
                    "facts"
                  ]
                }
              },
              "fields": {
                "hello": {
                  "type": "EnrollmentHello",
                  "id": 1
                },
                "proof": {
                  "type": "EnrollmentProof",
                  "id": 2
                },
                "acknowledgement": {
                  "type": "EnrollmentAcknowledgement",
                  "id": 3
                },
                "facts": {
                  "type": "FactsShown",
                  "id": 4
                }
              }
            },
            "EnrollmentReply": {
              "oneofs": {
                "message": {
                  "oneof": [
                    "challenge",
                    "accepted",
                    "completed",
                    "factsWanted"
                  ]
                }
              },
              "fields": {
                "challenge": {
                  "type": "EnrollmentChallenge",
                  "id": 1
                },
                "accepted": {
                  "type": "EnrollmentAccepted",
                  "id": 2
                },
                "completed": {
                  "type": "EnrollmentCompleted",
                  "id": 3
                },
                "factsWanted": {
                  "type": "FactsWanted",
                  "id": 4
                }
              }
            },
            "EnrollmentHello": {
              "fields": {
                "tokenId": {
                  "type": "string",
                  "id": 1
                },
                "publicKey": {
                  "type": "bytes",
                  "id": 2
                },
                "agentNonce": {
                  "type": "bytes",
                  "id": 3
                },
                "agentVersion": {
                  "type": "string",
                  "id": 4
                },
                "account": {
                  "type": "MachineAccount",
                  "id": 5
                },
                "previousPublicKey": {
                  "type": "bytes",
                  "id": 6
                },
                "asksRecognition": {
                  "type": "bool",
                  "id": 7
                },
                "tpm": {
                  "type": "TpmShown",
                  "id": 8
                }
              }
            },
            "EnrollmentChallenge": {
              "fields": {
                "coordinatorNonce": {
                  "type": "bytes",
                  "id": 1
                },
                "tpmCredential": {
                  "type": "TpmCredential",
                  "id": 2
                }
              }
            },
            "EnrollmentProof": {
              "fields": {
                "signature": {
                  "type": "bytes",
                  "id": 1
                },
                "tokenSignature": {
                  "type": "bytes",
                  "id": 2
                },
                "previousSignature": {
                  "type": "bytes",
                  "id": 3
                },
                "tpmAnswer": {
                  "type": "bytes",
                  "id": 4
                }
              }
            },
            "EnrollmentAccepted": {
              "fields": {
                "nodeId": {
                  "type": "string",
                  "id": 1
                },
                "nodeName": {
                  "type": "string",
                  "id": 2
                },
                "incarnation": {
                  "type": "uint32",
                  "id": 3
                },
                "certificate": {
                  "type": "string",
                  "id": 4
                },
                "caCertificate": {
                  "type": "string",
                  "id": 5
                }
              }
            },
            "EnrollmentAcknowledgement": {
              "fields": {
                "certificateSha256": {
                  "type": "bytes",
                  "id": 1
                }
              }
            },
            "EnrollmentCompleted": {
              "fields": {}
            },
            "FactsWanted": {
              "fields": {}
            },
            "FactsShown": {
              "fields": {
                "json": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "Session": {
              "methods": {
                "Connect": {
                  "requestType": "AgentFrame",
                  "requestStream": true,
                  "responseType": "CoordinatorFrame",
                  "responseStream": true
                }
              }
            },
            "AgentFrame": {
              "oneofs": {
                "frame": {
                  "oneof": [
                    "hello",
                    "heartbeat",
                    "accepted",
                    "progress",
                    "logLine",
                    "result",
                    "unknown",
                    "certificateRequest",
                    "sequenceKept",
                    "factsChange"
                  ]
                }
              },
              "fields": {
                "hello": {
                  "type": "SessionHello",
                  "id": 1
                },
                "heartbeat": {
                  "type": "Heartbeat",
                  "id": 2
                },
                "accepted": {
                  "type": "OperationAccepted",
                  "id": 3
                },
                "progress": {
                  "type": "OperationProgress",
                  "id": 4
                },
                "logLine": {
                  "type": "OperationLogLine",
                  "id": 5
                },
                "result": {
                  "type": "OperationResult",
                  "id": 6
                },
                "unknown": {
                  "type": "OperationUnknown",
                  "id": 7
                },
                "certificateRequest": {
                  "type": "CertificateRequest",
                  "id": 8
                },
                "sequenceKept": {
                  "type": "SequenceKept",
                  "id": 9
                },
                "factsChange": {
                  "type": "FactsChange",
                  "id": 10
                }
              }
            },
            "CoordinatorFrame": {
              "oneofs": {
                "frame": {
                  "oneof": [
                    "welcome",
                    "heartbeat",
                    "request",
                    "attach",
                    "cancel",
                    "acknowledged",
                    "certificate",
                    "mark"
                  ]
                }
              },
              "fields": {
                "epoch": {
                  "type": "uint32",
                  "id": 1
                },
                "welcome": {
                  "type": "SessionWelcome",
                  "id": 2
                },
                "heartbeat": {
                  "type": "Heartbeat",
                  "id": 3
                },
                "request": {
                  "type": "ActionRequest",
                  "id": 4
                },
                "attach": {
                  "type": "AttachOperation",
                  "id": 5
                },
                "cancel": {
                  "type": "CancelOperation",
                  "id": 6
                },
                "acknowledged": {
                  "type": "ResultAcknowledged",
                  "id": 7
                },
                "certificate": {
                  "type": "CertificateIssued",
                  "id": 8
                },
                "mark": {
                  "type": "CoordinatorMark",
                  "id": 9
                }
              }
            },
            "SessionHello": {
              "fields": {
                "nodeId": {
                  "type": "string",
                  "id": 1
                },
                "incarnation": {
                  "type": "uint32",
                  "id": 2
                },
                "agentVersion": {
                  "type": "string",
                  "id": 3
                },
                "bootId": {
                  "type": "string",
                  "id": 4
                },
                "machineId": {
                  "type": "string",
                  "id": 5
                },
                "factsDigest": {
                  "type": "string",
                  "id": 6
                },
                "operationIds": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 7
                },
                "known": {
                  "type": "CoordinatorMark",
                  "id": 10
                },
                "sequence": {
                  "type": "uint32",
                  "id": 11
                },
                "account": {
                  "type": "MachineAccount",
                  "id": 12
                }
              },
              "reserved": [
                [
                  8,
                  8
                ],
                [
                  9,
                  9
                ]
              ]
            },
            "SessionWelcome": {
              "fields": {
                "heartbeatIntervalMs": {
                  "type": "uint32",
                  "id": 2
                },
                "mark": {
                  "type": "CoordinatorMark",
                  "id": 3
                },
                "nextSequence": {
                  "type": "uint32",
                  "id": 4
                }
              },
              "reserved": [
                [
                  1,
                  1
                ]
              ]
            },
            "SequenceKept": {
              "fields": {
                "sequence": {
                  "type": "uint32",
                  "id": 1
                }
              }
            },
            "FactsChange": {
              "fields": {
                "baseDigest": {
                  "type": "string",
                  "id": 1
                },
                "digest": {
                  "type": "string",
                  "id": 2
                },
                "json": {
                  "type": "string",
                  "id": 3
                }
              }
            },
            "CoordinatorMark": {
              "fields": {
                "epoch": {
                  "type": "uint32",
                  "id": 1
                },
                "coordinatorId": {
                  "type": "string",
                  "id": 2
                },
                "revision": {
                  "type": "double",
                  "id": 3
                },
                "signature": {
                  "type": "bytes",
                  "id": 4
                }
              }
            },
            "Heartbeat": {
              "fields": {
                "sentAt": {
                  "type": "double",
                  "id": 1
                },
                "answers": {
                  "type": "double",
                  "id": 2
                }
              }
            },
            "OperationMode": {
              "values": {
                "OPERATION_MODE_UNSPECIFIED": 0,
                "INSPECT": 1,
                "RUN": 2
              }
            },
            "ActionRequest": {
              "oneofs": {
                "_byHand": {
                  "oneof": [
                    "byHand"
                  ]
                }
              },
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                },
                "mode": {
                  "type": "OperationMode",
                  "id": 2
                },
                "timeoutMs": {
                  "type": "uint32",
                  "id": 3
                },
                "action": {
                  "type": "Action",
                  "id": 4
                },
                "byHand": {
                  "type": "bool",
                  "id": 5,
                  "options": {
                    "proto3_optional": true
                  }
                }
              }
            },
            "AttachOperation": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "CancelOperation": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                },
                "reason": {
                  "type": "string",
                  "id": 2
                }
              }
            },
            "OperationAccepted": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "OperationUnknown": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "OperationProgress": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                },
                "message": {
                  "type": "string",
                  "id": 2
                },
                "waitingOn": {
                  "type": "string",
                  "id": 3
                },
                "waitingSince": {
                  "type": "double",
                  "id": 4
                },
                "waitingUntil": {
                  "type": "double",
                  "id": 5
                }
              }
            },
            "OperationLogLine": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                },
                "sequence": {
                  "type": "uint32",
                  "id": 2
                },
                "loggedAt": {
                  "type": "double",
                  "id": 3
                },
                "line": {
                  "type": "string",
                  "id": 4
                }
              }
            },
            "OperationResult": {
              "oneofs": {
                "outcome": {
                  "oneof": [
                    "inspection",
                    "completion",
                    "failure",
                    "answer",
                    "minted",
                    "byHand"
                  ]
                }
              },
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                },
                "inspection": {
                  "type": "Inspection",
                  "id": 2
                },
                "completion": {
                  "type": "Completion",
                  "id": 3
                },
                "failure": {
                  "type": "Failure",
                  "id": 4
                },
                "answer": {
                  "type": "Answer",
                  "id": 5
                },
                "minted": {
                  "type": "Minted",
                  "id": 6
                },
                "byHand": {
                  "type": "ByHand",
                  "id": 10
                },
                "startedAt": {
                  "type": "double",
                  "id": 7
                },
                "finishedAt": {
                  "type": "double",
                  "id": 8
                },
                "commandMs": {
                  "type": "double",
                  "id": 9
                }
              }
            },
            "Inspection": {
              "fields": {
                "satisfied": {
                  "type": "bool",
                  "id": 1
                },
                "changes": {
                  "rule": "repeated",
                  "type": "Change",
                  "id": 2
                },
                "probe": {
                  "type": "Probe",
                  "id": 3
                }
              }
            },
            "Probe": {
              "fields": {
                "outcome": {
                  "type": "ProbeOutcome",
                  "id": 1
                },
                "finding": {
                  "type": "string",
                  "id": 2
                },
                "evidence": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 3
                }
              }
            },
            "ProbeOutcome": {
              "values": {
                "PROBE_OUTCOME_UNSPECIFIED": 0,
                "DONE": 1,
                "NOT_STARTED": 2,
                "RUNNING": 3,
                "PARTIAL": 4,
                "CONFLICT": 5,
                "UNKNOWN": 6
              }
            },
            "ByHand": {
              "fields": {
                "script": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "Completion": {
              "fields": {
                "changed": {
                  "type": "bool",
                  "id": 1
                },
                "changes": {
                  "rule": "repeated",
                  "type": "Change",
                  "id": 2
                },
                "probe": {
                  "type": "Probe",
                  "id": 3
                }
              }
            },
            "Change": {
              "oneofs": {
                "_diff": {
                  "oneof": [
                    "diff"
                  ]
                }
              },
              "fields": {
                "subject": {
                  "type": "string",
                  "id": 1
                },
                "before": {
                  "type": "string",
                  "id": 2
                },
                "after": {
                  "type": "string",
                  "id": 3
                },
                "diff": {
                  "type": "string",
                  "id": 4,
                  "options": {
                    "proto3_optional": true
                  }
                }
              }
            },
            "Failure": {
              "fields": {
                "code": {
                  "type": "string",
                  "id": 1
                },
                "title": {
                  "type": "string",
                  "id": 2
                },
                "tried": {
                  "type": "string",
                  "id": 3
                },
                "reason": {
                  "type": "string",
                  "id": 4
                },
                "remedy": {
                  "type": "string",
                  "id": 5
                },
                "retryable": {
                  "type": "bool",
                  "id": 6
                },
                "evidence": {
                  "rule": "repeated",
                  "type": "string",
                  "id": 7
                },
                "blocks": {
                  "type": "bool",
                  "id": 8
                }
              }
            },
            "Answer": {
              "fields": {
                "json": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "Minted": {
              "fields": {
                "sealed": {
                  "type": "bytes",
                  "id": 1
                }
              }
            },
            "ResultAcknowledged": {
              "fields": {
                "operationId": {
                  "type": "string",
                  "id": 1
                }
              }
            },
            "CertificateRequest": {
              "fields": {}
            },
            "CertificateIssued": {
              "fields": {
                "certificate": {
                  "type": "string",
                  "id": 1
                }
              }
            }
          }
        }
      }
    }
  }
} as object as Parameters<typeof fromJSON>[0];
